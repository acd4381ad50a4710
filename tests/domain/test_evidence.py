"""Which calibration reviews count: up to the first undecided one, in order of arrival."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random  # noqa: TC003 - hypothesis reads the annotation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import CalibrationReview, Lane, LedgerKey, what_counts
from bot.domain.reviews import Verdict
from bot.domain.thresholds import narrow, recommend

KEY = LedgerKey("people", "model-1", "mapper-1")
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
LETTERS = {"a": Verdict.APPROVE, "r": Verdict.REJECT, "p": Verdict.UNSURE, "?": None}


def review(order: int, letter: str, *, lane: Lane = Lane.CALIBRATION) -> CalibrationReview:
    """Make a review: a approved, r rejected, p parked, ? undecided."""
    at = NOON + dt.timedelta(minutes=order)
    return CalibrationReview(KEY, 0.9, 0.5, 0.25, 0.1, lane, at, order, verdict=LETTERS[letter])


def arrived(letters: str) -> list[CalibrationReview]:
    return [review(order, letter) for order, letter in enumerate(letters)]


@pytest.mark.parametrize(
    ("letters", "counted", "held_back", "awaited"),
    [
        ("", 0, 0, 0),
        ("ara", 3, 0, 0),
        ("ar?", 2, 0, 0),
        ("a?r", 1, 1, 1),
        ("?aa?r??", 0, 3, 2),
        ("apa?", 3, 0, 0),
        ("????", 0, 0, 0),
    ],
)
def test_what_counts_ends_at_the_first_undecided(letters: str, counted: int, held_back: int, awaited: int) -> None:
    evidence = what_counts(arrived(letters))
    assert (len(evidence.counted), evidence.held_back, evidence.awaited) == (counted, held_back, awaited)


def test_a_parked_one_counts_as_rejected_and_blocks_nothing() -> None:
    assert [one.is_right for one in what_counts(arrived("apr")).counted] == [True, False, False]


def test_a_second_look_can_save_a_rejected_one() -> None:
    rejected = review(0, "r")
    assert not replace(rejected, second_verdict=Verdict.REJECT).is_right
    assert not replace(rejected, second_verdict=Verdict.UNSURE).is_right
    assert replace(rejected, second_verdict=Verdict.APPROVE).is_right


def test_the_work_lane_neither_counts_nor_blocks() -> None:
    mixed = [review(0, "?", lane=Lane.WORK), review(1, "a"), review(2, "r", lane=Lane.WORK), review(3, "a")]
    assert [one.order for one in what_counts(mixed).counted] == [1, 3]


@given(st.text("arp?", max_size=30), st.randoms())
def test_only_the_order_of_arrival_matters(letters: str, random: Random) -> None:
    reviews = arrived(letters)
    shuffled = list(reviews)
    random.shuffle(shuffled)
    assert what_counts(shuffled) == what_counts(reviews)


@given(st.text("arp?", max_size=30))
def test_everything_is_counted_held_back_or_undecided(letters: str) -> None:
    evidence = what_counts(arrived(letters))
    assert len(evidence.counted) + evidence.held_back + letters.count("?") == len(letters)


def test_ledgers_are_never_mixed() -> None:
    other = replace(review(1, "a"), ledger=replace(KEY, mapper_version="mapper-2"))
    with pytest.raises(ValueError, match="never mixed"):
        what_counts([review(0, "a"), other])


def test_the_columns_are_those_of_a_recommendation() -> None:
    sample = what_counts(arrived("a" * 400)).sample()
    assert set(sample.probabilities) == {0.5}
    assert set(sample.shrink) == {0.5}
    found = recommend(sample.scores, sample.approved, sample.probabilities, 0.95, 0.95, smallest_probabilities=0.25)
    assert found == narrow(0.9)
