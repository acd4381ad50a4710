"""Checks of automatic labels before the guard: which count, when it is enough, and what is said then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import CalibrationReview, Lane, LedgerKey
from bot.domain.probation import EXAMPLES, on_probation, shown_allowed
from bot.domain.reviews import ReviewKind, Verdict
from bot.domain.thresholds import ConceptThreshold, Guard

KEY = LedgerKey("people", "model-1", "mapper-1")
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
CUT = ConceptThreshold("people", accept=0.9)
LETTERS = {"a": Verdict.APPROVE, "r": Verdict.REJECT, "p": Verdict.UNSURE}


def check(order: int, letter: str) -> CalibrationReview:
    """A check of an automatic label: a approved, r rejected, p parked."""
    arrived, decided = NOON + dt.timedelta(minutes=order), NOON + dt.timedelta(days=1)
    label = (0.97, 0.5, 0.25, 0.1)
    return CalibrationReview(
        KEY, *label, Lane.CALIBRATION, arrived, order, decided, LETTERS[letter], kind=ReviewKind.CHECK
    )


def checks(letters: str) -> list[CalibrationReview]:
    return [replace(check(order, letter), smallest_probability=0.5) for order, letter in enumerate(letters)]


def alarmed(letters: list[CalibrationReview], cut: ConceptThreshold = CUT) -> bool:
    probation = on_probation(letters, cut, 1000.0)
    assert probation is not None
    return probation.guard.is_alarmed


def test_four_rejected_in_a_row_are_enough_at_95_percent_and_three_at_99() -> None:
    assert [alarmed(checks("r" * n)) for n in (3, 4)] == [False, True]
    strict = replace(CUT, target=0.99)
    promised = [replace(one, promised=0.99) for one in checks("rrr")]
    assert [alarmed(promised[:n], strict) for n in (2, 3)] == [False, True]


@given(st.text("aaar", max_size=60))
def test_it_is_the_guard_over_all_checks_in_order(letters: str) -> None:
    guard = Guard(0.05)
    for letter in letters:
        guard = guard.after(rejected=letter == "r")
    probation = on_probation(checks(letters), CUT, 1000.0)
    assert probation is not None
    assert probation.guard == guard


@pytest.mark.parametrize(
    "different",
    [
        {"kind": ReviewKind.PENDING},
        {"score": 0.8999999},
        {"promised": 0.9},
        {"decided_at": None, "verdict": Verdict.UNSURE},
    ],
)
def test_other_reviews_say_nothing(different: dict[str, object]) -> None:
    others = [replace(one, **different) for one in checks("rrrr")]  # type: ignore[arg-type]
    probation = on_probation(others, CUT, 1000.0)
    assert probation is not None
    assert (probation.facts.checks, probation.guard.is_alarmed) == (0, False)


def test_the_cut_itself_is_guarded_in_the_precision_of_the_wire() -> None:
    assert alarmed([replace(one, score=0.8999999761581421) for one in checks("rrrr")])


def test_nothing_is_guarded_where_nothing_is_accepted() -> None:
    assert on_probation(checks("rrrr"), CUT.switched_off(), 1000.0) is None


def test_a_check_that_was_likelier_than_others_weighs_less() -> None:
    assert not alarmed([replace(one, smallest_probability=0.05) for one in checks("rrrr")])


def test_the_reason_counts_from_the_last_good_check() -> None:
    probation = on_probation(checks("raaaaaaaaaaaaaaaaaaaa" + "rrarrr" + "aaa"), CUT, 1000.0)
    assert probation is not None
    assert probation.guard.is_alarmed
    assert probation.last_good is not None
    assert probation.last_good.order == 20
    assert probation.reason() == "4 of the last 5 checks were rejected, 1 in 20 is allowed"
    assert [one.order for one in probation.examples] == [25, 24, 22]
    assert len(probation.examples) == EXAMPLES


def test_from_the_first_check_on_all_labels_are_in_doubt() -> None:
    probation = on_probation(checks("rrrp"), CUT, 1000.0)
    assert probation is not None
    assert probation.last_good is None
    assert probation.reason() == "4 of the last 4 checks were rejected or left as not sure, 1 in 20 is allowed"


@pytest.mark.parametrize(
    ("error", "words"),
    [(0.05, "1 in 20 is"), (0.01, "1 in 100 is"), (0.1, "1 in 10 is"), (0.03, "3 in 100 are"), (0.005, "1 in 200 is"),
     (0.025, "1 in 40 is"), (0.12, "12 in 100 are")],
)  # fmt: skip
def test_what_is_allowed_is_said_in_small_numbers(error: float, words: str) -> None:
    assert shown_allowed(error) == words
