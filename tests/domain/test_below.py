from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.below import FLOORS, ProbedConcept, ProbedItem, Truth, below_floor, below_floor_lines, floor_that_keeps
from bot.domain.thresholds import OFF, narrow

RIGHT, WRONG, OPEN, UNKNOWN, UNASKED = Truth.RIGHT, Truth.WRONG, Truth.OPEN, Truth.UNKNOWN, Truth.UNASKED
ITEMS = st.lists(st.builds(ProbedItem, st.floats(0, 1, width=32), st.sampled_from(Truth)), max_size=60)


def items(*given: tuple[float, Truth, int]) -> list[ProbedItem]:
    return [ProbedItem(value, truth) for value, truth, many in given for _ in range(many)]


@given(ITEMS, st.floats(0, 1))
def test_counts_never_exceed_each_other_and_leave_open_questions_out(probed: list[ProbedItem], floor: float) -> None:
    counts = below_floor(probed, floor)
    assert counts.missed <= counts.answered <= counts.dropped <= counts.probed
    assert counts.probed == sum(item.truth not in {OPEN, UNASKED} for item in probed)
    flipped = [replace(item, value=1 - item.value) if item.truth in {OPEN, UNASKED} else item for item in probed]
    assert below_floor(flipped, floor) == counts


def test_what_lies_exactly_at_the_floor_is_kept_in_float32_too() -> None:
    assert below_floor([ProbedItem(narrow(0.2), WRONG)], 0.2).dropped == 0
    assert below_floor([ProbedItem(float(np.nextafter(np.float32(0.2), np.float32(0))), WRONG)], 0.2).dropped == 1


def test_thirty_six_right_ones_prove_a_floor_and_thirty_five_do_not() -> None:
    """As for a target of 90 % with one threshold: reference, section 12."""
    assert floor_that_keeps(items((0.5, RIGHT, 36)), 0.95) == 0.5
    assert floor_that_keeps(items((0.5, RIGHT, 35)), 0.95) is None
    assert floor_that_keeps(items((0.5, WRONG, 900)), 0.95) is None


def test_it_stays_below_accept() -> None:
    assert floor_that_keeps(items((0.99, RIGHT, 400)), 0.3) == 0.29
    assert floor_that_keeps(items((0.99, RIGHT, 400)), OFF) == 0.99
    assert floor_that_keeps(items((0.99, RIGHT, 400)), 0.01) is None


def test_only_what_came_before_the_first_open_question_counts() -> None:
    assert floor_that_keeps(items((0.5, RIGHT, 36), (0.5, OPEN, 1)), 0.95) == 0.5
    assert floor_that_keeps(items((0.5, OPEN, 1), (0.5, RIGHT, 36)), 0.95) is None


@given(ITEMS)
def test_what_nobody_could_answer_never_raises_the_floor(probed: list[ProbedItem]) -> None:
    proven = items((0.5, RIGHT, 60))
    silent = [replace(item, truth=UNASKED if item.truth is UNASKED else UNKNOWN) for item in probed]
    best = floor_that_keeps([*silent, *proven], 0.95)
    assert best is None or best <= (floor_that_keeps(proven, 0.95) or 0)


def test_the_floors_that_are_tried_are_fixed_and_rise() -> None:
    assert FLOORS[:2] == (0.01, 0.02)
    assert len(FLOORS) == 99
    assert list(FLOORS) == sorted(FLOORS)


@pytest.mark.parametrize("power", [0.5, 0.7, 1.0])
def test_of_projects_that_look_all_the_time_few_are_ever_told_a_floor_that_loses_more(power: float) -> None:
    """Right labels have scores u ** power, so that a floor f loses f ** (1 / power) of them."""
    random, runs, broken, found = np.random.default_rng(6), 200, 0, 0
    for _ in range(runs):
        probed = [ProbedItem(float(v), RIGHT) for v in random.random(500) ** power]
        looks = [floor_that_keeps(probed[:upto], 0.95) for upto in range(100, 501, 100)]
        found += looks[-1] is not None
        broken += any(best is not None and best ** (1 / power) > 0.10 for best in looks)
    assert found / runs >= 0.9
    assert broken / runs <= 0.05 + 2.33 * (0.05 * 0.95 / runs) ** 0.5


def lines(*concepts: tuple[str, list[ProbedItem]]) -> tuple[str, ...]:
    return below_floor_lines([ProbedConcept(name, 0.2, 0.95, probed) for name, probed in concepts])


def test_without_a_drawn_picture_it_says_unknown_once_for_all() -> None:
    open_ones, answered = items((0.1, OPEN, 3), (0.1, UNASKED, 1)), items((0.1, WRONG, 1))
    assert lines(("man", [])) == ("Below the floor of man: unknown, no picture was drawn and answered yet",)
    assert lines(("people", open_ones), ("man", answered), ("adult", [])) == (
        "Below the floor of man: 1 of 1 looked at was dropped, 0 of 1 answered were right after all",
        "Below the floor of people, adult: unknown, no picture was drawn and answered yet",
    )
    assert lines() == ()


@pytest.mark.parametrize(
    ("probed", "said"),
    [
        (
            items((0.1, RIGHT, 1), (0.1, WRONG, 11), (0.1, UNKNOWN, 29), (0.5, WRONG, 19)),
            "41 of 60 looked at were dropped, 1 of 12 answered was right after all",
        ),
        (items((0.1, WRONG, 1)), "1 of 1 looked at was dropped, 0 of 1 answered were right after all"),
        (items((0.5, WRONG, 4)), "0 of 4 looked at were dropped"),
        (items((0.1, UNKNOWN, 2)), "2 of 2 looked at were dropped; whether rightly is unknown, nobody could say"),
    ],
)
def test_what_is_dropped_is_said_with_its_numbers(probed: list[ProbedItem], said: str) -> None:
    assert lines(("man", probed)) == (f"Below the floor of man: {said}",)


@pytest.mark.parametrize(("value", "said"), [(0.315, "could be 0.31"), (0.205, "is proven"), (0.105, "could be 0.10")])
def test_the_floor_that_could_be_is_said_with_what_it_loses(value: float, said: str) -> None:
    told = lines(("man", items((value, RIGHT, 60))))
    assert told[1:] == (f"The floor of man {said}: at most 10% of the right ones are lost (95% sure)",)
