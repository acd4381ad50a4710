"""The evidence of many simulated projects at once: what `recommend` says of each, after every single review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds.betting import Bets
from bot.domain.thresholds.recommending import STARTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


class Ledgers:
    """One row per project. Sums are kept instead of reviews; `promises.compared` holds them against `recommend`."""

    def __init__(self, grids: Floats, target: float, confidence: float) -> None:
        self.grids, self.target, self.confidence = grids, target, confidence
        self._bets = Bets.on_precision(target)
        self._products = np.zeros((*grids.shape, len(self._bets.start)))
        self._checks = np.zeros(grids.shape)
        self._approved = np.zeros(grids.shape)
        self.reviewed = np.zeros(len(grids))

    def add(self, scores: Floats, right: Flags, shrink: Floats, drawn: Flags) -> None:
        """Add one arrival of each project; only the drawn ones count."""
        above = (scores[:, None] >= self.grids) & drawn[:, None]
        self._products += above[:, :, None] * self._bets.log_factors(right, shrink)[:, None, :]
        self._checks += above
        self._approved += above & right[:, None]
        self.reviewed += drawn

    def certified(self) -> Floats:
        """Return each project's recommendation, NaN for none."""
        evidence = self._bets.log_wealth(self._products)
        share, carried = (1 - self.confidence) / len(STARTS), np.zeros(len(evidence))
        best = np.full(len(evidence), np.nan)
        for position in range(STARTS[0], evidence.shape[1]):
            level = carried + (share if position in STARTS else 0.0)
            with np.errstate(divide="ignore"):
                passed = evidence[:, position] >= -np.log(level)
            best = np.where(passed, np.fmin(best, self.grids[:, position]), best)
            carried = np.where(passed, level, 0.0)
        return best

    def naive(self, least_reviews: int = 50) -> Floats:
        """Return the lowest threshold at or above which the target share was approved so far, NaN for none."""
        with np.errstate(invalid="ignore"):
            passed = self._approved / self._checks >= self.target
        passed &= (self.reviewed >= least_reviews)[:, None]
        return np.asarray(np.fmin.reduce(np.where(passed, self.grids, np.nan), axis=1))
