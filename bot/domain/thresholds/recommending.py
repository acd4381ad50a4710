"""The lowest threshold that is proven to keep a promise, or none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.domain.thresholds.betting import log_evidence
from bot.domain.thresholds.grids import freeze_grid, read_grid
from bot.domain.thresholds.samples import Sample, check_share, read_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

STARTS = (3, 9, 15)  # grid positions (20, 50 and 80 % of the inputs) at which the walk is given a share of the risk


def recommend(
    scores: ArrayLike,
    labels: ArrayLike,
    sampling_probabilities: ArrayLike,
    target_precision: float,
    confidence: float,
    *,
    smallest_probabilities: ArrayLike | None = None,
    grid: ArrayLike | None = None,
) -> float | None:
    """Return the lowest threshold at or above which at least `target_precision` is right, `confidence` sure; or None.

    One item per calibration review: the model's score, the answer (1 approved, 0 rejected), and the probability with
    which the item was drawn for review. `smallest_probabilities` are sampling probabilities too: the smallest that any
    score above the floor had when the item arrived. `grid` are 20 thresholds of `freeze_grid`; without it one is made
    from the reviewed scores. May be asked after every review: looking often does not weaken the promise, which holds
    for everything at or above the answer, in its exact value and in the precision of `scores`.

    A higher score is not always safer, so nothing is concluded about a threshold that was not itself tested.

    Raises:
        ValueError: what is given is not what is described here.
    """
    columns = read_columns(scores, labels, sampling_probabilities)
    check_share(target_precision, "the target precision")
    check_share(confidence, "the confidence")
    if not len(columns[0]):
        return None
    sample = Sample.of(*columns, smallest_probabilities)
    return min(certified(sample, target_precision, confidence, grid=grid), default=None)


def certified(
    sample: Sample, target_precision: float, confidence: float, *, grid: ArrayLike | None = None
) -> tuple[float, ...]:
    """Return every threshold that is proven at this moment, strict to loose; the last of them is `recommend`'s.

    A threshold that was proven once stays so for this evidence: the promise is kept also by the union of all that
    was ever certified, since a bettor's highest wealth so far is as good a witness as the present one.

    Raises:
        ValueError: what is given is not what is described at `recommend`.
    """
    check_share(target_precision, "the target precision")
    check_share(confidence, "the confidence")
    if not len(sample):
        return ()
    cuts = read_grid(freeze_grid(sample.scores, sample.weights) if grid is None else grid)
    return walk(cuts, log_evidence(sample, cuts, target_precision), confidence)


def walk(grid: Iterable[float], log_evidences: Iterable[float], confidence: float) -> tuple[float, ...]:
    """Walk from strict to loose thresholds and return those that their evidence certifies.

    The risk 1 - `confidence` is shared between three starts. A certified threshold hands the risk it was given on to
    the next one; one that is not loses it. The chance of certifying any threshold wrongly stays within the risk, and
    nowhere is it taken for granted that precision rises with the score.

    Source: Wiens, "A fixed sequence Bonferroni procedure", 2003 (the fallback procedure).
    """
    share, carried, found = (1 - confidence) / len(STARTS), 0.0, []
    for position, (cut, evidence) in enumerate(zip(grid, log_evidences, strict=True)):
        level = carried + (share if position in STARTS else 0.0)
        is_certified = level > 0 and evidence >= -math.log(level)
        if is_certified:
            found.append(float(cut))
        carried = level if is_certified else 0.0
    return tuple(found)
