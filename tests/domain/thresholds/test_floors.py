"""How high the floor may be, and what is known of what it drops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.domain.thresholds import BelowFloor, floor_grid, recommend_floor

RANDOM = np.random.default_rng(4)
GRID = floor_grid(RANDOM.random(2000))


def test_a_floor_is_found_below_which_little_is_right() -> None:
    scores = RANDOM.random(3000)
    labels = RANDOM.random(3000) < np.where(scores > 0.5, 0.9, 0.01)
    floor = recommend_floor(scores, labels, np.ones(3000), 0.05, 0.95, smallest_probability=1, grid=GRID)
    assert floor is not None
    assert 0.3 < floor < 0.6


def test_without_right_labels_or_reviews_there_is_none() -> None:
    assert recommend_floor([], [], [], 0.05, 0.95, smallest_probability=1, grid=GRID) is None
    assert recommend_floor([0.5] * 900, [0] * 900, [1] * 900, 0.05, 0.95, smallest_probability=1, grid=GRID) is None


def test_where_right_labels_lie_low_the_floor_stays_low() -> None:
    scores = RANDOM.random(3000)
    floor = recommend_floor(scores, np.ones(3000), np.ones(3000), 0.05, 0.95, smallest_probability=1, grid=GRID)
    assert floor is None or floor < 0.05


def test_an_item_exactly_at_the_floor_is_kept() -> None:
    assert recommend_floor([0.4] * 100, [1] * 100, [1] * 100, 0.05, 0.95, smallest_probability=1, grid=[0.4]) == 0.4
    assert recommend_floor([0.4] * 100, [1] * 100, [1] * 100, 0.05, 0.95, smallest_probability=1, grid=[0.41]) is None


def test_the_walk_ends_at_the_first_floor_that_fails() -> None:
    scores, labels = [0.3] * 50 + [0.9] * 100, [1] * 150
    assert recommend_floor(scores, labels, [1] * 150, 0.05, 0.95, smallest_probability=1, grid=[0.2, 0.4, 0.8]) == 0.2


@pytest.mark.parametrize(
    ("lost", "confidence", "grid", "said"),
    [
        (0, 0.95, GRID, "share lost"),
        (0.05, 1, GRID, "confidence"),
        (0.05, 0.95, GRID[::-1], "lowest"),
        (0.05, 0.95, [float("nan")], "finite"),
    ],
)
def test_what_is_not_described_is_refused(lost: float, confidence: float, grid: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        recommend_floor([0.5], [1], [1], lost, confidence, smallest_probability=1, grid=grid)


def test_where_nothing_below_could_be_drawn_nothing_is_recommended() -> None:
    only_above = ([0.9] * 900, [1] * 900, [1] * 900)
    assert recommend_floor(*only_above, 0.05, 0.95, smallest_probability=0, grid=[0.5]) is None
    assert recommend_floor(*only_above, 0.05, 0.95, smallest_probability=0.02, grid=[0.5]) is None


def test_too_much_is_lost_no_more_often_than_said() -> None:
    random, runs, wrong = np.random.default_rng(12), 150, 0
    for _ in range(runs):
        grid = floor_grid(random.random(300))
        scores, pi = random.random(600), 0.5
        floor = recommend_floor(scores, np.ones(600), np.full(600, pi), 0.10, 0.95, smallest_probability=pi, grid=grid)
        wrong += floor is not None and floor > 0.10  # a floor of x drops the share x here
    assert wrong / runs <= 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / runs)


def test_what_is_below_the_floor_is_unknown_until_inputs_were_drawn() -> None:
    unknown = BelowFloor(0, 0, 0, 0)
    assert (unknown.dropped_share, unknown.missed_share) == (None, None)
    known = BelowFloor(200, 120, 60, 3)
    assert (known.dropped_share, known.missed_share) == (0.6, 0.05)
