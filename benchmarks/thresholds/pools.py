"""Where simulated pictures come from: real scores of real models, and the worst case there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pool:
    """Scored items with the truth: pictures are drawn from it with replacement, so that it *is* the source."""

    name: str
    scores: Floats  # rising
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, name: str, scores: Floats, right: NDArray[np.bool_]) -> Pool:
        order = np.argsort(scores, kind="stable")
        return cls(name, scores[order], right[order])

    def coverage(self, thresholds: ArrayLike) -> Floats:
        """Return the share at or above each threshold; 0 for NaN, which stands for "none"."""
        return np.asarray(1 - self._below(thresholds) / len(self.scores))

    def precision(self, thresholds: ArrayLike) -> Floats:
        """Return the share that is right at or above each threshold; NaN where nothing is."""
        below = self._below(thresholds)
        with np.errstate(invalid="ignore"):
            return np.asarray(self._right_from[below] / (len(self.scores) - below))

    @cached_property
    def _right_from(self) -> NDArray[np.intp]:
        return np.append(np.cumsum(self.right[::-1])[::-1], 0)

    def _below(self, thresholds: ArrayLike) -> NDArray[np.intp]:
        return np.asarray(np.searchsorted(self.scores, np.nan_to_num(np.asarray(thresholds), nan=np.inf)))

    def best_coverage(self, target: float) -> float:
        """Return what somebody who knows the truth could accept."""
        keeps = self.precision(self.scores) >= target
        return float(self.coverage(self.scores[keeps]).max(initial=0.0))


def digits() -> Pool:
    return _trained("digits", load_digits, 120)


def breast_cancer() -> Pool:
    return _trained("breast cancer", load_breast_cancer, 60)


def worst_case(target: float) -> Pool:
    """As good as the limit at every score, less one item in a million: whatever is certified is a broken promise."""
    count = 1_000_000
    right = np.random.default_rng(2).permutation(count) < round(target * count) - 1
    return _Flat("worst case", np.linspace(0, 1, count), right)


class _Flat(Pool):
    """Just below the limit everywhere, whatever the draw of its items says."""

    def precision(self, thresholds: ArrayLike) -> Floats:
        return np.where(np.isnan(np.asarray(thresholds)), np.nan, 0.0)


def _trained(name: str, load: Callable[..., Any], rows: int) -> Pool:
    """Train on the first `rows` of a fixed shuffle; the rest, with the probability of the top class, is the pool."""
    features, classes = load(return_X_y=True)
    order = np.random.default_rng(1).permutation(len(classes))
    seen, unseen = order[:rows], order[rows:]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=300))
    model.fit(features[seen], classes[seen])
    probabilities = model.predict_proba(features[unseen])
    right = model.classes_[probabilities.argmax(axis=1)] == classes[unseen]
    return Pool.of(name, probabilities.max(axis=1), right)
