"""A review from question to answer, and what the answers of an annotation's reviews write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.annotations import AnnotationStatus, LabelState, Suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


class Verdict(StrEnum):
    """What a person answered. UNSURE is no verdict that wins; a second person's UNSURE parks the review."""

    APPROVE = "approve"
    REJECT = "reject"
    UNSURE = "unsure"


class ReviewKind(StrEnum):
    """PENDING: the model was not sure. CHECK: the model was, and a person looks all the same.

    PROBE: it lay below the floor, of an input that the coin drew to see what is lost there.
    """

    PENDING = "pending"
    CHECK = "check"
    PROBE = "probe"


class ReviewState(StrEnum):
    """Where a review stands; it moves one way, and only *Undo* takes it back to POSTED with the next revision."""

    QUEUED = "queued"
    POSTED = "posted"
    DECIDED = "decided"
    SETTLED = "settled"
    CLOSED = "closed"  # decided, changed or deleted elsewhere
    UNCHECKED = "unchecked"  # an automatic label that the coin left alone


OPEN = frozenset({ReviewState.QUEUED, ReviewState.POSTED})  # a button proves its card, recorded or not


class AlreadyDecided(ValueError):
    """The review has its final verdict; the first one stands."""


@dataclass(frozen=True)
class Review:
    """One suggestion waiting for people. `verdict` is final; `doubted_by` is the first person who was not sure."""

    state: ReviewState
    revision: int = 1
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    doubted_by: str = ""

    def decided(self, verdict: Verdict, by: str, at: datetime) -> Review:
        """Return the review after `by` answered.

        Raises:
            AlreadyDecided: somebody was first, or it is not open for another reason.
        """
        if self.state not in OPEN:
            raise AlreadyDecided(self.state.value)
        if verdict is Verdict.UNSURE and self.doubted_by in {"", by}:
            return replace(self, doubted_by=by)
        return replace(self, state=ReviewState.DECIDED, verdict=verdict, decided_by=by, decided_at=at)

    def undone(self) -> Review:
        """Return the review open again, as a new revision; the undone decision stays in the record."""
        if self.state not in {ReviewState.DECIDED, ReviewState.SETTLED}:
            raise ValueError(f"a review that is {self.state} has no verdict to undo")
        return Review(ReviewState.POSTED, self.revision + 1)


def what_verdicts_write(
    before: LabelState,
    verdicts: Mapping[str, Verdict],
    *,
    applied: Collection[str] = (),
    confirmed: Collection[str] = (),
) -> LabelState | None:
    """Say what to write once every open concept of an annotation has its final verdict; None for nothing.

    `before` is the annotation as the workflow wrote it (PENDING or SUCCESS); `verdicts` is by concept id. Concepts
    without a verdict were never in question and keep their value. `applied` concepts were accepted afterwards, by a cut
    that was lowered: they count as approved and keep their value, unless their check was rejected. `confirmed` were
    approved at a second look: 1.0, also where the model had labelled them by itself. The table in `product.md`, "What a
    verdict writes", is the source.
    """
    accepted = {c for c in applied if c not in confirmed and verdicts.get(c) is not Verdict.REJECT}
    given = {*verdicts.values(), *([Verdict.APPROVE] if accepted else [])}
    if before.status is AnnotationStatus.PENDING:
        if Verdict.APPROVE in given:
            status = AnnotationStatus.SUCCESS
        elif Verdict.REJECT in given:
            status = AnnotationStatus.REJECTED
        else:
            return None
        kept = tuple(
            s if s.concept_id in accepted else _judged(s, verdicts)
            for s in before.suggestions
            if s.concept_id in accepted or verdicts.get(s.concept_id) is not Verdict.UNSURE
        )
        return LabelState(status, kept, before.region)
    if Verdict.REJECT not in given and not confirmed:
        return None
    kept = tuple(_corrected(s, verdicts, confirmed) for s in before.suggestions)
    denied = all(s.value == 0 for s in kept)
    return LabelState(AnnotationStatus.REJECTED if denied else AnnotationStatus.SUCCESS, kept, before.region)


def _judged(suggestion: Suggestion, verdicts: Mapping[str, Verdict]) -> Suggestion:
    verdict = verdicts.get(suggestion.concept_id)
    if verdict is None:
        return suggestion
    return replace(suggestion, value=1.0 if verdict is Verdict.APPROVE else 0.0)


def _corrected(suggestion: Suggestion, verdicts: Mapping[str, Verdict], confirmed: Collection[str]) -> Suggestion:
    if suggestion.concept_id in confirmed:
        return replace(suggestion, value=1.0)
    return replace(suggestion, value=0.0) if verdicts.get(suggestion.concept_id) is Verdict.REJECT else suggestion
