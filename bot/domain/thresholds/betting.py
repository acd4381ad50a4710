"""Evidence as money: bets against "this threshold is not good enough", which nobody can expect to win if it is true.

A bettor starts with 1 and stakes a part on each calibration review, before it is answered. While the claim that is bet
against is true, the wealth is expected to shrink, so that the chance of it ever reaching 1/alpha is at most alpha,
whoever looks and however often (Ville's inequality). Several bettors share the start; the evidence is what they own
together. Everything is in logarithms, since 5,000 reviews overflow any product.

Sources: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", 2024; weights for unequal
review probabilities follow from the same argument, see `docs/decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bot.domain.thresholds.samples import Column, Sample

RHO = np.array([0.02, 0.08, 0.20, 0.35, 0.50, 0.65, 0.80])  # true error over allowed error, as each bettor assumes it
OMEGA = np.array([0.25, 0.15, 0.15, 0.15, 0.10, 0.10, 0.10])  # with which part of the start; both fixed before any data
BOLDNESS = np.array([1.1, 1.2, 1.35, 1.6, 2.0, 3.0, 6.0])  # true error over assumed error, for bets on rejections
STAKE_MOST = 0.95  # of what a bettor owns, so that nobody is ever ruined
ODDS_MOST = 1e300  # the longest odds that still are a number


@dataclass(frozen=True, eq=False)
class Bets:
    """What each bettor gains or loses by one review that counts in full: wealth times 1 + `won`, or times 1 - `lost`.

    `on` is the label that is bet on: True for approved.
    """

    on: bool
    won: NDArray[np.float64]
    lost: NDArray[np.float64]
    start: NDArray[np.float64]  # log of each bettor's part of the start

    @classmethod
    def on_precision(cls, target: float) -> Self:
        """Bet against "less than `target` is right"; stakes are (1 - RHO) / target."""
        odds = min((1 - target) / target, ODDS_MOST)
        return cls(True, (1 - RHO) * odds, 1 - RHO, np.log(OMEGA))

    @classmethod
    def on_errors(cls, error: float) -> Self:
        """Bet against "at most `error` is wrong"; the bets of `on_precision` would suit small errors only."""
        stakes = np.minimum((BOLDNESS - 1) / (1 - error), STAKE_MOST / error)
        return cls(False, stakes * (1 - error), stakes * error, np.full(len(BOLDNESS), -np.log(len(BOLDNESS))))

    def log_factors(self, approved: ArrayLike, shrink: ArrayLike) -> NDArray[np.float64]:
        """Return, for each review (row) and bettor (column), the log of what the wealth is multiplied by."""
        share = np.asarray(shrink, np.float64)[..., None]
        is_won = (np.asarray(approved, np.bool_) == self.on)[..., None]
        return np.asarray(np.log1p(np.where(is_won, share * self.won, -share * self.lost)))

    def log_wealth(self, log_products: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log of what the bettors (last axis) own together; `log_products` leave the start out."""
        owned = log_products + self.start
        most = owned.max(axis=-1, keepdims=True)
        return np.asarray(most[..., 0] + np.log(np.exp(owned - most).sum(axis=-1)))


def log_evidence(sample: Sample, thresholds: ArrayLike, target: float) -> NDArray[np.float64]:
    """Return the log of the evidence that at least `target` is right at or above each threshold; 0 without reviews."""
    bets = Bets.on_precision(target)
    products = np.zeros((len(sample) + 1, len(bets.start)))
    np.cumsum(bets.log_factors(sample.approved, sample.shrink), axis=0, out=products[1:])
    return bets.log_wealth(products[sample.count_from(thresholds)])


@dataclass(frozen=True, eq=False)
class Tally:
    """Reviews counted by answer and weight: all that the evidence of one threshold depends on."""

    approved: NDArray[np.bool_]
    shrink: Column
    count: NDArray[np.intp]

    @classmethod
    def of(cls, sample: Sample) -> Self:
        parts = [np.unique(sample.shrink[sample.approved == yes], return_counts=True) for yes in (True, False)]
        (won, won_count), (lost, lost_count) = parts
        yes = np.arange(len(won) + len(lost)) < len(won)
        return cls(yes, np.concatenate((won, lost)), np.concatenate((won_count, lost_count)))

    def log_products(self, bets: Bets) -> NDArray[np.float64]:
        """Return, for each bettor, the log of what its wealth was multiplied by."""
        product: NDArray[Any] = self.count @ bets.log_factors(self.approved, self.shrink)
        return product

    def log_wealth(self, bets: Bets) -> float:
        return float(bets.log_wealth(self.log_products(bets)))
