"""The model on probation: checks of automatic labels, watched for the day when they go bad.

A Shiryaev-Roberts detector. Each of four bettors expects another error rate above the allowed one; before every check
each is given 1 and stakes what it owns. While the error stays at or below the allowed one, the mean number of checks
until a false alarm is at least the run length that was asked for.

Sources: Shin, Ramdas and Rinaldo, "E-detectors", 2023; the last good point follows Page's
cumulative sums ("Continuous inspection schemes", 1954).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

EXPECTED = (1.5, 2.5, 5.0, 6.0)  # times the allowed error, as each bettor expects it after a change
EXPECTED_LAST_LEAST = 0.5  # the last one expects a half at least: a model that broke altogether
EXPECTED_MOST = 0.95  # a higher one would make factors negative where the allowed error is above 1/6
RUN_LENGTH = 1000.0  # checks; mean time to a false alarm, at least
DAYS_BETWEEN_FALSE_ALARMS = 180.0
WARNING = 100.0  # evidence at which people are told and nothing is done


def expected_errors(allowed_error: float) -> tuple[float, ...]:
    """Return the error rate that each bettor expects after a change.

    Raises:
        ValueError: `allowed_error` is not above 0 and below the highest rate that is ever expected.
    """
    if not 0 < allowed_error < EXPECTED_MOST:
        raise ValueError(f"an allowed error of {allowed_error} leaves nothing to guard")
    *lower, last = (times * allowed_error for times in EXPECTED)
    return tuple(min(rate, EXPECTED_MOST) for rate in (*lower, max(EXPECTED_LAST_LEAST, last)))


def run_length_for(checks_a_day: float) -> float:
    """Return the run length that makes a false alarm as rare as one in half a year, and never below RUN_LENGTH."""
    return max(RUN_LENGTH, checks_a_day * DAYS_BETWEEN_FALSE_ALARMS)


@dataclass(frozen=True)
class Bettor:
    """One of the four: what it owns, and how far its log factors have risen since the check `good_until`."""

    owned: float = 0.0
    risen: float = 0.0
    good_until: int = 0

    def after(self, factor: float, check: int) -> Bettor:
        risen = max(0.0, self.risen + math.log(factor))
        return Bettor((self.owned + 1) * factor, risen, check if risen == 0 else self.good_until)


@dataclass(frozen=True)
class Guard:
    """The guard of one concept, model and mapper version. After an alarm it stays as it is: start a new one.

    `checks` and `rejected` are counted from the start.
    """

    allowed_error: float
    run_length: float = RUN_LENGTH
    bettors: tuple[Bettor, ...] = (Bettor(),) * len(EXPECTED)
    checks: int = 0
    rejected: int = 0

    def __post_init__(self) -> None:
        """Refuse an allowed error that leaves nothing to guard (ValueError)."""
        expected_errors(self.allowed_error)

    @property
    def evidence(self) -> float:
        return sum(bettor.owned for bettor in self.bettors) / len(self.bettors)

    @property
    def is_alarmed(self) -> bool:
        """Stop accepting automatically."""
        return self.evidence >= self.run_length

    @property
    def is_warned(self) -> bool:
        """Tell people; do nothing else."""
        return self.evidence >= min(WARNING, self.run_length)

    @property
    def good_until(self) -> int:
        """After how many checks none of the bettors saw anything wrong: labels accepted since then are in doubt.

        The earliest of the four: the likeliest bettor's point lies *after* the change in half of the drifts.
        """
        return min(bettor.good_until for bettor in self.bettors)

    def after(self, *, rejected: bool, shrink: float = 1.0) -> Guard:
        """Return the guard after one more check of an automatic label, in order of arrival.

        `shrink` is the smallest probability in force over the one the label was drawn with, in [0, 1].

        Raises:
            ValueError: `shrink` is outside [0, 1].
        """
        if not 0 <= shrink <= 1:
            raise ValueError(f"a check counts between not at all and in full, not {shrink} times")
        if self.is_alarmed:
            return self
        allowed, check = self.allowed_error, self.checks + 1
        deviation = shrink * ((1.0 if rejected else 0.0) - allowed) / (allowed * (1 - allowed))
        bettors = tuple(
            bettor.after(1 + (expected - allowed) * deviation, check)
            for bettor, expected in zip(self.bettors, expected_errors(allowed), strict=True)
        )
        return replace(self, bettors=bettors, checks=check, rejected=self.rejected + rejected)
