"""What is known about one threshold: how much is right at or above it, at least, at most, and at best guess."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds.betting import Bets, Tally
from bot.domain.thresholds.samples import check_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.thresholds.samples import Sample

HALVINGS = 50  # of [0, 1]: finer than anybody's count


@dataclass(frozen=True)
class Band:
    """Shares of right labels at or above one threshold, in [0, 1].

    `at_least` alone has the asked confidence; so has "between `lowest` and `highest`". They speak about this threshold
    only and hold at any time; the promise over all thresholds is `recommend`'s. `estimate` is None without checks.
    """

    threshold: float
    checks: int
    rejected: int
    estimate: float | None
    at_least: float
    lowest: float
    highest: float


def band(sample: Sample, threshold: float, confidence: float) -> Band:
    """Say what the reviews show about everything at or above `threshold`.

    Raises:
        ValueError: `confidence` is not strictly between 0 and 1.
    """
    both_sides = (1 + confidence) / 2
    above = sample.from_threshold(threshold)
    return Band(
        threshold=threshold,
        checks=len(above),
        rejected=int((~above.approved).sum()),
        estimate=estimate(sample, threshold),
        at_least=lower_bound(sample, threshold, confidence),
        lowest=lower_bound(sample, threshold, both_sides),
        highest=upper_bound(sample, threshold, both_sides),
    )


def estimate(sample: Sample, threshold: float) -> float | None:
    """Return the best guess at the share right at or above `threshold`, each review weighted; None without any."""
    above = sample.from_threshold(threshold)
    return float(np.average(above.approved, weights=above.weights)) if len(above) else None


def lower_bound(sample: Sample, threshold: float, confidence: float) -> float:
    """Return the share that is right at or above `threshold` at least; 0 when nothing is known.

    Raises:
        ValueError: `confidence` is not strictly between 0 and 1.
    """
    return _greatest_refuted(sample, threshold, confidence, Bets.on_precision)


def upper_bound(sample: Sample, threshold: float, confidence: float) -> float:
    """Return the share that is right at or above `threshold` at most; 1 when nothing is known.

    Raises:
        ValueError: `confidence` is not strictly between 0 and 1.
    """
    return 1 - _greatest_refuted(sample, threshold, confidence, Bets.on_errors)


def _greatest_refuted(sample: Sample, threshold: float, confidence: float, against: Callable[[float], Bets]) -> float:
    """Halve [0, 1] down to the greatest share that the evidence refutes; the evidence falls as the share rises."""
    check_share(confidence, "the confidence")
    tally, needed = Tally.of(sample.from_threshold(threshold)), -math.log(1 - confidence)
    refuted, open_from = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (refuted + open_from) / 2
        if tally.log_wealth(against(middle)) >= needed:
            refuted = middle
        else:
            open_from = middle
    return refuted
