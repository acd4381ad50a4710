"""What a project's Clarifai turned out to take of a rejection: two things that nobody outside Clarifai knows.

Both are found out by the first writes that need them (`bot.usecases.writing_back`) and remembered with the project.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bot.domain.annotations import AnnotationStatus, LabelState
from bot.domain.thresholds import narrow

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Customs:
    """How this Clarifai treats a rejection.

    `takes_rejected`: an annotation outside a task may be given the status REJECTED; believed until it is refused.
    `keeps_zero`: a concept may be given the value 0, a negative label; None until the first such write was read back.
    """

    takes_rejected: bool = True
    keeps_zero: bool | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored.get("takes_rejected", True), stored.get("keeps_zero"))

    def to_json(self) -> dict[str, bool]:
        """Leave out what is not known, so that it may be laid over what somebody else found out meanwhile."""
        known = {} if self.takes_rejected else {"takes_rejected": False}
        return known if self.keeps_zero is None else {**known, "keeps_zero": self.keeps_zero}


def as_taken(wanted: LabelState, before: LabelState, customs: Customs) -> LabelState:
    """Return the state nearest to `wanted` that this Clarifai takes; `before` is what the workflow wrote.

    Where REJECTED is refused, a rejection is a SUCCESS whose concepts are 0: negative labels. Where 0 is not kept, the
    rejected concepts are left out, and an annotation without any approved one goes back to what it was, with the status
    REJECTED or, where that is refused as well, PENDING.
    """
    if wanted == before or not _has_zero(wanted):
        return wanted
    if customs.keeps_zero is not False:
        refused = wanted.status is AnnotationStatus.REJECTED and not customs.takes_rejected
        return replace(wanted, status=AnnotationStatus.SUCCESS) if refused else wanted
    approved = tuple(s for s in wanted.suggestions if s.value > 0)
    if approved:
        return replace(wanted, suggestions=approved)
    return replace(before, status=AnnotationStatus.REJECTED if customs.takes_rejected else AnnotationStatus.PENDING)


def shortfall(wanted: LabelState, taken: LabelState) -> str:
    """Say in one sentence what of the verdicts does not stand in Clarifai; empty where all of it does."""
    if taken == wanted:
        return ""
    if taken.status is AnnotationStatus.PENDING:
        return (
            "This Clarifai takes no rejection: the annotation stays pending there, with your verdict in its "
            "annotation_info. It is recorded here and not asked again."
        )
    if len(taken.suggestions) < len(wanted.suggestions):
        return (
            "This Clarifai keeps no negative labels: the concepts you rejected were taken off the annotation, and "
            "those you approved stand there. Your verdicts are recorded here and in its annotation_info."
        )
    return ""


def keeps_zero(asked: LabelState, there: LabelState) -> bool:
    """Say whether every 0 of what was written reads back as 0."""
    values = _values(there)
    return all(values.get(concept) == 0 for concept, value in _values(asked).items() if value == 0)


def same_labels(one: LabelState, other: LabelState) -> bool:
    """Say whether status and concepts are equal, values in float32 as they are on the wire."""
    return one.status is other.status and _values(one) == _values(other)


def _has_zero(state: LabelState) -> bool:
    return any(s.value == 0 for s in state.suggestions)


def _values(state: LabelState) -> dict[str, float]:
    return {s.concept_id: narrow(s.value) for s in state.suggestions}
