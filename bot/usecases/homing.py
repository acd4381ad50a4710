"""The Home tab: drawn when somebody opens it and after each of their answers, by a job, for channels they are in."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import ChatError, ChatRefused, ChatUnavailable, NotAllowed
from bot.domain.roles import Action, may
from bot.domain.views import HomeView
from bot.usecases.deciding import Answer
from bot.usecases.telling import beaten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.commanding import LineStore
    from bot.usecases.deciding import Press
    from bot.usecases.ports import Clock
    from bot.usecases.telling import Standing

log = logging.getLogger(__name__)

MEMBERS_HOLD = dt.timedelta(minutes=10)  # who joined or left a channel waits at most so long
STANDING_HOLDS = dt.timedelta(minutes=15)
AGAIN_AFTER = dt.timedelta(seconds=5)
NOT_YOURS = "That is not for you to decide: only full members of this workspace who are in the channel can."
NOTHING_TO_UNDO = "There is nothing of yours to undo: it is more than 24 hours old, or it was undone already."


@dataclass(frozen=True)
class Behind:
    """A Home tab that is behind, and the count that drawing it now makes it show."""

    team_id: str
    user_id: str
    wanted: int


class HomeStore(Protocol):
    """Home tabs, and who belongs to which channel. Each method is one transaction."""

    def opened(self, team_id: str, user_id: str, *, now: dt.datetime) -> None:
        """Remember that somebody looks at their Home tab, and have it drawn."""

    def say(self, team_id: str, user_id: str, lines: Sequence[str], *, now: dt.datetime) -> None:
        """Have the Home tab say something, or nothing any more."""

    def claim(self, *, now: dt.datetime) -> Behind | None:
        """Take the next Home tab to draw; a claim lapses after 20 s."""

    def published(self, home: Behind) -> None: ...

    def later(self, home: Behind, *, not_before: dt.datetime) -> None: ...

    def channels_to_ask(self, team_id: str, *, known_since: dt.datetime) -> Sequence[str]:
        """Name the channels with a project whose members were last asked for before `known_since`."""

    def learn_members(self, team_id: str, channel_id: str, members: Sequence[str], *, now: dt.datetime) -> None: ...

    def view(self, team_id: str, user_id: str, *, now: dt.datetime) -> HomeView:
        """Read what the Home tab of a full member says, over the channels they are in."""

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]: ...


@dataclass(frozen=True)
class HomeDesk:
    """What the job behind Home tabs works with."""

    store: HomeStore
    people: LineStore
    chat: Chat
    clock: Clock


def publish_homes(desk: HomeDesk, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Draw the Home tabs that are behind while `go_on` says so; return how many.

    However many answers made one fall behind, it is drawn once. A crash costs drawing it again.
    """
    drawn = 0
    while go_on() and (home := desk.store.claim(now=desk.clock())):
        try:
            _show(desk, home, _view(desk, home, go_on))
        except ChatError as away:
            log.info("homes: %s waits: %s", home.user_id, away)
            wait_s = away.retry_after_s if isinstance(away, ChatUnavailable) else 0.0
            wait = max(dt.timedelta(seconds=wait_s), AGAIN_AFTER)
            desk.store.later(home, not_before=desk.clock() + wait)
            continue
        desk.store.published(home)
        drawn += 1
    return drawn


def _show(desk: HomeDesk, home: Behind, view: HomeView) -> None:
    """Draw a Home tab, without the picture where its file was deleted; one that Slack refuses stays as it is."""
    without = replace(view, next=replace(view.next, file_id="")) if view.next else view
    for shown in (view, without):
        try:
            desk.chat.show_home(home.user_id, shown)
        except ChatRefused as refused:
            log.warning("homes: Slack refuses the Home tab of %s: %s", home.user_id, refused)
        else:
            return


def _view(desk: HomeDesk, home: Behind, go_on: Callable[[], bool]) -> HomeView:
    try:
        may(_person(desk, home), Action.DECIDE, team_id=home.team_id)
    except NotAllowed as refused:
        return HomeView(said=(str(refused),), may_decide=False)
    _ask_who_is_where(desk, home.team_id, go_on)
    return desk.store.view(home.team_id, home.user_id, now=desk.clock())


def _person(desk: HomeDesk, home: Behind) -> Person:
    known_since = desk.clock() - STANDING_HOLDS
    person = desk.people.person(home.team_id, home.user_id, known_since=known_since)
    if not person.standing_known:
        person = desk.chat.person(home.team_id, home.user_id)
        desk.people.learn(person, now=desk.clock())
    return person


def _ask_who_is_where(desk: HomeDesk, team_id: str, go_on: Callable[[], bool]) -> None:
    """Ask Slack for the members of channels; a channel that it lets us not look into has none for us."""
    for channel_id in desk.store.channels_to_ask(team_id, known_since=desk.clock() - MEMBERS_HOLD):
        if not go_on():
            raise ChatUnavailable("there are more channels to ask about than one pass has time for")
        try:
            members = desk.chat.members(channel_id)
        except ChatRefused as refused:
            log.warning("homes: the members of %s cannot be asked for: %s", channel_id, refused)
            members = ()
        desk.store.learn_members(team_id, channel_id, members, now=desk.clock())


def explain(store: HomeStore, clock: Clock, press: Press, answer: Answer, review_ids: Sequence[int] = ()) -> None:
    """Have the Home tab say what became of a press on it, where that needs words; no `review_ids`: it was an *Undo*."""
    lines: Sequence[str] = ()
    if answer is Answer.REFUSED:
        lines = (NOT_YOURS,) if review_ids else (NOTHING_TO_UNDO,)
    elif answer is Answer.LOST:
        standing = store.standing(review_ids)
        lines = [beaten(s, clock()) for s in standing] or [NOTHING_TO_UNDO]
    if answer is not Answer.REPLAY:
        store.say(press.team_id, press.by, lines, now=clock())
