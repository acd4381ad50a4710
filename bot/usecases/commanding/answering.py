"""Command lines, in the team's words: which verb, who may, and what is answered privately."""

from __future__ import annotations

import datetime as dt
import difflib
import logging
from typing import TYPE_CHECKING

from bot.domain.errors import ChatError, NotAllowed, PlatformRefused, PlatformUnavailable, Refused
from bot.domain.roles import StandingUnknown
from bot.usecases.commanding.concepts import CONCEPTS
from bot.usecases.commanding.exporting import EXPORTING
from bot.usecases.commanding.helping import HELP
from bot.usecases.commanding.looking import LOOKING
from bot.usecases.commanding.office import THRESHOLDS, NeedsPlatform, said
from bot.usecases.commanding.running import RUNNING
from bot.usecases.commanding.taking import TAKE, take
from bot.usecases.commanding.thresholds import thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.commanding.office import Answer, Line, Office, Verb

log = logging.getLogger(__name__)

MOST_TRIES = 8
STANDING_HOLDS = dt.timedelta(minutes=15)  # who is made an admin, or is one no longer, waits at most so long
BROKEN = said("This could not be done: something is wrong inside the bot. Its log says what.")

_VERBS: Mapping[str, Verb] = {
    **RUNNING,
    **LOOKING,
    **CONCEPTS,
    **EXPORTING,
    "thresholds": thresholds,
    TAKE: take,
    "help": lambda *_: HELP,
}


def answer(office: Office, line: Line, home_team_id: str = "") -> Answer:
    """Answer a line at once where that is possible, else promise an answer and let a job give it."""
    known_since = office.clock() - STANDING_HOLDS
    try:
        person = office.lines.person(line.team_id, line.user_id, home_team_id, known_since=known_since)
        return _answer(office, line, person)
    except Refused as refused:
        return said(str(refused))
    except (StandingUnknown, NeedsPlatform):
        office.lines.defer(line, now=office.clock())
        return said("One moment: the answer follows here.")


def is_command(line: Line) -> bool:
    """Say whether what somebody typed beside files asks to see something; any other words are a caption.

    Nothing is ever changed by a caption: "live from the zoo" tells of a picture.
    """
    first = line.text.casefold().split(maxsplit=1)[:1]
    return any(word in {*LOOKING, "help", "status"} for word in first)


def finish_lines(office: Office, chat: Chat, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Finish the lines that waited for Slack or Clarifai while `go_on` says so; return how many.

    A crash between doing and answering does it again: the set-up goes on and a threshold is there already, but a
    digest that was asked for comes twice.
    """
    done = 0
    while go_on():
        claimed = office.lines.claim_line(now=office.clock())
        if claimed is None:
            break
        line_id, tries, line = claimed
        try:
            reply = _finish(office, chat, line) if tries <= MOST_TRIES else BROKEN
        except (PlatformUnavailable, ChatError) as away:
            if tries < MOST_TRIES:
                log.info("commands: line %s waits: %s", line_id, away)
                continue
            reply = said(f"This could not be done now: {away}. Try again later.")
        office.lines.finish_line(line_id, line, reply, now=office.clock())
        done += 1
    return done


def _finish(office: Office, chat: Chat, line: Line) -> Answer:
    try:
        if line.team_id != chat.team_id():  # they stay unknown: every line of theirs comes this way
            raise NotAllowed("Only members of the workspace this bot is installed in may use it.")
        person = chat.person(line.team_id, line.user_id)
        office.lines.learn(person, now=office.clock())
        return _answer(office, line, person)
    except (Refused, PlatformRefused) as refused:
        return said(str(refused))


def _answer(office: Office, line: Line, person: Person) -> Answer:
    if line.command == THRESHOLDS:
        return thresholds(office, line, person, line.text)
    verb, _, rest = line.text.strip().partition(" ")
    verb = verb.casefold()
    if verb in {"", "help"}:
        return HELP
    if verb not in _VERBS:
        near = difflib.get_close_matches(verb, _VERBS, n=1, cutoff=0.5)
        hint = f"Did you mean `/annotate {near[0]}`?" if near else "`/annotate help` shows what works."
        raise Refused(f"There is no `{verb[:40]}`. {hint}")
    return _VERBS[verb](office, line, person, rest.strip())
