"""What a digest says of its numbers: a share in words, and which number is bad."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import ENOUGH_CHECKS, Checked, DigestFigures, Worst, doubtful_of, in_words, worst_of


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "none"),
        (1, "all"),
        (1 / 3, "1 in 3"),
        (0.6, "3 in 5"),
        (0.75, "3 in 4"),
        (0.97, "nearly all"),
        (0.014, "1 in 71"),
    ],
)
def test_a_share_is_said_as_people_say_it(share: float, said: str) -> None:
    assert in_words(share) == said


@given(st.floats(1e-6, 1, exclude_max=True))
def test_the_words_are_close_to_the_share(share: float) -> None:
    words = in_words(share)
    said = 1.0 if words == "nearly all" else int(words.split(" in ")[0]) / int(words.split(" in ")[1])
    assert abs(said - share) <= 0.06


def test_checks_count_as_work_for_people() -> None:
    assert DigestFigures(labelled=6, pending=2, for_people=4).share_for_people == 0.5
    assert DigestFigures(labelled=6, pending=2).share_for_people == 0.25
    assert DigestFigures(for_people=0).share_for_people is None


def test_a_number_is_bad_with_enough_checks_and_more_wrong_than_allowed() -> None:
    assert doubtful_of([Checked("man", 1, ENOUGH_CHECKS, 0.05)]) == Worst("man", 1, ENOUGH_CHECKS)
    assert doubtful_of([Checked("man", ENOUGH_CHECKS - 1, ENOUGH_CHECKS - 1, 0.05)]) is None
    assert doubtful_of([Checked("man", 1, 10, 1 - 0.9)]) is None
    assert doubtful_of([Checked("man", 3, 10, 0.05, is_accepting=False)]) is None


def test_the_worst_has_the_largest_share_of_wrong_labels() -> None:
    few, many = Checked("man", 1, 1, 0.05), Checked("people", 4, 9, 0.05)
    assert worst_of([many, few]) == Worst("man", 1, 1)
    assert doubtful_of([many, few]) == Worst("people", 4, 9)
    assert worst_of([Checked("man", 0, 5, 0.05)]) is None
