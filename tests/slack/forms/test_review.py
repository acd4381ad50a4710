"""A picture of a review session as a modal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.domain.forms import ReviewForm
from bot.domain.reviews import ReviewKind, ReviewState
from bot.domain.views import CardReview, CardView
from bot.slack.forms import draw_form

OMAR = "U0OMAR00001"


def asked(number: int, concept: str, *, value: float = 0.36) -> CardReview:
    return CardReview(number, concept, ReviewKind.PENDING, ReviewState.POSTED, value, 0.95)


def session(*reviews: CardReview, said: tuple[str, ...] = ()) -> ReviewForm:
    card = CardView("in1", "cat.png", "omar", "https://team.slack.com/archives/C1/p1", "F0123456789", reviews)
    return ReviewForm(card, 3, 12, said)


def test_an_open_question_shows_neither_value_nor_route() -> None:
    one, other = asked(1, "man"), replace(asked(1, "man", value=0.97), kind=ReviewKind.CHECK, accept=0.5)
    assert draw_form("f1", session(one)) == draw_form("f1", session(other))


def test_concepts_that_are_decided_are_not_asked_again() -> None:
    done = replace(asked(2, "adult"), state=ReviewState.DECIDED)
    blocks = draw_form("f1", session(asked(1, "man"), done))["blocks"]
    assert [b["block_id"] for b in blocks if b["type"] == "input"] == ["answer-3-1"]


def test_it_says_what_became_of_the_one_before_and_how_many_wait() -> None:
    drawn = json.dumps(draw_form("f1", session(asked(1, "man"), said=(f"man was already approved by <@{OMAR}>.",))))
    assert f"man was already approved by <@{OMAR}>." in drawn
    assert "12 questions waiting in all" in drawn


def test_a_long_queue_is_not_counted_out() -> None:
    drawn = json.dumps(draw_form("f1", replace(session(asked(1, "man")), waiting=1000)))
    assert "1000 questions or more waiting in all" in drawn


def test_a_picture_that_slack_cannot_show_is_said_and_linked() -> None:
    form = session(asked(1, "man"))
    drawn = json.dumps(draw_form("f1", replace(form, card=replace(form.card, file_id=""))))
    assert "Slack cannot show this picture" in drawn
    assert "The message this picture came with" in drawn


@pytest.mark.parametrize("count", [1, 85, 86, 300])
def test_however_many_concepts_there_are_the_modal_fits(count: int) -> None:
    drawn = draw_form("f1", session(*(asked(n, f"concept {n}") for n in range(1, count + 1))))
    assert len(drawn["blocks"]) <= 100
    assert len([b for b in drawn["blocks"] if b["type"] == "input"]) == min(count, 85)
