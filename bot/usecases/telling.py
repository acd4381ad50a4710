"""What one person is told privately: who was faster, who may, what became of a command."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.errors import ChatError, ChatRefused
from bot.domain.views import NoteView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

MOST_TRIES = 6


@dataclass(frozen=True)
class Note:
    """One note to tell.

    `body["what"]` is lines, beaten, refused, not yours, nothing to undo, first answer, or looked already.
    """

    id: int
    team_id: str
    channel_id: str
    user_id: str
    thread_ts: str
    body: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True)
class Standing:
    """How a review that somebody pressed stands now."""

    concept: str
    verdict: str  # empty while there is none
    decided_by: str
    decided_at: dt.datetime | None
    state: str
    closed_reason: str


class NoteStore(Protocol):
    """Notes, and the facts they tell of."""

    def claim_notes(self, *, now: dt.datetime, limit: int) -> Sequence[Note]:
        """Take due notes; a claim lapses after 10 s."""

    def told(self, note: Note) -> None: ...

    def tell_later(self, note: Note, *, not_before: dt.datetime) -> None: ...

    def not_told(self, note: Note) -> None: ...

    def knows(self, note: Note) -> bool:
        """Say whether Slack was ever asked who the note's person is."""

    def learn(self, person: Person, *, now: dt.datetime) -> None: ...

    def undo_again(self, note: Note, *, at: dt.datetime) -> bool:
        """Repeat the *Undo* that was refused before its person's standing was known; say whether it undid anything."""

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]: ...

    def second_look(self, look_id: int) -> Standing | None:
        """Say how a second look stands."""


def tell(
    store: NoteStore, chat: Chat, clock: Clock, *, go_on: Callable[[], bool] = lambda: True, limit: int = 50
) -> int:
    """Tell the notes that are due while `go_on` says so; return how many.

    A crash in between may tell one twice, never none; a claim on those left over lapses.
    """
    told = 0
    for note in store.claim_notes(now=clock(), limit=limit):
        if not go_on():
            break
        try:
            if not _was_an_admin(store, chat, clock, note):
                view = _view(store, note, clock())
                if note.channel_id:
                    chat.whisper(note.channel_id, note.user_id, view, thread_ts=note.thread_ts)
                else:
                    chat.direct(note.user_id, view)
        except ChatRefused as refused:
            log.warning("tell: note %s cannot be told: %s", note.id, refused)
            store.not_told(note)
        except ChatError as away:
            if note.attempts >= MOST_TRIES:
                store.not_told(note)
            else:
                log.info("tell: note %s waits: %s", note.id, away)
                store.tell_later(note, not_before=clock() + dt.timedelta(seconds=2.0 * 2**note.attempts))
        else:
            store.told(note)
            told += 1
    return told


def _was_an_admin(store: NoteStore, chat: Chat, clock: Clock, note: Note) -> bool:
    """Before an unknown person is refused an *Undo*, ask Slack about them; an admin's is done now."""
    if note.body["what"] != "not yours" or store.knows(note):
        return False
    person = chat.person(note.team_id, note.user_id)
    store.learn(person, now=clock())
    return person.is_admin and store.undo_again(note, at=clock())


def _view(store: NoteStore, note: Note, now: dt.datetime) -> NoteView:
    if note.body["what"] == "lines":
        return NoteView.from_json(note.body)
    return NoteView(words(store, note, now))


_REFUSED = "You cannot decide here: only full members of this workspace can, in the channel of the card."
_SAID = {
    "nothing to undo": "There is nothing to undo here: this card is open again, or it was decided elsewhere.",
    "first answer": "You gave the first answer; this one is for somebody else.",
}


def words(store: NoteStore, note: Note, now: dt.datetime) -> tuple[str, ...]:
    """Put what became of a press into words."""
    what = note.body["what"]
    if what == "beaten":
        standing = store.standing(note.body["reviews"] or [])
        return tuple(beaten(s, now) for s in standing) or ("This card asks nothing any more.",)
    if what == "looked already":
        look = store.second_look(note.body["look"])
        return (beaten(look, now) if look else "This message asks nothing any more.",)
    if what == "not yours":
        standing = store.standing(note.body["reviews"] or [])
        people = sorted({s.decided_by for s in standing if s.decided_by})
        if note.user_id in people:
            return ("Your verdict here is more than 24 hours old. A workspace admin can still undo it.",)
        named = " and ".join(f"<@{p}>" for p in people) or "the person who decided"
        return (f"You have no verdict here to undo. {named} can within 24 hours, a workspace admin always.",)
    return (_SAID.get(what, _REFUSED),)


def beaten(standing: Standing, now: dt.datetime) -> str:
    """Say to somebody whose answer did not count how the review stands."""
    if standing.state == "closed":
        return f"{standing.concept}: {standing.closed_reason or 'it was decided elsewhere'}."
    if not standing.verdict or standing.decided_at is None:
        return f"{standing.concept} is open again: press once more."
    said = {"approve": "approved", "reject": "rejected", "unsure": "parked (two people were not sure)"}[
        standing.verdict
    ]
    return f"{standing.concept} was already {said} by <@{standing.decided_by}> {_ago(now - standing.decided_at)}."


def _ago(age: dt.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004 - two days read better as days
