"""How high the floor may be: below it the model's word is dropped unseen, and right labels with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds.betting import Bets, Tally
from bot.domain.thresholds.samples import Sample, check_share, read_column, read_columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def recommend_floor(
    scores: ArrayLike,
    labels: ArrayLike,
    sampling_probabilities: ArrayLike,
    share_lost: float,
    confidence: float,
    *,
    smallest_probability: float,
    grid: ArrayLike,
) -> float | None:
    """Return the highest floor that drops at most `share_lost` of the right labels, `confidence` sure; or None.

    The columns are those of `recommend`, but of every score: items *below* the present floor are drawn as well, by a
    coin of their own, else nobody knows what is lost. `smallest_probability` is the least with which any input could be
    drawn, whatever its score, and is asked for since the reviewed items alone cannot show that none below was ever
    drawn. `grid` comes from `floor_grid`, made from other inputs.
    Only right labels bet, on lying at or above the floor (an item exactly there is kept). The walk goes upward from the
    lowest floor with the whole risk and ends at the first that is not certified.

    Raises:
        ValueError: what is given is not what is described here.
    """
    columns = read_columns(scores, labels, sampling_probabilities)
    check_share(share_lost, "the share lost")
    check_share(confidence, "the confidence")
    floors = read_column(grid, "floors").astype(np.float64)
    if not np.isfinite(floors).all() or (np.diff(floors) < 0).any():
        raise ValueError("floors go from the lowest up, in finite values")
    sample = Sample.of(*columns, smallest_probability)
    bets, best = Bets.on_precision(1 - share_lost), None
    for floor in floors:
        if _kept(sample, float(floor)).log_wealth(bets) < -math.log(1 - confidence):
            break
        best = float(floor)
    return best


def _kept(sample: Sample, floor: float) -> Tally:
    """Count the right labels by whether `floor` keeps them."""
    is_kept = np.arange(len(sample)) < sample.count_from(floor)
    right = sample.approved
    return Tally.of(Sample(sample.scores[right], is_kept[right], sample.probabilities[right], sample.shrink[right]))


@dataclass(frozen=True)
class BelowFloor:
    """What inputs drawn by the coin of `checks.is_probed` show about one concept: counts, and shares or None.

    `probed` inputs were read with all their values, `dropped` of them lay below the floor, `answered` of those were
    reviewed, and `missed` of these were right after all.
    """

    probed: int
    dropped: int
    answered: int
    missed: int

    @property
    def dropped_share(self) -> float | None:
        """Of all inputs; None is "unknown"."""
        return self.dropped / self.probed if self.probed else None

    @property
    def missed_share(self) -> float | None:
        """Of what is dropped, that should have been a label; None is "unknown"."""
        return self.missed / self.answered if self.answered else None
