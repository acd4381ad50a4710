"""A press becomes a stored answer, or an error and nothing stored."""

from __future__ import annotations

import datetime as dt
from unittest.mock import Mock, create_autospec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.reviews import Verdict
from bot.usecases.deciding import Answer, Ballot, Press, decide, read_review_ids, undo

NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
PRESS = Press("k1", "T0HOME0001", "C0LABELS01", "U0MIA00001")


@given(st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=50))
def test_a_button_carries_its_reviews(ids: list[int]) -> None:
    assert read_review_ids(",".join(map(str, ids))) == ids


@pytest.mark.parametrize("value", ["", ",", "1,", "one", "0", "-1", str(2**63), "1;2", "1.0", "1 or 1=1", "null"])
def test_a_value_that_is_not_ours_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="not made by this bot"):
        read_review_ids(value)


@given(st.text(max_size=40))
def test_whatever_a_button_carries_is_a_list_of_ids_or_a_refusal(value: str) -> None:
    try:
        ids = read_review_ids(value)
    except Refused:
        return
    assert ids
    assert all(0 < i < 2**63 for i in ids)


def test_a_press_is_stored_before_anybody_is_woken() -> None:
    steps = Mock()
    ballot = create_autospec(Ballot, instance=True)
    ballot.decide.return_value = Answer.WON
    steps.attach_mock(ballot, "ballot")
    assert decide(ballot, lambda: NOW, steps.wake, PRESS, [1, 2], Verdict.APPROVE) is Answer.WON
    assert [name for name, _, _ in steps.mock_calls] == ["ballot.decide", "wake"]
    ballot.decide.assert_called_once_with(
        PRESS, [1, 2], Verdict.APPROVE, at=NOW, draw_after=NOW + dt.timedelta(seconds=1.5)
    )


def test_undo_reaches_back_a_day() -> None:
    ballot, wake = create_autospec(Ballot, instance=True), Mock()
    ballot.undo.return_value = Answer.WON
    assert undo(ballot, lambda: NOW, wake, PRESS, "in1") is Answer.WON
    ballot.undo.assert_called_once_with(PRESS, "in1", at=NOW, since=NOW - dt.timedelta(hours=24))
    wake.assert_called_once_with()


def test_a_press_that_cannot_be_stored_is_an_error_and_wakes_nobody() -> None:
    ballot, wake = create_autospec(Ballot, instance=True), Mock()
    ballot.decide.side_effect = ConnectionError
    with pytest.raises(ConnectionError):
        decide(ballot, lambda: NOW, wake, PRESS, [1], Verdict.REJECT)
    wake.assert_not_called()
