"""Where the model's word is taken, where people are asked, and what is thrown away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.annotations import AnnotationStatus
from bot.domain.errors import Refused

if TYPE_CHECKING:
    from bot.domain.annotations import Suggestion

OFF = 2.0  # an accept cut that no value reaches: nothing is accepted automatically
NO_FLOOR = 1e-6  # Clarifai takes an unset value for zero, so "no floor" is the smallest number that means it
DEFAULT_ACCEPT = 0.95
DEFAULT_FLOOR = 0.20
DEFAULT_TARGET = 0.95
DEFAULT_CHECKS = 0.05
LEAST_TARGET, MOST_TARGET = 0.5, 0.999  # beyond them nothing is worth proving, or nobody can
CONFIDENCE = 0.95  # with which a target is promised; the same for everybody


def narrow(value: float) -> float:
    """Round `value` to float32, as it is on the wire (0.9 comes back as 0.89999998)."""
    return float(np.float32(value))


@dataclass(frozen=True)
class ConceptThreshold:
    """The two cuts of one concept, values in [0, 1]; `accept` may be OFF, and is remembered in `before_off` then.

    `target` is the share of the accepted labels that shall be right, in (0, 1). `checks` is the share of the
    predictions that people look at all the same once `accept` is proven to keep it, in (0, 1].
    """

    concept_id: str
    accept: float = DEFAULT_ACCEPT
    floor: float = DEFAULT_FLOOR
    before_off: float | None = None
    target: float = DEFAULT_TARGET
    checks: float = DEFAULT_CHECKS

    @property
    def is_off(self) -> bool:
        return self.accept > 1.0

    def switched_off(self) -> ConceptThreshold:
        return self if self.is_off else replace(self, accept=OFF, before_off=self.accept)

    def switched_on(self) -> ConceptThreshold:
        return replace(self, accept=self.before_off or DEFAULT_ACCEPT, before_off=None) if self.is_off else self


def accepts(value: float, accept: float) -> bool:
    """Say whether a value is accepted by a cut; both in float32, as they are on the wire."""
    return narrow(value) >= narrow(accept)


def route(suggestion: Suggestion, threshold: ConceptThreshold) -> AnnotationStatus | None:
    """Say which branch of the workflow `suggestion` leaves by; None when it is discarded.

    The cuts divide [0, 1] without a gap: ``value >= accept`` succeeds, ``floor <= value < accept`` is pending.
    Both sides are narrowed to float32 first, as they are on the wire. NaN passes neither comparison and is discarded.

    Source: Clarifai, "Auto Annotation", the two thresholder sections.

    Raises:
        ValueError: the two are not about the same concept.
    """
    if suggestion.concept_id != threshold.concept_id:
        raise ValueError(f"a threshold of {threshold.concept_id} says nothing about {suggestion.concept_id}")
    value, accept, floor = (narrow(n) for n in (suggestion.value, threshold.accept, threshold.floor))
    if not value >= floor:
        return None
    return AnnotationStatus.SUCCESS if value >= accept else AnnotationStatus.PENDING


def with_cuts(threshold: ConceptThreshold, accept: float, floor: float | None = None) -> ConceptThreshold:
    """Return `threshold` with a new accept cut and, if given, a new floor.

    Raises:
        Refused: the floor would lie above the accept cut, or the accept cut is 0.
    """
    new_floor = threshold.floor if floor is None else max(floor, NO_FLOOR)
    if narrow(accept) <= 0:
        raise Refused("With an accept of 0 everything would be labelled unseen. Give a number above 0.")
    if narrow(new_floor) > narrow(accept):
        raise Refused(
            f"The floor ({shown(new_floor)}) would lie above accept ({shown(accept)}). "
            f"Give both, lower first: {shown(min(new_floor, accept))}..{shown(max(new_floor, accept))}"
        )
    return replace(threshold, accept=accept, floor=new_floor, before_off=None)


def with_target(threshold: ConceptThreshold, target: float) -> ConceptThreshold:
    """Return `threshold` with another share that shall be right.

    Raises:
        Refused: it is not strictly between 0.5 and 0.999.
    """
    target = round(target, 9)
    if not LEAST_TARGET < target < MOST_TARGET:
        raise Refused(f"A target lies between 50% and 99.9%, for example 95%; {share_shown(target)} does not.")
    return replace(threshold, target=target)


def with_checks(threshold: ConceptThreshold, checks: float) -> ConceptThreshold:
    """Return `threshold` with another share of predictions that are checked once it is proven.

    Raises:
        Refused: it is not in (0, 1].
    """
    checks = round(checks, 9)
    if not 0 < checks <= 1:
        raise Refused("Checks are a share above 0% and up to 100%, for example 10%: without any nothing stays proven.")
    return replace(threshold, checks=checks)


def share_shown(share: float) -> str:
    """Write a share for people: 0.95 as 95%, 0.995 as 99.5%."""
    return f"{share * 100:.4g}%"


def shown(value: float) -> str:
    """Write a cut for people: two decimals, more only where two would hide a difference; OFF as *off*."""
    if value > 1.0:
        return "off"
    if value <= NO_FLOOR:
        return "0"
    short = f"{value:.2f}"
    return short if abs(float(short) - value) < 5e-7 else f"{value:.6f}".rstrip("0")  # noqa: PLR2004 - half of the last shown digit
