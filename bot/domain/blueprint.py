"""The walkthrough as data: which models, nodes and parameters make images label themselves.

Source: Clarifai, "Auto Annotation"; the ids of the General nodes are those of the published example.
The graph has three thresholders: mapper -> floor -> (accept -> write success | below accept -> write pending).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.concepts import ModelRef
    from bot.domain.thresholds import ConceptThreshold

WORKFLOW_ID = "annotate-bot"
WRITER_MARK = "annotate-bot"  # in annotation_info of everything our writers write


class ModelKind(StrEnum):
    """Clarifai's operator models, by their model type id."""

    MAPPER = "concept-synonym-mapper"
    THRESHOLDER = "concept-thresholder"
    WRITER = "annotation-writer"


class Comparison(StrEnum):
    """How a thresholder compares a value with its cut; names of Clarifai's enum ValueComparator."""

    AT_LEAST = "GREATER_THAN_OR_EQUAL"
    BELOW = "LESS_THAN"
    ABOVE = "GREATER_THAN"
    AT_MOST = "LESS_THAN_OR_EQUAL"


class Branching(StrEnum):
    """How the values from the floor up are divided at accept; all three divide them alike, as far as they can.

    USUAL is one cut with GREATER_THAN_OR_EQUAL and LESS_THAN, and a concept that is off has a cut above 1. Where
    Clarifai takes no such cut, WITHIN_ONE compares with the float32 just below accept, by GREATER_THAN and
    LESS_THAN_OR_EQUAL, and 1 itself is off; it needs a strict GREATER_THAN. ALL_OFF has no accepting branch at all.
    """

    USUAL = "usual"
    WITHIN_ONE = "within one"
    ALL_OFF = "all off"


@dataclass(frozen=True)
class ModelPlan:
    """One operator model: what it is, the cut of each concept if it is a thresholder, and its parameters."""

    id: str
    kind: ModelKind
    cuts: tuple[tuple[str, float], ...] = ()
    params: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class NodePlan:
    """One node of the workflow; `version` is empty for our own models until the version is known."""

    id: str
    model_id: str
    version: str = ""
    inputs: tuple[str, ...] = ()


# The public app clarifai/main; embed, concept and cluster have no inputs, as published.
GENERAL_EMBED = NodePlan("general-embed", "bbb5f41425b8468d9b7a554ff10f8581", "bb186755eda04f9cbb6fe32e816be104")
GENERAL_CONCEPT = NodePlan("general-concept", "aaa03c23b3724a16a56b629203edc62c", "aa7f35c01e0642fda5cf400f543e7c40")
GENERAL_CLUSTER = NodePlan("general-cluster", "cccbe437d6e54e2bb911c6aa292fb072", "cc2074cff6dc4c02b6f4e1b8606dcb54")

MAPPER_ID = "annotate-mapper"
FLOOR_ID = "annotate-floor"
ACCEPT_ID = "annotate-accept"
BELOW_ID = "annotate-below-accept"
WRITE_SUCCESS_ID = "annotate-write-success"
WRITE_PENDING_ID = "annotate-write-pending"


def thresholders(
    cuts: Iterable[ConceptThreshold], branching: Branching = Branching.USUAL
) -> tuple[ModelPlan, ModelPlan, ModelPlan]:
    """Plan the floor and the two sides of accept; every concept is listed in each, in the order of its id.

    With ALL_OFF the two sides are planned as usual, and `nodes` uses neither.
    """
    ordered = sorted(cuts, key=lambda c: c.concept_id)
    floors = tuple((c.concept_id, c.floor) for c in ordered)
    within_one = branching is Branching.WITHIN_ONE
    accepts = tuple((c.concept_id, just_below(c) if within_one else c.accept) for c in ordered)
    over, under = (Comparison.ABOVE, Comparison.AT_MOST) if within_one else (Comparison.AT_LEAST, Comparison.BELOW)
    return (
        _thresholder(FLOOR_ID, Comparison.AT_LEAST, floors),
        _thresholder(ACCEPT_ID, over, accepts),
        _thresholder(BELOW_ID, under, accepts),
    )


def just_below(cut: ConceptThreshold) -> float:
    """Return the largest float32 that `cut` does not accept: 1.0 when it is off, else the one before its accept."""
    if cut.is_off:
        return 1.0
    return float(np.nextafter(np.float32(cut.accept), np.float32(0)))


def mapper(graph: str) -> ModelPlan:
    """Plan the mapper from the model's concepts to the app's own; an empty `graph` follows global relations."""
    return ModelPlan(MAPPER_ID, ModelKind.MAPPER, params=(("knowledge_graph_id", graph),))


def writers(user_id: str) -> tuple[ModelPlan, ModelPlan]:
    """Plan "success as me" and "pending as me"; `user_id` must be the app's owner."""
    return (
        _writer(WRITE_SUCCESS_ID, "ANNOTATION_SUCCESS", user_id),
        _writer(WRITE_PENDING_ID, "ANNOTATION_PENDING", user_id),
    )


def nodes(
    versions: Mapping[str, str], model: ModelRef | None, branching: Branching = Branching.USUAL
) -> Sequence[NodePlan]:
    """List the nodes of the workflow; `versions` gives the version of each of our models by model id.

    With a `model` of the team's choice it takes the place of General's concept model and the embed and cluster nodes
    of General stay, since they only serve search.
    """
    concept = NodePlan(GENERAL_CONCEPT.id, model.id, model.version) if model else GENERAL_CONCEPT
    own = [
        ("mapper", MAPPER_ID, concept.id),
        ("floor", FLOOR_ID, "mapper"),
        ("accept", ACCEPT_ID, "floor"),
        ("write-success", WRITE_SUCCESS_ID, "accept"),
        ("below-accept", BELOW_ID, "floor"),
        ("write-pending", WRITE_PENDING_ID, "below-accept"),
    ]
    if branching is Branching.ALL_OFF:
        own = [*own[:2], ("write-pending", WRITE_PENDING_ID, "floor")]
    return [
        GENERAL_EMBED,
        concept,
        GENERAL_CLUSTER,
        *(NodePlan(node, model_id, versions[model_id], (source,)) for node, model_id, source in own),
    ]


def _thresholder(model_id: str, comparison: Comparison, cuts: tuple[tuple[str, float], ...]) -> ModelPlan:
    return ModelPlan(model_id, ModelKind.THRESHOLDER, cuts, (("concept_threshold_type", comparison.value),))


def _writer(model_id: str, status: str, user_id: str) -> ModelPlan:
    params = (
        ("annotation_status", status),
        ("annotation_user_id", user_id),
        ("annotation_info", {"written_by": WRITER_MARK}),
    )
    return ModelPlan(model_id, ModelKind.WRITER, params=params)
