"""Reading annotations to the end, whatever shifts meanwhile, and writing them in few requests."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_pb2 import Status
from google.protobuf.timestamp_pb2 import Timestamp

from bot.clarifai import rpcs
from bot.clarifai.batches import cut, deliver
from bot.clarifai.calls import PARTLY, per_item
from bot.clarifai.wire import CODES, STANDING, annotation_from, annotation_to, input_from
from bot.domain.errors import NotFound, PlatformUnavailable
from bot.usecases.ports import Seen, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.clarifai.calls import Calls
    from bot.clarifai.rpcs import Q, Rpc
    from bot.domain.annotations import Annotation, AnnotationStatus
    from bot.domain.errors import PlatformError
    from bot.usecases.ports import AnnotationWrite

PAGE = 1000  # items; Clarifai's largest page
MOST_PATCHES = 128  # annotations in one PatchAnnotations or PostAnnotations
MOST_SWEEPS = 5
MOST_PAGES = 10_000  # a service that never comes to an end

Key = tuple[str, str]  # annotation id, input id


def changed(calls: Calls, user_id: str, since: datetime | None) -> Iterator[Sequence[Seen]]:
    """Page through the annotations of `user_id` that changed at or after `since`.

    Pages are numbered, so an annotation that moves while they are read can slip from an unread page to a read one.
    Whenever more than one page was there, or a full one, everything is therefore read and handed on again until two
    sweeps brought the same. Memory: a few pages, however many there are.
    """
    before: int | None = None
    for _ in range(MOST_SWEEPS):
        brought = 0
        sizes: list[int] = []
        for size, page in _sweep(calls, _search(user_id, since)):
            sizes.append(size)
            brought += sum(_version(one.annotation) for one in page)
            if mine := [one for one in page if one.annotation.user_id == user_id]:
                yield mine
        at_most_one_short_page = len(sizes) <= 1 and sum(sizes) < PAGE
        if at_most_one_short_page or brought == before:
            return
        before = brought


def read(calls: Calls, keys: Sequence[tuple[str, str]]) -> Mapping[str, Annotation]:
    """Read annotations by (annotation id, input id); those that are gone are left out.

    Raises:
        PlatformError: reading failed for another reason than that one is gone.
    """

    def listed(pairs: Sequence[tuple[str, str]]) -> Sequence[Annotation | None]:
        request = api.ListAnnotationsRequest(
            user_app_id=calls.scope,
            ids=[annotation_id for annotation_id, _ in pairs],
            input_ids=[input_id for _, input_id in pairs],
            list_all_annotations=True,
            page=1,
            per_page=PAGE,
        )
        return [annotation_from(found) for found in calls.send(rpcs.LIST_ANNOTATIONS, request).annotations]

    def gone(_pair: tuple[str, str], error: PlatformError) -> Annotation | None:
        if isinstance(error, NotFound):
            return None
        raise error

    pairs = list(dict.fromkeys(keys))
    found = deliver(cut(pairs, PAGE), listed, gone, most_splits=len(pairs))
    return {annotation.id: annotation for annotation in found if annotation}


def add(calls: Calls, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
    """Add annotations under our own ids, at most 128 in a request; one result each, in the order of `writes`."""
    return deliver(cut(writes, MOST_PATCHES), partial(_post, calls), _unwritten)


def write(calls: Calls, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
    """Overwrite annotations, at most 128 in a request; one result each, in the order of `writes`.

    Those that change their status only go in requests of their own: there `merge` keeps the data that stands.
    """
    results: dict[int, Written] = {}
    for action, wanted in (("overwrite", True), ("merge", False)):
        places = [place for place, one in enumerate(writes) if bool(one.state.suggestions) is wanted]
        chosen = [writes[place] for place in places]
        written = deliver(cut(chosen, MOST_PATCHES), partial(_patch, calls, action), _unwritten)
        results.update(zip(places, written, strict=True))
    return [results[place] for place in range(len(writes))]


def count(calls: Calls, user_id: str, status: AnnotationStatus) -> int:
    """Count the annotations of `user_id` in `status`; Clarifai has no cheaper way than to list them."""
    return sum(not one.input_level for page in _listed(calls, user_id, status) for one in page)


def _patch(calls: Calls, action: str, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
    request = api.PatchAnnotationsRequest(
        user_app_id=calls.scope, annotations=[annotation_to(one) for one in writes], action=action
    )
    return _sent(calls, rpcs.PATCH_ANNOTATIONS, _by_id, request, writes)


def _post(calls: Calls, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
    request = api.PostAnnotationsRequest(user_app_id=calls.scope, annotations=[annotation_to(one) for one in writes])
    return _sent(calls, rpcs.POST_ANNOTATIONS, _as_asked, request, writes)


def _as_asked(answers: Sequence[res.Annotation], writes: Sequence[AnnotationWrite]) -> Mapping[Key, res.Annotation]:
    """Take the answers in the order asked: whether Clarifai keeps an id that is given to it is not confirmed."""
    if len(answers) != len(writes):
        return _by_id(answers, writes)
    return {(one.id, one.input_id): answer for one, answer in zip(writes, answers, strict=True)}


def _by_id(answers: Sequence[res.Annotation], _writes: Sequence[AnnotationWrite]) -> Mapping[Key, res.Annotation]:
    return {(found.id, found.input_id): found for found in answers}


def _sent(
    calls: Calls,
    rpc: Rpc[Q, api.MultiAnnotationResponse],
    sort: Callable[[Sequence[res.Annotation], Sequence[AnnotationWrite]], Mapping[Key, res.Annotation]],
    request: Q,
    writes: Sequence[AnnotationWrite],
) -> Sequence[Written]:
    reply = calls.send(rpc, request, judged_by=per_item)
    if not reply.annotations and reply.status.code in PARTLY:
        raise calls.error_of(rpc.name, reply.status)
    answers = sort(reply.annotations, writes)
    return [_written(calls, rpc.name, one, answers.get((one.id, one.input_id))) for one in writes]


def _written(calls: Calls, rpc_name: str, one: AnnotationWrite, answer: res.Annotation | None) -> Written:
    if answer is None:
        return _unwritten(one, PlatformUnavailable(f"Clarifai did not say what became of annotation {one.id}."))
    if answer.status.code in STANDING:
        return Written(one.id, annotation_from(answer))
    return _unwritten(one, calls.error_of(rpc_name, answer.status))


def _unwritten(one: AnnotationWrite, error: PlatformError) -> Written:
    return Written(one.id, error=error)


def _search(user_id: str, since: datetime | None) -> res.Query:
    """Ask for what `user_id` wrote; input-level annotations are kept out by turning that filter round."""
    filters = [
        res.Filter(annotation=res.Annotation(user_id=user_id)),
        res.Filter(negate=True, annotation=res.Annotation(input_level=True)),
    ]
    if since:
        start = Timestamp()
        start.FromDatetime(since)
        filters.append(res.Filter(last_updated_time_range=res.TimeRange(start_time=start)))
    return res.Query(filters=filters)


def _sweep(calls: Calls, query: res.Query) -> Iterator[tuple[int, list[Seen]]]:
    """Yield page after page with the size it came in, until one is empty, or is the one before or the first again."""
    first: frozenset[Key] = frozenset()
    last = first
    for page in range(1, MOST_PAGES):
        request = api.PostAnnotationsSearchesRequest(
            user_app_id=calls.scope,
            searches=[res.Search(query=query)],
            pagination=api.Pagination(page=page, per_page=PAGE),
        )
        hits = calls.send(rpcs.SEARCH_ANNOTATIONS, request).hits
        found = [seen(hit) for hit in hits]
        keys = frozenset((one.annotation.id, one.annotation.input_id) for one in found)
        if keys <= last or keys <= first:
            return
        first, last = first or keys, keys
        yield len(hits), [one for hit, one in zip(hits, found, strict=True) if not hit.annotation.input_level]


def seen(hit: res.Hit) -> Seen:
    annotation = annotation_from(hit.annotation)
    facts = input_from(hit.input)
    return Seen(annotation if annotation.input_id else replace(annotation, input_id=facts.id), facts)


def _version(annotation: Annotation) -> int:
    return hash((annotation.id, annotation.input_id, annotation.modified_at))


def _listed(calls: Calls, user_id: str, status: AnnotationStatus) -> Iterator[Sequence[res.Annotation]]:
    for page in itertools.count(1):
        request = api.ListAnnotationsRequest(
            user_app_id=calls.scope,
            user_ids=[user_id],
            statuses=[Status(code=CODES[status])],
            list_all_annotations=True,
            page=page,
            per_page=PAGE,
        )
        found = calls.send(rpcs.LIST_ANNOTATIONS, request).annotations
        if not found:
            return
        yield found
