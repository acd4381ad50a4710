"""The guard: quiet while the model is good, quick when it is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thresholds import Guard, checks_until_noticed, run_length_for
from bot.domain.thresholds.guarding import expected_errors

errors = st.floats(0.001, 0.9)


def fed(guard: Guard, answers: str) -> Guard:
    """Feed answers written as letters: a for approved, r for rejected."""
    for answer in answers:
        guard = guard.after(rejected=answer == "r")
    return guard


def owned(guard: Guard) -> tuple[float, ...]:
    return tuple(bettor.owned for bettor in guard.bettors)


@given(errors, st.text("ar", max_size=60), st.floats(0, 1))
def test_evidence_is_never_negative_whatever_error_is_allowed(allowed: float, answers: str, shrink: float) -> None:
    guard = Guard(allowed)
    for answer in answers:
        guard = guard.after(rejected=answer == "r", shrink=shrink)
        assert all(bettor.owned > 0 for bettor in guard.bettors)


@pytest.mark.parametrize("allowed", [0.01, 0.05, 1 / 6, 0.2, 0.3, 0.5, 0.8])
def test_no_bettor_expects_more_than_95_percent_of_errors(allowed: float) -> None:
    assert all(allowed < expected <= 0.95 for expected in expected_errors(allowed))


def test_the_bettors_expect_what_was_written_down() -> None:
    assert expected_errors(0.05) == pytest.approx((0.075, 0.125, 0.25, 0.5))
    assert expected_errors(0.10) == pytest.approx((0.15, 0.25, 0.5, 0.6))
    assert expected_errors(0.20) == pytest.approx((0.3, 0.5, 0.95, 0.95))


def test_one_check_by_hand() -> None:
    guard = Guard(0.05).after(rejected=True)
    assert owned(guard) == pytest.approx((1.5, 2.5, 5.0, 10.0))
    assert guard.evidence == pytest.approx(4.75)
    assert (guard.checks, guard.rejected) == (1, 1)
    later = guard.after(rejected=False)
    assert owned(later)[3] == pytest.approx(11 * (1 - 0.45 / 0.95))


def test_a_warning_comes_before_the_alarm() -> None:
    assert not fed(Guard(0.05), "rr").is_warned
    warned = fed(Guard(0.05), "rrr")
    assert warned.is_warned
    assert not warned.is_alarmed
    assert fed(Guard(0.05), "rrrr").is_alarmed


def test_an_alarm_stays_until_a_new_guard_begins() -> None:
    alarmed = fed(Guard(0.05), "rrrr")
    assert fed(alarmed, "a" * 500) == alarmed


def test_the_last_good_point_stands_still_once_checks_go_bad() -> None:
    guard = fed(Guard(0.05), "a" * 50 + "rrrr")
    assert guard.is_alarmed
    assert guard.good_until == 50
    assert guard.checks == 54


def test_while_all_is_well_the_last_good_point_keeps_up() -> None:
    assert fed(Guard(0.05), "a" * 70).good_until == 70


def test_a_check_that_counts_for_nothing_moves_nothing_but_time() -> None:
    assert owned(Guard(0.05).after(rejected=True, shrink=0)) == (1.0,) * 4


@pytest.mark.parametrize("allowed", [0, 0.95, 1, -0.1, float("nan")])
def test_there_must_be_something_to_guard(allowed: float) -> None:
    with pytest.raises(ValueError, match="nothing to guard"):
        Guard(allowed)


@pytest.mark.parametrize("shrink", [-0.1, 1.1, float("nan")])
def test_a_check_counts_in_full_at_most(shrink: float) -> None:
    with pytest.raises(ValueError, match="counts between"):
        Guard(0.05).after(rejected=True, shrink=shrink)


def test_many_checks_a_day_ask_for_a_longer_run() -> None:
    assert run_length_for(1) == 1000
    assert run_length_for(20) == 3600


@pytest.mark.parametrize(("allowed", "most"), [(0.05, 40), (0.01, 120)])
def test_a_jump_to_four_times_the_error_is_noticed_in_time(allowed: float, most: int) -> None:
    noticed = checks_until_noticed(allowed)
    assert noticed is not None
    assert most / 4 < noticed <= most


def test_a_greater_drift_is_noticed_sooner_and_the_same_question_has_the_same_answer() -> None:
    twice, tenfold = checks_until_noticed(0.05, 2), checks_until_noticed(0.05, 10)
    assert twice is not None
    assert tenfold is not None
    assert twice > tenfold
    checks_until_noticed.cache_clear()
    assert checks_until_noticed(0.05, 2) == twice


def test_no_drift_is_not_noticed() -> None:
    assert checks_until_noticed(0.05, 0.4) is None


def test_false_alarms_are_as_rare_as_asked() -> None:
    """At exactly the allowed error, 200 guards with a run length of 100 last 100 checks in the mean at least.

    The mean of 200 has a standard error of about 7 %; 2.33 of them are granted.
    """
    random, lasted = np.random.default_rng(9), []
    for _ in range(200):
        guard = Guard(0.05, run_length=100)
        while not guard.is_alarmed:
            guard = guard.after(rejected=bool(random.random() < 0.05))
        lasted.append(guard.checks)
    assert np.mean(lasted) >= 100 * (1 - 2.33 * 0.07)
