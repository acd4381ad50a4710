"""How many more reviews a proof may take: a forecast, not a promise."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds.betting import Bets, Tally
from bot.domain.thresholds.bounds import estimate
from bot.domain.thresholds.grids import COVER, read_grid
from bot.domain.thresholds.recommending import STARTS
from bot.domain.thresholds.samples import check_share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bot.domain.thresholds.samples import Sample

OUT_OF_REACH = 1_000_000  # checks; nobody gives more


@dataclass(frozen=True)
class Need:
    """What the start of the walk that is nearest to its proof still needs; counts are of calibration reviews.

    `clean`: at or above `threshold` if none of them is rejected. `expected`: if as large a share of them is rejected as
    so far; None if no number would do, since too much is wrong there. `share`: of all inputs at or above `threshold`.
    `refuted`: it is proven that less than the target is right there; until then `expected` of None is but a guess.
    `right`: the best guess at the share right there; None without a check there.
    """

    threshold: float
    done: int
    clean: int
    expected: int | None
    share: float
    refuted: bool
    right: float | None = None

    @property
    def reviews(self) -> int | None:
        """How many calibration reviews of any score bring the expected ones; None if no number would do."""
        return None if self.expected is None else math.ceil(self.expected / self.share)


def clean_checks_needed(target: float, confidence: float, *, starts: int = len(STARTS)) -> int:
    """Return how many checks at or above a threshold certify it if none is rejected and there were none before.

    `starts` are those of the walk, which share the risk; 1 is for a bound of a single threshold.

    Raises:
        ValueError: `target` or `confidence` is not strictly between 0 and 1.
    """
    check_share(target, "the target precision")
    check_share(confidence, "the confidence")
    bets = Bets.on_precision(target)
    return _fewest(bets, np.zeros_like(bets.start), bets.log_factors(True, 1.0), math.log(starts / (1 - confidence)))


def checks_still_needed(sample: Sample, grid: ArrayLike, target: float, confidence: float) -> Need:
    """Say what the most promising start of the walk still needs before something is proven.

    The most promising one is expected to need the fewest reviews of any score; if none can be expected to get there,
    the one where most is right. Further reviews are taken to count in full, and to be rejected as often as those so
    far, which is a guess from few. `clean` of 0: this start is certified.

    Raises:
        ValueError: `target` or `confidence` is not strictly between 0 and 1, or `grid` is none.
    """
    check_share(target, "the target precision")
    check_share(confidence, "the confidence")
    cuts = read_grid(grid)
    needs = [_need(sample, float(cuts[at]), COVER[at], target, confidence) for at in STARTS]
    within_reach = [need for need in needs if need.reviews is not None]
    if within_reach:
        return min(within_reach, key=lambda need: need.reviews or 0)
    return max(needs, key=lambda need: estimate(sample, need.threshold) or 0.0)


def _need(sample: Sample, threshold: float, cover: float, target: float, confidence: float) -> Need:
    above, bets = sample.from_threshold(threshold), Bets.on_precision(target)
    wanted = math.log(len(STARTS) / (1 - confidence))
    tally, right = Tally.of(above), estimate(sample, threshold)
    owned = tally.log_products(bets)
    won, lost = bets.log_factors(True, 1.0), bets.log_factors(False, 1.0)
    likely = won if right is None else right * won + (1 - right) * lost
    expected = _fewest(bets, owned, likely, wanted)
    weights = sample.weights
    share = float(weights[: len(above)].sum() / weights.sum()) if len(above) else cover
    return Need(
        threshold=threshold,
        done=len(above),
        clean=_fewest(bets, owned, won, wanted),
        expected=None if expected >= OUT_OF_REACH else expected,
        share=share,
        refuted=tally.log_wealth(Bets.on_errors(1 - target)) >= -math.log(1 - confidence),
        right=right,
    )


def _fewest(bets: Bets, owned: NDArray[np.float64], step: NDArray[np.float64], wanted: float) -> int:
    """Return after how many equal steps the bettors own what is wanted.

    Their wealth is convex in the steps: if they do not own it yet, it is crossed at most once.
    """
    if bets.log_wealth(owned) >= wanted:
        return 0
    return bisect_left(range(OUT_OF_REACH), wanted, key=lambda n: float(bets.log_wealth(owned + n * step)))
