"""The recognition model's vocabulary: finding its concepts by name, and the names most like one it does not know."""

from __future__ import annotations

import difflib
import itertools
from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api

from bot.clarifai import rpcs
from bot.clarifai.models import PUBLIC, locate
from bot.domain.blueprint import GENERAL_CONCEPT
from bot.usecases.ports import ModelConcept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.clarifai.calls import Calls
    from bot.domain.concepts import ModelRef

PAGE = 1000
MOST_SEARCHES = 6
ALIKE = 0.6  # difflib's ratio from which two names look like a typing error of each other

GENERAL = res.Model(
    id=GENERAL_CONCEPT.model_id,
    user_id="clarifai",
    app_id="main",
    model_version=res.ModelVersion(id=GENERAL_CONCEPT.version),
)


def find(calls: Calls, names: Sequence[str], model: ModelRef | None) -> Mapping[str, ModelConcept | None]:
    """Find the model's concept of each name, in any case; None where the model does not know it."""
    source = _source(calls, model)
    return {name: _named(_search(calls, source, name), name) for name in dict.fromkeys(names)}


def nearest(calls: Calls, name: str, model: ModelRef | None, limit: int) -> Sequence[str]:
    """The names most like `name`, nearest first, out of what at most six searches for its parts bring."""
    source = _source(calls, model)
    found: dict[str, float] = {}
    for part in _parts(name):
        for concept in _search(calls, source, part):
            found[concept.name] = difflib.SequenceMatcher(None, name.casefold(), concept.name.casefold()).ratio()
        if sum(likeness >= ALIKE for likeness in found.values()) >= limit:
            break
    return sorted(found, key=lambda known: (-found[known], known))[:limit]


def words(calls: Calls) -> Iterator[Sequence[str]]:
    """Every name of the general model, page by page."""
    for page in itertools.count(1):
        query = res.ConceptQuery(name="*", model=GENERAL, ignore_app_concepts=True)
        request = api.PostConceptsSearchesRequest(
            user_app_id=PUBLIC, concept_query=query, pagination=api.Pagination(page=page, per_page=PAGE)
        )
        found = calls.send(rpcs.SEARCH_CONCEPTS, request).concepts
        if not found:
            return
        yield [concept.name for concept in found]


def _parts(name: str) -> Sequence[str]:
    """The name, its words and ever shorter beginnings: a typing error seldom stands in the first letters."""
    whole = " ".join(name.split())
    parts = [whole, *whole.split(), *(whole[:length] for length in (5, 3, 2, 1) if length < len(whole))]
    return list(dict.fromkeys(part.strip() for part in parts))[:MOST_SEARCHES]


def _source(calls: Calls, model: ModelRef | None) -> res.Model:
    return locate(calls, model) if model else GENERAL


def _search(calls: Calls, source: res.Model, name: str) -> Iterator[ModelConcept]:
    query = res.ConceptQuery(name=name, model=source, ignore_app_concepts=True)
    request = api.PostConceptsSearchesRequest(
        user_app_id=calls.scope, concept_query=query, pagination=api.Pagination(page=1, per_page=PAGE)
    )
    for found in calls.send(rpcs.SEARCH_CONCEPTS, request).concepts:
        yield ModelConcept(found.id, found.name, found.app_id or source.app_id)


def _named(concepts: Iterator[ModelConcept], name: str) -> ModelConcept | None:
    return next((concept for concept in concepts if concept.name.casefold() == name.casefold()), None)
