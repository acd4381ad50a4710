"""How many more checks a proof may take."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thresholds import Sample, checks_still_needed, clean_checks_needed, freeze_grid, recommend

GRID = freeze_grid(np.linspace(0, 1, 1001))
NOTHING = Sample.of([], [], [])


@pytest.mark.parametrize(
    ("confidence", "needed"),
    [(0.90, (40, 82, 207, 416, 834)), (0.95, (47, 97, 245, 493, 988)), (0.99, (64, 131, 333, 668, 1339))],
)
def test_clean_checks_of_each_target(confidence: float, needed: tuple[int, ...]) -> None:
    targets = (0.90, 0.95, 0.98, 0.99, 0.995)
    assert tuple(clean_checks_needed(target, confidence) for target in targets) == needed


def test_a_single_threshold_needs_fewer() -> None:
    assert [clean_checks_needed(t, 0.95, starts=1) for t in (0.9, 0.95, 0.98, 0.99)] == [36, 73, 184, 370]


def test_at_the_beginning_all_clean_checks_are_needed_and_the_loosest_start_is_nearest() -> None:
    need = checks_still_needed(NOTHING, GRID, 0.95, 0.95)
    assert (need.done, need.clean, need.expected) == (0, 97, 97)
    assert need.threshold == GRID[15]
    assert need.reviews == 122  # 97 of 80 %


@given(st.integers(1, 96))
def test_clean_checks_count_down_to_a_recommendation(given_: int) -> None:
    sample = Sample.of([1.0] * given_, [1] * given_, [1.0] * given_)
    need = checks_still_needed(sample, GRID, 0.95, 0.95)
    assert (need.done, need.clean, need.expected) == (given_, 97 - given_, 97 - given_)


def test_what_is_needed_is_enough_and_one_less_is_not() -> None:
    random = np.random.default_rng(8)
    scores, labels = random.random(150), random.random(150) < 0.97
    need = checks_still_needed(Sample.of(scores, labels, np.ones(150)), GRID, 0.95, 0.95)
    assert need.expected is not None
    assert 0 < need.clean <= need.expected

    def after(more: int) -> float | None:
        return recommend(
            np.append(scores, [need.threshold] * more),
            np.append(labels, [1] * more),
            np.ones(150 + more),
            0.95,
            0.95,
            grid=GRID,
        )

    assert after(need.clean) is not None
    assert after(need.clean - 1) is None


def test_where_too_much_is_wrong_no_number_would_do() -> None:
    sample = Sample.of([0.9] * 100, [1] * 87 + [0] * 13, [1.0] * 100)
    need = checks_still_needed(sample, GRID, 0.95, 0.95)
    assert (need.expected, need.reviews, need.refuted) == (None, None, True)


def test_a_bad_beginning_is_no_refutation() -> None:
    need = checks_still_needed(Sample.of([0.9] * 5, [1, 1, 1, 0, 0], [1.0] * 5), GRID, 0.95, 0.95)
    assert (need.expected, need.refuted) == (None, False)


def test_the_start_that_is_good_is_named_where_the_others_are_not() -> None:
    sample = Sample.of([0.9] * 50 + [0.3] * 50, [1] * 50 + [0] * 50, [1.0] * 100)
    need = checks_still_needed(sample, GRID, 0.95, 0.95)
    assert need.threshold in {GRID[3], GRID[9]}
    assert (need.done, need.expected, need.share) == (50, 47, 0.5)
    assert need.reviews == 94


def test_what_is_certified_needs_nothing() -> None:
    assert checks_still_needed(Sample.of([1.0] * 97, [1] * 97, [1.0] * 97), GRID, 0.95, 0.95).clean == 0


@pytest.mark.parametrize(("target", "confidence"), [(0, 0.95), (1, 0.95), (0.95, 0), (0.95, float("nan"))])
def test_target_and_confidence_are_shares(target: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="strictly between"):
        checks_still_needed(NOTHING, GRID, target, confidence)
    with pytest.raises(ValueError, match="strictly between"):
        clean_checks_needed(target, confidence)
