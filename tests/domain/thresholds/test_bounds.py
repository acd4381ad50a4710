"""What is known about one threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.thresholds import Sample, band, estimate, lower_bound, upper_bound
from bot.domain.thresholds.betting import Bets, Tally


def counted(approved: int, rejected: int, pi: float = 1.0) -> Sample:
    total = approved + rejected
    return Sample.of([0.9] * total, [1] * approved + [0] * rejected, [pi] * total)


def test_1342_reviews_of_which_40_were_rejected() -> None:
    sample = counted(1302, 40)
    assert f"{lower_bound(sample, 0.9, 0.95):.3f}" == "0.954"
    assert lower_bound(sample, 0.9, 0.95) >= 0.953
    assert f"{upper_bound(sample, 0.9, 0.95):.3f}" == "0.982"


def test_73_approvals_prove_95_of_a_single_threshold_and_72_do_not() -> None:
    assert lower_bound(counted(73, 0), 0.9, 0.95) >= 0.95 > lower_bound(counted(72, 0), 0.9, 0.95)


def test_without_reviews_nothing_is_known() -> None:
    unknown = band(Sample.of([], [], []), 0.5, 0.95)
    assert (unknown.checks, unknown.rejected, unknown.estimate) == (0, 0, None)
    assert (unknown.at_least, unknown.lowest, unknown.highest) == (0.0, 0.0, 1.0)
    assert band(counted(50, 1), 0.91, 0.95).checks == 0


@settings(max_examples=40)
@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.5, 0.99))
def test_the_estimate_lies_within_the_band(approved: int, rejected: int, confidence: float) -> None:
    known = band(counted(approved, rejected), 0.5, confidence)
    assert 0 <= known.lowest <= known.at_least <= known.highest <= 1
    assert known.estimate is None or known.at_least <= known.estimate + 1e-9 <= known.highest + 2e-9
    assert (known.checks, known.rejected) == (approved + rejected, rejected)


@settings(max_examples=40)
@given(st.integers(0, 300), st.integers(0, 300))
def test_a_rejection_lowers_both_sides(approved: int, rejected: int) -> None:
    before, after = counted(approved, rejected), counted(approved, rejected + 1)
    assert lower_bound(after, 0.5, 0.95) <= lower_bound(before, 0.5, 0.95)
    assert upper_bound(after, 0.5, 0.95) <= upper_bound(before, 0.5, 0.95)


def test_an_item_drawn_rarely_speaks_for_many() -> None:
    sample = Sample.of([0.9, 0.9], [1, 0], [1.0, 0.25])
    assert estimate(sample, 0.5) == pytest.approx(0.2)


def test_only_what_is_at_or_above_counts() -> None:
    sample = Sample.of([0.9] * 80 + [0.5] * 80, [1] * 80 + [0] * 80, [1.0] * 160)
    assert estimate(sample, 0.9) == 1
    assert estimate(sample, 0.5) == pytest.approx(0.5)
    assert lower_bound(sample, 0.9, 0.95) == lower_bound(counted(80, 0), 0.9, 0.95)


@pytest.mark.parametrize("confidence", [0, 1, float("nan")])
def test_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        band(counted(5, 0), 0.5, confidence)


@pytest.mark.parametrize("error", [0.02, 0.1, 0.3])
def test_neither_side_is_wrong_at_any_time_more_often_than_said(error: float) -> None:
    """Looked at after each of 400 reviews. A side is wrong exactly where it refutes what is true."""
    random, runs, needed = np.random.default_rng(5), 400, math.log(20)
    approved = np.cumsum(random.random((runs, 400)) >= error, axis=1)[..., None]
    rejected = np.arange(1, 401)[:, None] - approved
    for bets in (Bets.on_precision(1 - error), Bets.on_errors(error)):
        products = approved * bets.log_factors(True, 1.0) + rejected * bets.log_factors(False, 1.0)
        wrong = (bets.log_wealth(products) >= needed).any(axis=1)
        assert wrong.mean() <= 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / runs)


@settings(max_examples=40)
@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99))
def test_a_bound_is_where_refuting_ends(approved: int, rejected: int, share: float) -> None:
    sample, needed = counted(approved, rejected), math.log(20)
    at_least, at_most = lower_bound(sample, 0.5, 0.95), upper_bound(sample, 0.5, 0.95)
    assume(min(abs(share - at_least), abs(share - at_most)) > 1e-9)
    tally = Tally.of(sample)
    assert (tally.log_wealth(Bets.on_precision(share)) >= needed) == (share < at_least)
    assert (tally.log_wealth(Bets.on_errors(1 - share)) >= needed) == (share > at_most)
