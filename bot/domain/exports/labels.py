"""From what is known of a picture to its labels: one line per concept, and nothing of what people are being asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.exports.splits import split_of
from bot.domain.reviews import OPEN, ReviewKind, ReviewState, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Region = tuple[float, float, float, float]  # top, left, bottom, right in shares of height and width
DIGITS = 8  # of a value: enough to tell any two float32 values above 0.1 apart


class Source(StrEnum):
    """Where a label comes from. CHECK: the workflow labelled it, and a person looked and agreed or did not."""

    HUMAN = "human"
    AUTO = "auto"
    CHECK = "check"


class Told(NamedTuple):
    """One suggestion of the model about one picture, as the tables hold it.

    Words of `ReviewKind`, `ReviewState` and `Verdict` stand as they are stored: these come by the hundred thousand.
    """

    input_id: str
    file_name: str
    permalink: str
    sha256: str
    concept_id: str
    concept: str
    kind: str
    lane: str
    state: str
    verdict: str | None
    value: float
    probability: float
    decided_by: str
    decided_at: datetime | None
    revision: int
    mapper_version: str
    is_closed: bool  # its annotation was decided, changed or deleted in Clarifai
    region: Region | None


class LabelLine(NamedTuple):
    """One picture and one concept; None where there is nothing to say."""

    sha256: str | None
    permalink: str | None
    input_id: str
    file_name: str
    concept: str
    label: int | None
    source: str | None
    model_value: float | None
    model_version: str
    mapper_version: str | None
    threshold_revision: int
    lane: str | None
    sampling_probability: float | None
    decided_by: str | None
    decided_at: str | None
    split: str


COLUMNS = LabelLine._fields


@dataclass(frozen=True)
class Versions:
    """Which model and workflow of a project the suggestions are of; `mapper` is the one in force."""

    model: str
    model_version: str
    mapper: str
    mapper_version: str
    workflow: str


@dataclass(frozen=True)
class Pair:
    """One picture and one concept: the line, how it stands, and what is right, each with its region if it has one."""

    concept_id: str
    line: LabelLine
    standing: Standing
    right: tuple[tuple[LabelLine, Region | None], ...] = ()


@dataclass(frozen=True)
class Picture:
    """Everything that is exported of one picture."""

    input_id: str
    file_name: str
    split: str
    pairs: tuple[Pair, ...]


class Standing(StrEnum):
    """What became of a suggestion; OPEN hides everything else, and only RIGHT and WRONG are labels."""

    OPEN = "open"
    RIGHT = "right"
    PARKED = "parked"
    UNKNOWN = "unknown"
    WRONG = "wrong"


_RANK = tuple(Standing)  # of several about one picture and concept, the first of these decides
_BY_VERDICT = {Verdict.APPROVE: Standing.RIGHT, Verdict.REJECT: Standing.WRONG, Verdict.UNSURE: Standing.PARKED}
_LABELS = {Standing.RIGHT: 1, Standing.WRONG: 0}


def standing_of(told: Told) -> Standing:
    """Say what became of one suggestion.

    What Clarifai holds after somebody changed it there is not known here. A suggestion that was left alone is a label
    only if the workflow accepted it.
    """
    if told.state in OPEN:
        return Standing.OPEN
    if told.is_closed or told.state == ReviewState.CLOSED:
        return Standing.UNKNOWN
    if told.state == ReviewState.UNCHECKED:
        return Standing.RIGHT if told.kind == ReviewKind.CHECK else Standing.UNKNOWN
    return _BY_VERDICT[Verdict(told.verdict)] if told.verdict else Standing.UNKNOWN


def picture_of(told: Sequence[Told], model_version: str) -> Picture:
    """Put together what is exported of one picture; `told` is everything about it, concept by concept."""
    first = told[0]
    split = split_of(first.input_id).value
    pairs = (_pair(list(of_one), model_version, split) for _, of_one in groupby(told, lambda t: t.concept_id))
    return Picture(first.input_id, first.file_name, split, tuple(pairs))


def _pair(told: Sequence[Told], model_version: str, split: str) -> Pair:
    """While anything about the two is being asked, nothing else about them is given away."""
    standings = [(standing_of(t), t) for t in _in_force(told)]
    standing, decisive = min(standings, key=lambda one: (_RANK.index(one[0]), one[1].state == ReviewState.UNCHECKED))
    line = _line(decisive, standing, model_version, split)
    if standing is not Standing.RIGHT:
        return Pair(decisive.concept_id, line, standing)
    right = (t for s, t in standings if s is Standing.RIGHT)
    lines = ((line if t is decisive else _line(t, standing, model_version, split), t.region) for t in right)
    return Pair(decisive.concept_id, line, standing, tuple(lines))


def _in_force(told: Sequence[Told]) -> Sequence[Told]:
    """Leave out what was superseded: a whole picture is asked about a concept once.

    Where the platform ran the workflow again, what came of it was left alone because people had been asked already.
    """
    whole = [t for t in told if t.region is None]
    if len(whole) < 2:  # noqa: PLR2004 - one supersedes nothing
        return told
    asked = [t for t in whole if t.state != ReviewState.UNCHECKED] or whole
    standing = [t for t in asked if t.state != ReviewState.CLOSED] or asked
    return [*standing, *(t for t in told if t.region is not None)]


def _line(told: Told, standing: Standing, model_version: str, split: str) -> LabelLine:
    is_open = standing is Standing.OPEN
    by_people = told.verdict is not None and standing not in {Standing.OPEN, Standing.UNKNOWN}
    return LabelLine(
        sha256=told.sha256 or None,
        permalink=told.permalink or None,
        input_id=told.input_id,
        file_name=told.file_name,
        concept=told.concept,
        label=_LABELS.get(standing),
        source=None if standing in {Standing.OPEN, Standing.UNKNOWN} else _source(told).value,
        model_value=None if is_open else round(told.value, DIGITS),
        model_version=model_version,
        mapper_version=told.mapper_version or None,
        threshold_revision=told.revision,
        lane=None if is_open else told.lane,
        sampling_probability=None if is_open else told.probability,
        decided_by=told.decided_by if by_people else None,
        decided_at=told.decided_at.isoformat() if by_people and told.decided_at else None,
        split=split,
    )


def _source(told: Told) -> Source:
    if told.state == ReviewState.UNCHECKED:
        return Source.AUTO
    return Source.CHECK if told.kind == ReviewKind.CHECK else Source.HUMAN
