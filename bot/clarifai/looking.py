"""Looking things up, a page at a time: what an app holds, and the pictures that carry a concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from bot.clarifai import rpcs
from bot.clarifai.labelling import seen
from bot.clarifai.wire import CODES, input_from
from bot.domain.annotations import AnnotationStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clarifai.calls import Calls
    from bot.usecases.ports import Holding, InputFacts, Seen


def holdings(calls: Calls, user_id: str, wanted: Holding) -> Sequence[Seen]:
    """Read one page of the annotations of `user_id`, oldest first, as Clarifai orders them."""
    annotation = res.Annotation(user_id=user_id)
    if wanted.status:
        annotation.status.CopyFrom(Status(code=CODES[wanted.status]))
    if wanted.concept_id:
        annotation.data.concepts.append(res.Concept(id=wanted.concept_id))
    query = res.Query(
        filters=[
            res.Filter(annotation=annotation),
            res.Filter(negate=True, annotation=res.Annotation(input_level=True)),
        ]
    )
    request = api.PostAnnotationsSearchesRequest(
        user_app_id=calls.scope, searches=[res.Search(query=query)], pagination=_page(wanted)
    )
    return [seen(hit) for hit in calls.send(rpcs.SEARCH_ANNOTATIONS, request).hits]


def pictures_of(calls: Calls, wanted: Holding) -> Sequence[InputFacts]:
    """Read one page of the inputs that carry a concept as a positive label, oldest first."""
    labelled = res.Annotation(status=Status(code=CODES[AnnotationStatus.SUCCESS]))
    labelled.data.concepts.append(res.Concept(id=wanted.concept_id, value=1.0))  # a value asks for positives
    search = res.Search(query=res.Query(filters=[res.Filter(annotation=labelled)]))
    request = api.PostInputsSearchesRequest(user_app_id=calls.scope, searches=[search], pagination=_page(wanted))
    return [input_from(hit.input) for hit in calls.send(rpcs.SEARCH_INPUTS, request).hits]


def _page(wanted: Holding) -> api.Pagination:
    return api.Pagination(page=wanted.page, per_page=wanted.per_page)
