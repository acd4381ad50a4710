"""What one person is told privately."""

from __future__ import annotations

import datetime as dt
from unittest.mock import create_autospec

import pytest

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable
from bot.domain.views import NoteView
from bot.usecases.chat import Chat
from bot.usecases.telling import MOST_TRIES, Note, NoteStore, Standing, tell, words

NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)


def note(what: str, *, by: str = "U0MIA00001", attempts: int = 1, lines: tuple[str, ...] = ()) -> Note:
    body = {"what": what, "reviews": [1], "lines": lines}
    return Note(7, "T0HOME0001", "C0LABELS01", by, "", body, attempts)


def standing(
    verdict: str = "approve", *, by: str = "U0DANA0001", age: dt.timedelta = dt.timedelta(0), **more: str
) -> Standing:
    facts = {"state": "decided", "closed_reason": "", **more}
    return Standing("man", verdict, by, NOW - age if verdict else None, facts["state"], facts["closed_reason"])


def said(told: Note, *standings: Standing) -> tuple[str, ...]:
    store = create_autospec(NoteStore, instance=True)
    store.standing.return_value = list(standings)
    return words(store, told, NOW)


@pytest.mark.parametrize(
    ("age", "ago"),
    [
        (dt.timedelta(0), "just now"),
        (dt.timedelta(seconds=59), "just now"),
        (dt.timedelta(seconds=-3), "just now"),
        (dt.timedelta(minutes=2), "2 min ago"),
        (dt.timedelta(minutes=59, seconds=59), "59 min ago"),
        (dt.timedelta(hours=1), "1 h ago"),
        (dt.timedelta(hours=47), "47 h ago"),
        (dt.timedelta(days=3), "3 days ago"),
    ],
)
def test_the_loser_is_told_who_won_and_when(age: dt.timedelta, ago: str) -> None:
    assert said(note("beaten"), standing(age=age)) == (f"man was already approved by <@U0DANA0001> {ago}.",)


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("approve", "approved"), ("reject", "rejected"), ("unsure", "parked (two people were not sure)")],
)
def test_every_verdict_has_its_word(verdict: str, word: str) -> None:
    assert said(note("beaten"), standing(verdict)) == (f"man was already {word} by <@U0DANA0001> just now.",)


def test_each_lost_concept_has_its_line() -> None:
    assert len(said(note("beaten"), standing(), standing("reject"))) == 2


def test_a_review_closed_elsewhere_says_why() -> None:
    closed = standing("", state="closed", closed_reason="it was changed in Clarifai")
    assert said(note("beaten"), closed) == ("man: it was changed in Clarifai.",)


def test_a_review_that_was_undone_meanwhile_asks_for_another_press() -> None:
    assert said(note("beaten"), standing("", by="", state="posted")) == ("man is open again: press once more.",)


def test_a_card_that_asks_nothing_any_more_says_so() -> None:
    assert said(note("beaten")) == ("This card asks nothing any more.",)


def test_somebody_without_a_verdict_there_is_told_who_can_undo() -> None:
    [line] = said(note("not yours"), standing(), standing("reject", by="U0OMAR0001"))
    assert line == (
        "You have no verdict here to undo. <@U0DANA0001> and <@U0OMAR0001> can within 24 hours, "
        "a workspace admin always."
    )


def test_the_decider_is_told_when_it_is_too_late() -> None:
    [line] = said(note("not yours", by="U0DANA0001"), standing(age=dt.timedelta(hours=25)))
    assert "more than 24 hours" in line
    assert "workspace admin" in line


def test_a_refused_press_says_who_may() -> None:
    [line] = said(note("refused"))
    assert "full members of this workspace" in line


def test_a_note_is_told_once_to_one_person() -> None:
    store, chat = create_autospec(NoteStore, instance=True), create_autospec(Chat, instance=True)
    told = note("lines", lines=("one",))
    store.claim_notes.return_value = [told]
    assert tell(store, chat, lambda: NOW) == 1
    chat.whisper.assert_called_once_with("C0LABELS01", "U0MIA00001", NoteView(("one",)), thread_ts="")
    store.told.assert_called_once_with(told)


@pytest.mark.parametrize("trouble", [ChatUnavailable("429"), ChatInDoubt("lost")])
def test_a_note_waits_for_slack_longer_each_time(trouble: Exception) -> None:
    store, chat = create_autospec(NoteStore, instance=True), create_autospec(Chat, instance=True)
    told = note("lines", attempts=3, lines=("one",))
    store.claim_notes.return_value = [told]
    chat.whisper.side_effect = trouble
    assert tell(store, chat, lambda: NOW) == 0
    store.tell_later.assert_called_once_with(told, not_before=NOW + dt.timedelta(seconds=16))


@pytest.mark.parametrize(
    ("trouble", "attempts"), [(ChatRefused("user_not_in_channel"), 1), (ChatUnavailable("429"), MOST_TRIES)]
)
def test_a_note_that_cannot_be_told_is_given_up(trouble: Exception, attempts: int) -> None:
    store, chat = create_autospec(NoteStore, instance=True), create_autospec(Chat, instance=True)
    told = note("lines", attempts=attempts, lines=("one",))
    store.claim_notes.return_value = [told, note("lines", lines=("two",))]
    chat.whisper.side_effect = [trouble, None]
    assert tell(store, chat, lambda: NOW) == 1
    store.not_told.assert_called_once_with(told)
