"""The evidence of counts, in known figures, and without an overflow however many reviews there are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thresholds.betting import OMEGA, Bets, Tally, log_evidence
from bot.domain.thresholds.samples import Sample

shares = st.floats(0.01, 0.999)
counts = st.integers(0, 2000)


def log_of(target: float, approved: int, rejected: int, shrink: float = 1.0) -> float:
    tally = Tally(np.array([True, False]), np.array([shrink, shrink]), np.array([approved, rejected]))
    return tally.log_wealth(Bets.on_precision(target))


@pytest.mark.parametrize(
    ("target", "approved", "rejected", "shrink", "printed"),
    [
        (0.95, 59, 0, 1.0, "11.0445"),
        (0.95, 72, 0, 1.0, "19.7058"),
        (0.95, 73, 0, 1.0, "20.6134"),
        (0.95, 96, 0, 1.0, "59.0017"),
        (0.95, 97, 0, 1.0, "61.7993"),
        (0.95, 150, 2, 1.0, "9.3069"),
        (0.95, 200, 5, 1.0, "2.1243"),
        (0.95, 500, 10, 1.0, "154.3971"),
        (0.99, 300, 3, 1.0, "0.2901"),
        (0.95, 380, 0, 0.25, "60.9420"),
        (0.95, 400, 0, 0.25, "77.2108"),
    ],
)
def test_known_figures(target: float, approved: int, rejected: int, shrink: float, printed: str) -> None:
    assert f"{math.exp(log_of(target, approved, rejected, shrink)):.4f}" == printed


def test_the_bettors_share_one_start() -> None:
    assert OMEGA.sum() == pytest.approx(1)
    assert log_of(0.95, 0, 0) == pytest.approx(0)


@given(shares, counts, counts)
def test_an_approval_adds_and_a_rejection_takes(target: float, approved: int, rejected: int) -> None:
    before = log_of(target, approved, rejected)
    assert log_of(target, approved + 1, rejected) > before > log_of(target, approved, rejected + 1)


@given(shares, shares, counts, counts)
def test_a_higher_target_is_never_easier(one: float, other: float, approved: int, rejected: int) -> None:
    low, high = sorted((one, other))
    assert log_of(low, approved, rejected) >= log_of(high, approved, rejected) - 1e-9


@given(shares, st.floats(0, 1))
def test_one_more_review_is_a_fair_game_at_the_limit_and_a_losing_one_below(target: float, shrink: float) -> None:
    bets = Bets.on_precision(target)
    won, lost = np.exp(bets.log_factors(True, shrink)), np.exp(bets.log_factors(False, shrink))
    assert target * won + (1 - target) * lost == pytest.approx(np.ones(len(OMEGA)))
    below = target * 0.9
    assert (below * won + (1 - below) * lost <= 1 + 1e-12).all()


@given(shares, st.floats(0, 1))
def test_bets_on_errors_are_fair_as_well_and_ruin_nobody(error: float, shrink: float) -> None:
    bets = Bets.on_errors(error)
    rejected, approved = np.exp(bets.log_factors(False, shrink)), np.exp(bets.log_factors(True, shrink))
    assert error * rejected + (1 - error) * approved == pytest.approx(np.ones(len(bets.start)))
    assert (approved > 0.04).all()


@pytest.mark.parametrize("rejected", [0, 5_000])
def test_five_thousand_reviews_overflow_nothing(rejected: int) -> None:
    labels = np.arange(5_000) >= rejected
    sample = Sample.of(np.linspace(0, 1, 5_000), labels, np.ones(5_000))
    assert np.isfinite(log_evidence(sample, [0.0, 0.5], 0.5)).all()
    assert np.isfinite(log_evidence(sample, [0.0, 0.5], 1e-300)).all()


def test_a_smallest_probability_of_zero_adds_no_evidence() -> None:
    sample = Sample.of([0.9] * 500, [1] * 500, [1.0] * 500, 0.0)
    assert log_evidence(sample, [0.5], 0.95) == pytest.approx(np.zeros(1))


def test_prefix_sums_and_tally_tell_the_same() -> None:
    random = np.random.default_rng(3)
    probabilities = random.choice([0.05, 0.2, 1.0], 800)
    sample = Sample.of(random.random(800).round(2), random.random(800) < 0.97, probabilities, 0.05)
    for cut in (0.0, 0.3, 0.5, 0.99, 1.1):
        alone = Tally.of(sample.from_threshold(cut)).log_wealth(Bets.on_precision(0.95))
        assert log_evidence(sample, [cut], 0.95)[0] == pytest.approx(alone)
