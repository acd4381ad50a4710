"""A review from question to answer and back: the first verdict wins, two doubts park, *Undo* is a new revision."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.reviews import AlreadyDecided, Review, ReviewState, Verdict

AT = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
OPEN = Review(ReviewState.POSTED)


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT])
def test_the_first_verdict_wins(verdict: Verdict) -> None:
    decided = OPEN.decided(verdict, "U1", AT)
    assert (decided.state, decided.verdict, decided.decided_by, decided.decided_at) == (
        ReviewState.DECIDED,
        verdict,
        "U1",
        AT,
    )
    for late in Verdict:
        with pytest.raises(AlreadyDecided):
            decided.decided(late, "U2", AT)


def test_one_doubt_leaves_the_review_open_for_everybody() -> None:
    doubted = OPEN.decided(Verdict.UNSURE, "U1", AT)
    assert (doubted.state, doubted.verdict, doubted.doubted_by) == (ReviewState.POSTED, None, "U1")
    assert doubted.decided(Verdict.UNSURE, "U1", AT) == doubted
    assert doubted.decided(Verdict.APPROVE, "U1", AT).verdict is Verdict.APPROVE
    assert doubted.decided(Verdict.REJECT, "U2", AT).verdict is Verdict.REJECT


def test_a_second_persons_doubt_parks_it_until_undo() -> None:
    parked = OPEN.decided(Verdict.UNSURE, "U1", AT).decided(Verdict.UNSURE, "U2", AT)
    assert (parked.state, parked.verdict, parked.decided_by) == (ReviewState.DECIDED, Verdict.UNSURE, "U2")
    with pytest.raises(AlreadyDecided):
        parked.decided(Verdict.APPROVE, "U1", AT)
    assert parked.undone() == Review(ReviewState.POSTED, revision=2)


def test_a_press_on_a_card_whose_posting_is_not_recorded_yet_counts() -> None:
    assert Review(ReviewState.QUEUED).decided(Verdict.REJECT, "U1", AT).verdict is Verdict.REJECT
    doubted = Review(ReviewState.QUEUED).decided(Verdict.UNSURE, "U1", AT)
    assert (doubted.state, doubted.doubted_by) == (ReviewState.QUEUED, "U1")


@pytest.mark.parametrize("state", [s for s in ReviewState if s not in {ReviewState.QUEUED, ReviewState.POSTED}])
def test_only_an_open_review_takes_a_verdict(state: ReviewState) -> None:
    with pytest.raises(AlreadyDecided):
        Review(state).decided(Verdict.APPROVE, "U1", AT)


@pytest.mark.parametrize("state", [s for s in ReviewState if s not in {ReviewState.DECIDED, ReviewState.SETTLED}])
def test_what_has_no_verdict_cannot_be_undone(state: ReviewState) -> None:
    with pytest.raises(ValueError, match="no verdict to undo"):
        Review(state).undone()


class OneReview(RuleBasedStateMachine):
    """Any number of people pressing anything, settled and undone at any time, against a plain record of presses."""

    def __init__(self) -> None:
        super().__init__()
        self.review = OPEN
        self.verdict: Verdict | None = None
        self.decider = ""
        self.doubters: set[str] = set()
        self.undone = 0

    @rule(verdict=st.sampled_from(list(Verdict)), by=st.sampled_from(["U1", "U2", "U3"]))
    def press(self, verdict: Verdict, by: str) -> None:
        if self.verdict is not None:
            with pytest.raises(AlreadyDecided):
                self.review.decided(verdict, by, AT)
            return
        self.review = self.review.decided(verdict, by, AT)
        if verdict is Verdict.UNSURE:
            self.doubters.add(by)
        if verdict is not Verdict.UNSURE or len(self.doubters) == 2:
            self.verdict, self.decider = verdict, by

    @precondition(lambda self: self.verdict is not None)
    @rule()
    def settle(self) -> None:
        self.review = Review(ReviewState.SETTLED, self.review.revision, self.review.verdict, self.review.decided_by)

    @precondition(lambda self: self.verdict is not None)
    @rule()
    def undo(self) -> None:
        self.review = self.review.undone()
        self.verdict, self.decider, self.doubters = None, "", set()
        self.undone += 1

    @invariant()
    def is_what_people_said(self) -> None:
        review = self.review
        assert (review.state is ReviewState.POSTED) == (self.verdict is None)
        assert (review.verdict, review.decided_by) == (self.verdict, self.decider)
        assert review.revision == 1 + self.undone
        if self.verdict is None:
            assert {review.doubted_by} - {""} == self.doubters


TestOneReview = OneReview.TestCase
