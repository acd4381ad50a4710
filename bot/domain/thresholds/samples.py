"""Reviewed calibration items as columns: checked once, in one order, so that nothing depends on how they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Column = NDArray[np.floating[Any]]

ROUNDING = 1e-12  # how far a smallest probability may stand above the probability it belongs to


def read_column(values: ArrayLike, name: str) -> Column:
    """Copy `values` into a column; float32 stays float32, everything else becomes float64.

    Raises:
        ValueError: it is not one-dimensional, or not made of numbers.
    """
    single = getattr(values, "dtype", None) == np.float32
    try:
        column: Column = np.array(values, dtype=np.float32 if single else np.float64)
    except (TypeError, OverflowError) as not_numbers:
        raise ValueError(f"{name} are not numbers") from not_numbers
    if column.ndim != 1:
        raise ValueError(f"{name} have {column.ndim} dimensions, not 1")
    return column


def check_share(value: float, name: str) -> None:
    """Refuse what is not strictly between 0 and 1, NaN included.

    Raises:
        ValueError: it is not.
    """
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}, not strictly between 0 and 1")


@dataclass(frozen=True, eq=False)
class Sample:
    """Calibration reviews, highest score first.

    `probabilities` are those of the coin, in (0, 1]; `shrink` is the smallest probability that was in force over the
    one the item had, in [0, 1]: by it every bet on the item is made smaller.
    Thresholds are narrowed to the scores' own precision before they are compared, so that a cut of 0.9 keeps a float32
    score of 0.9.
    """

    scores: Column
    approved: NDArray[np.bool_]
    probabilities: Column
    shrink: Column

    @classmethod
    def of(
        cls,
        scores: ArrayLike,
        labels: ArrayLike,
        sampling_probabilities: ArrayLike,
        smallest_probabilities: ArrayLike | None = None,
    ) -> Self:
        """Check the columns and bring them into one order; the arguments are left as they are.

        Labels are 1 (approved) and 0 (rejected). Without `smallest_probabilities` the least of the sampling
        probabilities is taken for each of them: always valid, but much is lost once the probability has fallen.

        Raises:
            ValueError: lengths differ, a score is not finite, a label is neither 0 nor 1, or a probability is not one.
        """
        columns = read_columns(scores, labels, sampling_probabilities)
        score, label, probability = columns
        _check_values(score, label, probability)
        smallest = _read_smallest(smallest_probabilities, probability)
        shrink = np.minimum(smallest / probability, 1.0)
        order = np.lexsort((shrink, label, -score))
        return cls(score[order], label[order] == 1, probability[order], shrink[order])

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def weights(self) -> Column:
        """How many inputs each review speaks for, up to a common factor."""
        return np.asarray(self.probabilities.min(initial=1.0) / self.probabilities)

    def count_from(self, thresholds: ArrayLike) -> NDArray[np.intp]:
        """Return how many scores are at or above each threshold: so many rows from the top."""
        with np.errstate(over="ignore"):  # a threshold beyond float32 is above every score
            narrowed = np.asarray(thresholds, dtype=self.scores.dtype)
        return np.asarray(np.searchsorted(-self.scores, -narrowed, side="right"))

    def from_threshold(self, threshold: float) -> Sample:
        """Return the part at or above `threshold`."""
        rows = int(self.count_from(threshold))
        return Sample(self.scores[:rows], self.approved[:rows], self.probabilities[:rows], self.shrink[:rows])


def read_columns(scores: ArrayLike, labels: ArrayLike, probabilities: ArrayLike) -> tuple[Column, Column, Column]:
    """Copy the three columns.

    Raises:
        ValueError: they are not one-dimensional columns of numbers of one length.
    """
    score = read_column(scores, "scores")
    label, probability = (
        read_column(values, name).astype(np.float64)
        for values, name in ((labels, "labels"), (probabilities, "sampling probabilities"))
    )
    if not len(score) == len(label) == len(probability):
        raise ValueError(f"{len(score)} scores, {len(label)} labels and {len(probability)} sampling probabilities")
    return score, label, probability


def _check_values(score: Column, label: Column, probability: Column) -> None:
    if not np.isfinite(score).all():
        raise ValueError("a score is not finite")
    if not np.isin(label, (0.0, 1.0)).all():
        raise ValueError("a label is neither 0 nor 1")
    if not ((probability > 0) & (probability <= 1)).all():
        raise ValueError("a sampling probability is not in (0, 1]")


def _read_smallest(given: ArrayLike | None, probability: Column) -> Column:
    if given is None:
        return np.full_like(probability, probability.min(initial=1.0))
    values = np.full_like(probability, given) if np.ndim(given) == 0 else read_column(given, "smallest probabilities")
    if len(values) != len(probability):
        raise ValueError(f"{len(values)} smallest probabilities for {len(probability)} reviews")
    if not (values >= 0).all():  # a negative one would bet the wrong way
        raise ValueError("a smallest probability is negative or not a number")
    if (values > probability + ROUNDING).any():
        raise ValueError("a smallest probability is above the sampling probability it belongs to")
    return values
