from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reviews import Verdict
from bot.domain.sessions import SessionAnswer, answer_field, read_answers

review_ids = st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=8, unique=True)


@given(st.integers(1, 10**6), review_ids, st.sampled_from(Verdict))
def test_a_field_says_by_itself_which_step_and_reviews_it_is_about(step: int, ids: list[int], verdict: Verdict) -> None:
    assert read_answers({answer_field(step, ids): verdict.value}) == [SessionAnswer(step, tuple(ids), verdict)]


def test_what_was_left_empty_is_no_verdict() -> None:
    assert read_answers({"answer-1-7": ""}) == [SessionAnswer(1, (7,), None)]


@given(st.lists(st.integers(10**9, 2**63 - 1), min_size=30, max_size=60, unique=True))
def test_ids_that_do_not_fit_a_field_are_left_out_whole(ids: list[int]) -> None:
    name = answer_field(1, ids)
    assert len(name) <= 255
    [answer] = read_answers({name: "approve"})
    assert list(answer.review_ids) == ids[: len(answer.review_ids)]


@given(st.text(max_size=300), st.text(max_size=20))
def test_whatever_is_sent_is_understood_or_left_out(name: str, value: str) -> None:
    assert all(answer.verdict in {None, *Verdict} for answer in read_answers({name: value}))
    assert read_answers({"answer-1-7": f"{value}?"}) == [SessionAnswer(1, (7,), None)]
