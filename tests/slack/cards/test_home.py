"""The Home tab as a view."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from bot.domain.projects import ProjectState
from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.domain.views import AnsweredView, CardReview, CardView, HomeView, QueueView
from bot.slack.cards import home

AT = dt.datetime(2026, 5, 3, 7, 0, tzinfo=dt.UTC)
HERE = "C0LABELS01"


def asked(number: int, concept: str) -> CardReview:
    return CardReview(number, concept, ReviewKind.PENDING, ReviewState.POSTED, 0.36, 0.95)


QUEUE = QueueView(HERE, ProjectState.LIVE, 3, 2, AT)
CARD = CardView("in1", "cat.png", "omar", "", "F0123456789", (asked(1, "people"), asked(2, "man")))
ANSWERED = AnsweredView(HERE, "in0", "dog.png", (("man", Verdict.REJECT), ("adult", Verdict.UNSURE)), AT)


def words(view: HomeView) -> str:
    return json.dumps(home(view), ensure_ascii=False)


def pressable(view: HomeView) -> list[tuple[str, str, str]]:
    buttons = [e for b in home(view)["blocks"] if b["type"] == "actions" for e in b["elements"]]
    return [(b["text"]["text"], b["action_id"], b["value"]) for b in buttons]


def test_every_button_carries_the_channel_it_is_about() -> None:
    view = HomeView((QUEUE,), HERE, CARD, (ANSWERED,))
    assert pressable(view) == [
        ("Start a session", f"home:line:review {HERE}", f"{HERE}|/annotate review"),
        ("Approve people", "home:decide:approve:1", f"{HERE}|1"),
        ("Reject people", "home:decide:reject:1", f"{HERE}|1"),
        ("Not sure people", "home:decide:unsure:1", f"{HERE}|1"),
        ("Approve man", "home:decide:approve:2", f"{HERE}|2"),
        ("Reject man", "home:decide:reject:2", f"{HERE}|2"),
        ("Not sure man", "home:decide:unsure:2", f"{HERE}|2"),
        ("Approve all", "home:decide:approve:all", f"{HERE}|1,2"),
        ("Reject all", "home:decide:reject:all", f"{HERE}|1,2"),
        ("Undo", "home:undo:in0", f"{HERE}|in0"),
    ]


def test_an_open_question_shows_neither_value_nor_route() -> None:
    checks = replace(CARD, reviews=tuple(replace(r, kind=ReviewKind.CHECK, value=0.97) for r in CARD.reviews))
    assert home(HomeView((QUEUE,), HERE, CARD)) == home(HomeView((QUEUE,), HERE, checks))


def test_the_last_answers_are_named() -> None:
    assert f"dog.png in <#{HERE}>: man rejected, adult not sure, <!date^" in words(
        HomeView((QUEUE,), answered=(ANSWERED,))
    )


@pytest.mark.parametrize("state", ProjectState)
def test_every_state_of_a_project_has_its_words(state: ProjectState) -> None:
    assert f"<#{HERE}> is " in words(HomeView((replace(QUEUE, state=state),)))


def test_an_empty_home_says_what_to_do_next() -> None:
    assert "Invite this bot to a channel" in words(HomeView())
    assert "Drop images into one of these channels" in words(HomeView((QueueView(HERE, ProjectState.LIVE, 0, 0),)))


def test_who_may_not_decide_sees_why_and_nothing_else() -> None:
    view = HomeView((QUEUE,), HERE, CARD, said=("Guests may not decide.",), may_decide=False)
    assert "Guests may not decide." in words(view)
    assert pressable(view) == []


def test_however_much_there_is_it_fits_one_view() -> None:
    many = replace(CARD, reviews=tuple(asked(n, f"concept {n}") for n in range(1, 60)))
    queues = tuple(replace(QUEUE, channel_id=f"C0{n:08}") for n in range(60))
    answered = tuple(replace(ANSWERED, input_id=f"in{n}") for n in range(30))
    drawn = home(HomeView(queues, HERE, many, answered, ("said",)))
    assert len(drawn["blocks"]) <= 100
    assert "40 more channels" in json.dumps(drawn)
