"""The three operator models of auto-annotation, as pure functions of concepts."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Concept, ConceptRelation, Data, OutputInfo, User, Worker
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf.struct_pb2 import Struct

from bot.sandbox.clarifai.answers import Code, Refusal, status
from bot.sandbox.clarifai.switches import Switches

MAPPER: Final = "concept-synonym-mapper"
THRESHOLDER: Final = "concept-thresholder"
WRITER: Final = "annotation-writer"

Comparator = Literal[
    "GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "EQUAL"
]  # ValueComparator of the proto, in its order: numbers 1 to 5
COMPARATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "GREATER_THAN": operator.gt,
    "GREATER_THAN_OR_EQUAL": operator.ge,
    "LESS_THAN": operator.lt,
    "LESS_THAN_OR_EQUAL": operator.le,
    "EQUAL": operator.eq,
}
WRITABLE: Final = (  # what the portal's writer offers; REVIEW_DENIED is not among them
    codes.ANNOTATION_SUCCESS,
    codes.ANNOTATION_PENDING,
    codes.ANNOTATION_AWAITING_REVIEW,
    codes.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
)


def mapped(
    incoming: Iterable[Concept],
    relations: Sequence[ConceptRelation],
    own: Mapping[str, Concept],
    *,
    hyponyms: bool,
) -> list[Concept]:
    """The app's own concepts that a relation ties to an incoming one, each with the highest value that reached it.

    Every predicate is followed: the walkthrough maps by synonym and says of the same model "hypernyms and hyponyms are
    supported as well". A hypernym is plain inference: `vehicle` is a parent of `car`, so a car is a vehicle. A hyponym
    (`puppy` is a kind of `dog`) is none, since a dog may be no puppy; but the only thing that relation can mean to a
    mapper whose output is the app's concepts is that a dog makes `puppy` a candidate, with the dog's value, for the
    thresholds and people to judge. `hyponyms=False` is the other reading: such an edge maps nothing.

    A relation stored the other way round counts as its documented opposite (hyponym for hypernym, synonym for itself).

    Source: proto, `ConceptRelation.predicate`; Clarifai, "Auto Annotation", concept mapper section.
    """
    best: dict[str, float] = {}
    values = {concept.id: concept.value for concept in incoming}
    for source, target, predicate in _edges(relations):
        if source in values and target in own and (hyponyms or predicate != "hyponym"):
            best[target] = max(best.get(target, 0.0), values[source])
    return [_with_value(own[identifier], value) for identifier, value in best.items()]


def _edges(relations: Iterable[ConceptRelation]) -> Iterable[tuple[str, str, str]]:
    """(from, to, what `to` is of `from`'s) in both directions of every relation."""
    opposite = {"synonym": "synonym", "hypernym": "hyponym", "hyponym": "hypernym"}
    for relation in relations:
        subject, target = relation.subject_concept.id, relation.object_concept.id
        yield target, subject, relation.predicate
        yield subject, target, opposite.get(relation.predicate, relation.predicate)


def passed(incoming: Iterable[Concept], model: OutputInfo, switches: Switches) -> list[Concept]:
    """The concepts whose value holds against the model's cut for them, both as the float32 they are on the wire.

    NaN passes no comparator.
    """
    name = comparator_of(model.params)
    holds = COMPARATORS[name]
    if name == "GREATER_THAN" and switches.greater_than == "inclusive":
        holds = operator.ge
    cuts = {concept.id: concept.value for concept in model.data.concepts}
    unlisted = switches.unlisted_concept == "passed"
    return [
        concept for concept in incoming if (holds(concept.value, cuts[concept.id]) if concept.id in cuts else unlisted)
    ]


def comparator_of(params: Struct) -> Comparator:
    """The comparator by its name or by its number in the proto.

    Raises:
        Refusal: it is neither.
    """
    given = _param(params, "concept_threshold_type")
    names = list(COMPARATORS)
    if isinstance(given, float) and given.is_integer() and 1 <= given <= len(names):
        given = names[int(given) - 1]
    match given:
        case "GREATER_THAN" | "GREATER_THAN_OR_EQUAL" | "LESS_THAN" | "LESS_THAN_OR_EQUAL" | "EQUAL":
            return given
        case _:
            raise Refusal(codes.MODEL_INVALID_ARGUMENT, f"concept_threshold_type {given!r} is not one of {names}")


def check_thresholds(model: OutputInfo, switches: Switches) -> None:
    """Refuse a thresholder that could not work.

    Raises:
        Refusal: no comparator, or a cut that is not a number, negative, or above 1 where that is refused.
    """
    comparator_of(model.params)
    for concept in model.data.concepts:
        above = concept.value > 1 and switches.threshold_above_one == "refused"
        if math.isnan(concept.value) or concept.value < 0 or above:
            raise Refusal(codes.MODEL_INVALID_ARGUMENT, f"threshold {concept.value} of '{concept.id}' is out of range")


def written_status(params: Struct) -> Code:
    """The status a writer gives, from its number or its name.

    Raises:
        Refusal: it is not one that a writer may give.
    """
    given = _param(params, "annotation_status")
    by_name = {codes.StatusCode.Name(code): code for code in WRITABLE}
    code = by_name.get(given, 0) if isinstance(given, str) else given
    if not isinstance(code, int | float) or code not in WRITABLE:
        raise Refusal(codes.MODEL_INVALID_ARGUMENT, f"annotation_status {given!r} cannot be written by a model")
    return int(code)


def written_user(params: Struct) -> str:
    given = _param(params, "annotation_user_id")
    return given if isinstance(given, str) else ""


def drafts(incoming: Data, model: OutputInfo, owner: str, switches: Switches) -> list[Annotation]:
    """What a writer makes of the data that reaches it, as if the named user (else the app's owner) had made it."""
    user = written_user(model.params) or owner
    draft = Annotation(status=status(written_status(model.params)))
    if switches.writer_user != "worker":
        draft.user_id = user
    if switches.writer_user != "user_id":
        draft.worker.CopyFrom(Worker(user=User(id=user)))
    draft.trusted = True
    if isinstance(info := _param(model.params, "annotation_info"), dict):
        draft.annotation_info.update(info)
    if isinstance(task := _param(model.params, "task_id"), str):
        draft.task_id = task
    shapes = (
        [[concept] for concept in incoming.concepts] if switches.writer_shape == "one each" else [incoming.concepts]
    )
    made = []
    for concepts in shapes:
        one = Annotation()
        one.CopyFrom(draft)
        one.data.concepts.extend(concepts)
        made.append(one)
    return made


def _param(params: Struct, name: str) -> object:
    if name not in params.fields:
        return None
    value = params[name]
    return _plain(value) if isinstance(value, Struct) else value


def _plain(value: Struct) -> dict[str, object]:
    return {key: _plain(inner) if isinstance(inner, Struct) else inner for key, inner in value.items()}


def _with_value(concept: Concept, value: float) -> Concept:
    return Concept(id=concept.id, name=concept.name, value=value, app_id=concept.app_id)
