"""Which thresholds are tested, fixed from scores alone."""

from __future__ import annotations

from random import Random  # noqa: TC003 - hypothesis reads the annotation

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thresholds import COVER, floor_grid, freeze_grid

scores = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=200)


def test_a_hundred_scores_are_cut_at_each_twentieth() -> None:
    grid = freeze_grid(np.arange(1, 101))
    assert grid == tuple(float(101 - 5 * step) for step in range(1, 21))
    assert len(COVER) == 20


@given(scores)
def test_a_grid_falls_reaches_its_shares_and_is_made_of_scores(inputs: list[float]) -> None:
    grid = freeze_grid(inputs)
    assert sorted(grid, reverse=True) == list(grid)
    assert set(grid) <= set(inputs)
    for cut, cover in zip(grid, COVER, strict=True):
        assert np.mean(np.array(inputs) >= cut) >= cover - 1e-9
        assert np.mean(np.array(inputs) > cut) < cover


@given(scores, st.randoms())
def test_the_order_of_scores_does_not_matter(inputs: list[float], random: Random) -> None:
    shuffled = list(inputs)
    random.shuffle(shuffled)
    assert freeze_grid(inputs) == freeze_grid(shuffled)


@given(scores, st.floats(0, 1))
def test_no_threshold_lies_below_the_floor(inputs: list[float], floor: float) -> None:
    assert all(cut >= floor for cut in freeze_grid(inputs, lowest=floor))


def test_a_weight_of_three_is_three_inputs() -> None:
    assert freeze_grid([0.9, 0.5, 0.1], [3, 2, 5]) == freeze_grid([0.9] * 3 + [0.5] * 2 + [0.1] * 5)


@given(scores)
def test_rounded_thresholds_lie_just_below(inputs: list[float]) -> None:
    for exact, rounded in zip(freeze_grid(inputs), freeze_grid(inputs, decimals=3), strict=True):
        assert exact - 0.001 - 1e-9 <= rounded <= exact + 1e-9
        assert rounded == round(rounded, 3)


@pytest.mark.parametrize("bad", [[], [float("nan")], [float("inf")], [[0.5]]])
def test_without_scores_there_is_no_grid(bad: list[float]) -> None:
    with pytest.raises(ValueError, match=r"score"):
        freeze_grid(bad)


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, -1], [1, float("nan")]])
def test_weights_must_fit(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        freeze_grid([0.5, 0.6], weights)


def test_floors_rise_from_two_to_ninety_percent() -> None:
    floors = floor_grid(np.arange(1, 101))
    assert floors == tuple(float(step) for step in range(2, 91, 4))
    assert len(floors) == 23
