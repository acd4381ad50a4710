"""The thresholds that are tested: fixed from scores alone, before anybody has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds.samples import read_column

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from bot.domain.thresholds.samples import Column

COVER = tuple(twentieths / 20 for twentieths in range(1, 21))  # share of inputs at or above each threshold
REACHED = 1e-12  # a share that falls short by less has been reached
FLOOR_COVER = tuple(hundredths / 100 for hundredths in range(2, 91, 4))  # share of inputs below each possible floor


def freeze_grid(
    scores: ArrayLike, weights: ArrayLike | None = None, *, lowest: float | None = None, decimals: int | None = None
) -> tuple[float, ...]:
    """Return the 20 thresholds to test, strict to loose: where 5 %, 10 % ... 100 % of the inputs are at or above.

    `scores` need no answers; take the first 300 inputs of a model version, store the result, and never make it again
    from reviews. `weights` say how many inputs each score speaks for. No threshold is below `lowest`, the floor.
    With `decimals` each threshold is rounded down first: a value rounded after the test is one nobody tested.

    Raises:
        ValueError: there is no score, one is not finite, or the weights do not fit.
    """
    score = read_column(scores, "scores")
    weight = np.ones(len(score)) if weights is None else read_column(weights, "weights")
    _check(score, weight)
    order = np.lexsort((weight, -score))
    reached = np.cumsum(weight[order]) / weight.sum()
    rows = np.minimum(np.searchsorted(reached, np.array(COVER) - REACHED), len(score) - 1)
    grid = score[order][rows].astype(np.float64)
    if decimals is not None:
        grid = np.floor(grid * 10**decimals + REACHED) / 10**decimals
    return tuple(float(cut) for cut in (grid if lowest is None else np.maximum(grid, lowest)))


def floor_grid(scores: ArrayLike) -> tuple[float, ...]:
    """Return the 23 possible floors, lowest first: where 2 %, 6 % ... 90 % of the inputs are below.

    Take the scores of other inputs than those whose reviews are tested: below a floor *where the score lies* is what
    counts, so that a grid made from the same items would have been chosen with their answers.

    Raises:
        ValueError: there is no score, or one is not finite.
    """
    score = read_column(scores, "scores")
    _check(score, np.ones(len(score)))
    reached = np.arange(1, len(score) + 1) / len(score)
    return tuple(float(cut) for cut in np.sort(score)[np.searchsorted(reached, np.array(FLOOR_COVER) - REACHED)])


def read_grid(grid: ArrayLike) -> Column:
    """Check a grid that was frozen earlier.

    Raises:
        ValueError: it has not one finite value for each share of COVER, or rises anywhere.
    """
    cuts = read_column(grid, "thresholds").astype(np.float64)
    if len(cuts) != len(COVER):
        raise ValueError(f"a grid has {len(COVER)} thresholds, not {len(cuts)}")
    if not np.isfinite(cuts).all() or (np.diff(cuts) > 0).any():
        raise ValueError("a grid goes from strict to loose, in finite values")
    return cuts


def _check(score: Column, weight: Column) -> None:
    if not len(score):
        raise ValueError("a grid is made from scores, and there are none")
    if not np.isfinite(score).all():
        raise ValueError("a score is not finite")
    if len(weight) != len(score) or not (np.isfinite(weight) & (weight > 0)).all():
        raise ValueError("weights are positive and finite, one for each score")
