"""What lies below the floor, from the inputs that were drawn to show it; without them it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.checks import PROBED_SHARE
from bot.domain.thresholds import CONFIDENCE, BelowFloor, accepts, narrow, recommend_floor, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARE_LOST = 0.10  # of the right labels, that a recommended floor may drop
FLOORS = tuple(hundredths / 100 for hundredths in range(1, 100))
_LOST_AT_EVERY_FLOOR = -1.0


class Truth(StrEnum):
    """What people said of one concept of a probed input.

    UNASKED: its question has not been made yet. OPEN: they are asked. UNKNOWN: it ended without a verdict that wins.
    """

    UNASKED = "unasked"
    OPEN = "open"
    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ProbedItem:
    """One concept of one probed input: the model's value and what people said. They come in order of arrival."""

    value: float
    truth: Truth


def below_floor(items: Sequence[ProbedItem], floor: float) -> BelowFloor:
    """Count what a floor drops, and how much of it is right after all.

    Where people are being asked, or will be, the item is left out, above the floor as below: nobody can tell from the
    counts on which side an open question lies.
    """
    probed = [item for item in items if item.truth not in {Truth.OPEN, Truth.UNASKED}]
    dropped = [item for item in probed if not accepts(item.value, floor)]
    answered = [item for item in dropped if item.truth is not Truth.UNKNOWN]
    missed = [item for item in answered if item.truth is Truth.RIGHT]
    return BelowFloor(len(probed), len(dropped), len(answered), len(missed))


def floor_that_keeps(
    items: Sequence[ProbedItem], accept: float, *, share_lost: float = SHARE_LOST, confidence: float = CONFIDENCE
) -> float | None:
    """Return the highest floor below `accept` that is proven to lose at most `share_lost` of the right labels, or None.

    Items count up to the first that people are still asked about. One that nobody answered counts as a right one that
    every floor loses, which is the safe side. The floors tried are the hundredths: fixed before any score was
    seen, so that the promise holds (`recommend_floor` wants its grid from elsewhere, and only probed inputs have
    scores below the floor). What is kept falls from each to the next, so that trying many costs nothing.
    """
    counted = list(takewhile(lambda item: item.truth is not Truth.OPEN, items))
    true = [item for item in counted if item.truth is not Truth.WRONG]
    scores = [item.value if item.truth is Truth.RIGHT else _LOST_AT_EVERY_FLOOR for item in true]
    floors = [floor for floor in FLOORS if narrow(floor) < narrow(accept)]
    if not true or not floors:
        return None
    return recommend_floor(
        np.array(scores, np.float32),
        [1] * len(true),
        [PROBED_SHARE] * len(true),
        share_lost,
        confidence,
        smallest_probability=PROBED_SHARE,
        grid=floors,
    )


@dataclass(frozen=True)
class ProbedConcept:
    """One concept with the cuts in force and its items."""

    name: str
    floor: float
    accept: float
    items: Sequence[ProbedItem] = ()


def below_floor_lines(concepts: Sequence[ProbedConcept]) -> tuple[str, ...]:
    """Say what is known below the floor: one line or two for each concept, one for all of which nothing is known."""
    counted = [(concept, below_floor(concept.items, concept.floor)) for concept in concepts]
    known = [line for concept, counts in counted if counts.probed for line in _lines(concept, counts)]
    unknown = ", ".join(concept.name for concept, counts in counted if not counts.probed)
    if unknown:
        known.append(f"Below the floor of {unknown}: unknown, no picture was drawn and answered yet")
    return tuple(known)


def _lines(concept: ProbedConcept, counts: BelowFloor) -> tuple[str, ...]:
    dropped = f"{counts.dropped} of {counts.probed} looked at {_were(counts.dropped)} dropped"
    said = f"Below the floor of {concept.name}: {dropped}{_missed(counts)}"
    best = floor_that_keeps(concept.items, concept.accept)
    return (said,) if best is None else (said, _recommended(concept, best))


def _missed(counts: BelowFloor) -> str:
    if not counts.dropped:
        return ""
    if not counts.answered:
        return "; whether rightly is unknown, nobody could say"
    return f", {counts.missed} of {counts.answered} answered {_were(counts.missed)} right after all"


def _were(many: int) -> str:
    return "was" if many == 1 else "were"


def _recommended(concept: ProbedConcept, best: float) -> str:
    promise = f"at most {SHARE_LOST:.0%} of the right ones are lost ({CONFIDENCE:.0%} sure)"
    if narrow(best) == narrow(concept.floor):
        return f"The floor of {concept.name} is proven: {promise}"
    return f"The floor of {concept.name} could be {shown(best)}: {promise}"
