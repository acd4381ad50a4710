"""The model on probation: checks of automatic labels, one after another, until they have gone bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.reviews import ReviewKind, Verdict
from bot.domain.thresholds import Guard, accepts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.evidence import CalibrationReview
    from bot.domain.thresholds import ConceptThreshold

WHOLE = 1e-6  # how far a number may lie from a whole one that it is shown as
EXAMPLES = 3


@dataclass(frozen=True)
class GuardFacts:
    """What the guard has seen since the ledger began, in checks; `is_warned`: they look bad, nothing is done yet."""

    checks: int
    rejected: int
    is_warned: bool


@dataclass(frozen=True)
class Probation:
    """The guard after `checks`, in order of arrival; after an alarm it saw none of those that followed."""

    guard: Guard
    checks: tuple[CalibrationReview, ...]

    @property
    def facts(self) -> GuardFacts:
        return GuardFacts(self.guard.checks, self.guard.rejected, self.guard.is_warned)

    @property
    def last_good(self) -> CalibrationReview | None:
        """The check after which labels are in doubt; None: all of them are."""
        return self.checks[self.guard.good_until - 1] if self.guard.good_until else None

    @property
    def doubted(self) -> tuple[CalibrationReview, ...]:
        """The checks since the last good point, up to the last one that the guard saw."""
        return self.checks[self.guard.good_until : self.guard.checks]

    @property
    def examples(self) -> tuple[CalibrationReview, ...]:
        """The last of these that were not approved, newest first."""
        return tuple(check for check in reversed(self.doubted) if not check.is_right)[:EXAMPLES]

    def reason(self) -> str:
        """Say why in counts: "6 of the last 20 checks were rejected, 1 in 20 is allowed"."""
        wrong = [check for check in self.doubted if not check.is_right]
        unsure = any(check.verdict is not Verdict.REJECT for check in wrong)
        became = "rejected or left as not sure" if unsure else "rejected"
        were = "was" if len(wrong) == 1 else "were"
        allowed = shown_allowed(self.guard.allowed_error)
        return f"{len(wrong)} of the last {len(self.doubted)} checks {were} {became}, {allowed} allowed"


def on_probation(counted: Iterable[CalibrationReview], cut: ConceptThreshold, run_length: float) -> Probation | None:
    """Show the guard every check of a label that `cut` accepts, from the first; None where nothing is accepted.

    Labels that came under another target are left out: nobody promised for them what is promised now. So are those
    closed before anybody looked: that somebody deletes a picture is no sign of a wrong label.
    """
    if cut.is_off:
        return None
    checks = tuple(check for check in counted if _is_guarded(check, cut))
    guard = Guard(round(1 - cut.target, 9), run_length)  # 1 - 0.95 is not quite 0.05
    for check in checks:
        guard = guard.after(rejected=not check.is_right, shrink=check.smallest_probability / check.probability)
        if guard.is_alarmed:
            break
    return Probation(guard, checks)


def _is_guarded(check: CalibrationReview, cut: ConceptThreshold) -> bool:
    if check.kind is not ReviewKind.CHECK or check.promised != cut.target or check.decided_at is None:
        return False
    return accepts(check.score, cut.accept)


def shown_allowed(error: float) -> str:
    """Write an allowed error for people: "1 in 20 is", "3 in 100 are"."""
    one_in = 1 / error
    if abs(one_in - round(one_in)) < WHOLE * one_in:
        return f"1 in {round(one_in)} is"
    return f"{error * 100:g} in 100 are"
