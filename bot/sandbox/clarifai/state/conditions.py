"""Filters of a search as conditions of the database; a field that is not set asks nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Concept, Filter, Input, TimeRange
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

from bot.sandbox.clarifai.answers import invalid


@dataclass(frozen=True)
class Condition:
    """A piece of WHERE over annotations `a` (and inputs `i` when it needs them) with its parameters."""

    text: str
    parameters: tuple[object, ...] = ()
    needs_input: bool = False


ALWAYS = Condition("1")


def all_of(parts: Iterable[Condition]) -> Condition:
    return _joined(" AND ", [*parts])


def any_of(parts: Iterable[Condition]) -> Condition:
    return _joined(" OR ", [*parts])


def equal(column: str, value: object, *, needs_input: bool = False) -> list[Condition]:
    """No condition for the zero value, which is absent on the wire."""
    return [Condition(f"{column} = ?", (value,), needs_input)] if value else []


def one_of(column: str, values: Iterable[object]) -> list[Condition]:
    listed = tuple(values)
    return [Condition(f"{column} IN ({', '.join('?' * len(listed))})", listed)] if listed else []


def filtered(wanted: Filter) -> Condition:
    """All fields of one filter must hold; `negate` flips the whole."""
    whole = all_of([*of_annotation(wanted.annotation), *of_input(wanted.input), *of_time(wanted)])
    return Condition(f"NOT ({whole.text})", whole.parameters, whole.needs_input) if wanted.negate else whole


def of_annotation(wanted: Annotation) -> list[Condition]:
    if wanted.data.clusters or wanted.data.HasField("geo") or wanted.data.frames or wanted.data.time_segments:
        invalid("filters by cluster, place, frame or time segment are not built")
    return [
        *equal("a.id", wanted.id),
        *equal("a.input_id", wanted.input_id),
        *equal("a.model_version", wanted.model_version_id or wanted.worker.model.model_version.id),
        *equal("a.workflow_version", wanted.worker.workflow.version.id),
        *equal("a.task", wanted.task_id),
        *equal("a.worker", wanted.user_id),
        *equal("a.worker", wanted.worker.user.id),
        *equal("a.status", wanted.status.code),
        *equal("a.input_level", wanted.input_level),
        *equal("a.trusted", wanted.trusted),
        *_pairs("a.info", wanted.annotation_info, needs_input=False),
        *_pairs("i.metadata", wanted.data.metadata, needs_input=True),
        *(_concept(concept) for concept in wanted.data.concepts),
        *(_concept(concept) for region in wanted.data.regions for concept in region.data.concepts),
    ]


def of_input(wanted: Input) -> list[Condition]:
    if wanted.data.HasField("video") or wanted.data.HasField("audio") or wanted.data.HasField("text"):
        return [Condition("0")]  # this platform takes images only
    return [
        *equal("i.id", wanted.id, needs_input=True),
        *equal("i.code", wanted.status.code, needs_input=True),
        *_pairs("i.metadata", wanted.data.metadata, needs_input=True),
        *([_in_datasets([*wanted.dataset_ids])] if wanted.dataset_ids else []),
    ]


def of_time(wanted: Filter) -> list[Condition]:
    """Both ends belong to the range; either may be missing."""
    span: TimeRange = wanted.last_updated_time_range
    parts = []
    if span.HasField("start_time"):
        parts.append(Condition("a.modified >= ?", (span.start_time.ToMicroseconds(),)))
    if span.HasField("end_time"):
        parts.append(Condition("a.modified <= ?", (span.end_time.ToMicroseconds(),)))
    return parts


def _concept(wanted: Concept) -> Condition:
    """One concept by id or name; a value asks for positives, none for either (0 and unset are the same bytes)."""
    parts = all_of(
        [*equal("c.id", wanted.id), *equal("c.name", wanted.name), Condition("c.value > 0 OR ? = 0", (wanted.value,))]
    )
    return Condition(
        f"EXISTS (SELECT 1 FROM annotation_concepts AS c WHERE c.annotation = a.seq AND {parts.text})",  # noqa: S608 - marks
        parts.parameters,
    )


def _pairs(column: str, wanted: Struct, *, needs_input: bool) -> list[Condition]:
    """Keys and values of a Struct are OR-ed, as the proto says."""
    pairs = MessageToDict(wanted)
    held = f"EXISTS (SELECT 1 FROM json_each({column}) AS held WHERE held.key = ? AND held.value = ?)"  # noqa: S608 - ours
    return (
        [any_of([Condition(held, (key, _plain(value)), needs_input) for key, value in pairs.items()])] if pairs else []
    )


def _plain(value: object) -> object:
    """What SQLite's json_each shows for a JSON value."""
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict | list) else value


def _in_datasets(datasets: list[str]) -> Condition:
    """Data sets are not built, so no input is in one."""
    return Condition("0 = ?", (len(datasets),))


def _joined(word: str, parts: list[Condition]) -> Condition:
    if not parts:
        return ALWAYS
    return Condition(
        word.join(f"({part.text})" for part in parts),
        tuple(value for part in parts for value in part.parameters),
        any(part.needs_input for part in parts),
    )
