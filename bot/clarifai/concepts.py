"""The app's own concepts, its knowledge graphs, and the relations to the model's concepts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api

from bot.clarifai import rpcs
from bot.clarifai.batches import cut
from bot.domain.errors import AlreadyExists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.clarifai.calls import Calls
    from bot.domain.concepts import Concept
    from bot.usecases.ports import RelationPlan

PAGE = 1000
MOST_CONCEPTS = 128  # in one PostConcepts
Edge = tuple[str, str, str, str]  # subject, predicate, object, graph


def ensure(calls: Calls, concepts: Sequence[Concept]) -> None:
    """Create those of `concepts` that are not there yet."""

    def once() -> None:
        there = set(_ids(calls))
        missing = [concept for concept in concepts if concept.id not in there]
        for some in cut(missing, MOST_CONCEPTS):
            made = [res.Concept(id=concept.id, name=concept.name) for concept in some]
            calls.send(rpcs.POST_CONCEPTS, api.PostConceptsRequest(user_app_id=calls.scope, concepts=made))

    calls.converge(once)


def ensure_graph(calls: Calls, graph: str) -> None:
    """Create the knowledge graph unless it exists; the app's global graph has no id and is always there."""
    if not graph:
        return
    there = calls.send(rpcs.LIST_GRAPHS, api.ListKnowledgeGraphsRequest(user_app_id=calls.scope)).knowledge_graphs
    if graph in {one.id for one in there}:
        return
    made = res.KnowledgeGraph(id=graph, name=graph)
    try:
        calls.send(rpcs.POST_GRAPHS, api.PostKnowledgeGraphsRequest(user_app_id=calls.scope, knowledge_graphs=[made]))
    except AlreadyExists:
        return


def ensure_relations(calls: Calls, relations: Sequence[RelationPlan]) -> None:
    """Create those of `relations` that are not there yet.

    A relation is known by its two ends, predicate and graph: Clarifai gives it an id of its own.
    """

    def once() -> None:
        there = set(_edges(calls))
        missing = {_edge(plan): plan for plan in relations if _edge(plan) not in there}
        by_subject = itertools.groupby(sorted(missing.values(), key=_edge), key=lambda plan: plan.subject_id)
        for subject, plans in by_subject:
            request = api.PostConceptRelationsRequest(
                user_app_id=calls.scope, concept_id=subject, concept_relations=[_relation(plan) for plan in plans]
            )
            calls.send(rpcs.POST_RELATIONS, request)

    calls.converge(once)


def remove_relations(calls: Calls, subject_ids: Sequence[str]) -> None:
    """Delete every stored relation of these concepts of the app; what is gone already is no error."""

    def once() -> None:
        for subject in subject_ids:
            ids = [one.id for one in _relations(calls) if one.subject_concept.id == subject]
            if ids:
                request = api.DeleteConceptRelationsRequest(user_app_id=calls.scope, concept_id=subject, ids=ids)
                calls.send(rpcs.DELETE_RELATIONS, request)

    calls.converge(once)


def _edge(plan: RelationPlan) -> Edge:
    return plan.subject_id, plan.predicate.value, plan.object.id, plan.graph


def _relation(plan: RelationPlan) -> res.ConceptRelation:
    """Name the object by id and app only, as Clarifai's own example does."""
    return res.ConceptRelation(
        object_concept=res.Concept(id=plan.object.id, app_id=plan.object.app_id),
        predicate=plan.predicate.value,
        knowledge_graph_id=plan.graph,
    )


def _edges(calls: Calls) -> Iterator[Edge]:
    for one in _relations(calls):
        yield one.subject_concept.id, one.predicate, one.object_concept.id, one.knowledge_graph_id


def _relations(calls: Calls) -> Iterator[res.ConceptRelation]:
    """List every stored relation; without a concept id Clarifai leaves out the inverse ones it derives."""
    for page in itertools.count(1):
        request = api.ListConceptRelationsRequest(user_app_id=calls.scope, page=page, per_page=PAGE)
        found = calls.send(rpcs.LIST_RELATIONS, request).concept_relations
        if not found:
            return
        yield from found


def _ids(calls: Calls) -> Iterator[str]:
    for page in itertools.count(1):
        request = api.ListConceptsRequest(user_app_id=calls.scope, page=page, per_page=PAGE)
        found = calls.send(rpcs.LIST_CONCEPTS, request).concepts
        if not found:
            return
        yield from (concept.id for concept in found)
