"""The click's one statement and the rule of a review say the same, press by press."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from sqlmodel import Session

from bot.domain.reviews import AlreadyDecided, Review, ReviewState, Verdict
from bot.storage.ballot import SqlBallot
from bot.storage.tables import AnnotationRow, ProjectRow, ReviewRow
from bot.usecases.deciding import Answer, Press

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
PROJECT, TEAM, CHANNEL, INPUT = "p1", "T0HOME0001", "C0LABELS01", "in1"
PEOPLE = ["U0DANA0001", "U0MIA00001", "U0OMAR0001"]
CONCEPTS = ["people", "man", "adult"]
PRESSES = 120


def plant(engine: Engine, state: ReviewState) -> dict[int, Review]:
    """One card with a review of each concept, all in `state`; by id."""
    project = ProjectRow(
        id=PROJECT,
        team_id=TEAM,
        channel_id=CHANNEL,
        state="live",
        set_up_by=PEOPLE[0],
        user_id="demo",
        app_id="team",
        coin_secret=b"sealed",
        digest_at=dt.time(9),
        created_at=AT,
    )
    annotation = AnnotationRow(
        project_id=PROJECT, id="a1", input_id=INPUT, status="pending", modified_at=AT, revision=1, seen_at=AT
    )
    reviews = [
        ReviewRow(
            project_id=PROJECT,
            annotation_id="a1",
            input_id=INPUT,
            concept_id=concept,
            kind="pending",
            value=0.5,
            probability=1.0,
            state=state.value,
            thresholds=1,
            created_at=AT,
        )
        for concept in CONCEPTS
    ]
    with Session(engine) as session:
        session.add(project)
        session.flush()
        session.add_all([annotation, *reviews])
        session.commit()
        return {review.id: Review(state) for review in reviews}


def stored(engine: Engine, ids: list[int]) -> dict[int, Review]:
    """The reviews as the database has them."""
    with Session(engine) as session:
        rows = [session.get_one(ReviewRow, review_id) for review_id in ids]
        return {
            row.id: Review(
                ReviewState(row.state),
                row.revision,
                Verdict(row.verdict) if row.verdict else None,
                row.decided_by,
                row.decided_at,
                row.doubted_by,
            )
            for row in rows
        }


def decided(reviews: dict[int, Review], ids: list[int], verdict: Verdict, by: str, at: dt.datetime) -> bool:
    """Press one button by the rule; say whether it counted for any of its reviews."""
    counted = False
    for review_id in ids:
        try:
            reviews[review_id] = reviews[review_id].decided(verdict, by, at)
        except AlreadyDecided:
            continue
        counted = True
    return counted


def undone(reviews: dict[int, Review], by: str) -> bool:
    """Take back what `by` decided, by the rule; say whether there was anything."""
    own = [i for i, r in reviews.items() if r.verdict and r.decided_by == by]
    for review_id in own:
        reviews[review_id] = reviews[review_id].undone()
    return bool(own)


@pytest.mark.parametrize("state", [ReviewState.POSTED, ReviewState.QUEUED])
def test_any_presses_leave_what_the_rule_says(engine: Engine, state: ReviewState) -> None:
    chance = random.Random(state.value)  # noqa: S311 - which button is pressed next is no secret
    reviews, ballot = plant(engine, state), SqlBallot(engine)
    for n in range(PRESSES):
        at = AT + dt.timedelta(seconds=n)
        press = Press(f"key {n}", TEAM, CHANNEL, chance.choice(PEOPLE), TEAM)
        if chance.random() < 0.2:
            answer = ballot.undo(press, INPUT, at=at, since=at - dt.timedelta(hours=24))
            counted = undone(reviews, press.by)
        else:
            ids = chance.choice([[i] for i in reviews] + [list(reviews)])
            verdict = chance.choice(list(Verdict))
            answer = ballot.decide(press, ids, verdict, at=at, draw_after=at)
            counted = decided(reviews, ids, verdict, press.by, at)
        assert (answer is Answer.WON) == counted
        assert stored(engine, list(reviews)) == reviews


def test_a_press_delivered_again_changes_nothing(engine: Engine) -> None:
    reviews, ballot = plant(engine, ReviewState.POSTED), SqlBallot(engine)
    press = Press("key", TEAM, CHANNEL, PEOPLE[0], TEAM)
    ids = list(reviews)
    assert ballot.decide(press, ids, Verdict.APPROVE, at=AT, draw_after=AT) is Answer.WON
    once = stored(engine, ids)
    assert ballot.decide(press, ids, Verdict.REJECT, at=AT, draw_after=AT) is Answer.REPLAY
    assert stored(engine, ids) == once
