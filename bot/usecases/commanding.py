"""Command lines, in the team's words: what they say, who may say it, and what is answered privately."""

from __future__ import annotations

import datetime as dt
import difflib
import html
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.blueprint import WORKFLOW_ID
from bot.domain.concepts import read_request
from bot.domain.errors import ChatError, NotAllowed, PlatformRefused, PlatformUnavailable, Refused
from bot.domain.projects import ProjectState
from bot.domain.roles import Action, StandingUnknown, may
from bot.usecases import directing
from bot.usecases.cutting import described, read_change, undo_change
from bot.usecases.digesting import post_digest_now, read_wish
from bot.usecases.taking_uploads import forecast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.cutting import CutStore
    from bot.usecases.digesting import DigestStore
    from bot.usecases.directing import Account, ProjectStore
    from bot.usecases.ports import Clock, LabellingPlatform

log = logging.getLogger(__name__)

ANNOTATE, THRESHOLDS = "/annotate", "/annotate-thresholds"
MOST_TRIES = 8
STANDING_HOLDS = dt.timedelta(minutes=15)  # who is made an admin, or is one no longer, waits at most so long
COMES_LATER = frozenset({"concepts", "leave", "list", "search", "review", "export", "history"})

HELP = (
    "What works here:",
    "/annotate setup people man adult   (set this channel up; also person=people, vehicle>car,truck, puppy<dog)",
    "/annotate try https://…/photo.jpg   (what would happen to an image; writes nothing)",
    "/annotate live   /annotate pause   /annotate resume",
    "/annotate status   (set-up, thresholds, queue, health, who may do what)",
    "/annotate digest   /annotate digest 09:00 Europe/Berlin #team   /annotate digest off",
    "/annotate-thresholds   (the table)   /annotate-thresholds people 0.9",
    "/annotate-thresholds people 0.2..0.9   people off   all off   people on   undo",
    "Drop images into the channel to have them labelled.",
)

NO_PROJECT = "This channel is not set up. Try: /annotate setup people man adult"


@dataclass(frozen=True)
class Line:
    """One command line as somebody typed it, in a channel of a workspace."""

    team_id: str
    channel_id: str
    user_id: str
    command: str
    text: str


Answer = tuple[str, ...]
BROKEN: Answer = ("This could not be done: something is wrong inside the bot. Its log says what.",)


class LineStore(Protocol):
    """People's standing, and lines that a job finishes."""

    def person(
        self, team_id: str, user_id: str, home_team_id: str = "", *, known_since: dt.datetime | None = None
    ) -> Person:
        """What Slack said of somebody; their standing counts as unknown when Slack said it before `known_since`."""

    def learn(self, person: Person, *, now: dt.datetime) -> None: ...

    def defer(self, line: Line, *, now: dt.datetime) -> None: ...

    def claim_line(self, *, now: dt.datetime) -> tuple[int, int, Line] | None:
        """Take the next line to finish: its id, the tries so far, the line. A claim lapses after 15 s."""

    def finish_line(self, line_id: int, line: Line, answer: Sequence[str], *, now: dt.datetime) -> None: ...


class Lookups(Protocol):
    """What people ask to see."""

    def names(self, project_id: str) -> Mapping[str, str]: ...

    def status(self, project: Project) -> Answer: ...

    def forecasts(self, project_id: str) -> Answer:
        """What would become of the images that wait for *Go live*, one line each."""


class NeedsPlatform(Exception):
    """The answer needs Clarifai, which a listener never calls."""


@dataclass(frozen=True)
class Office:
    """What command lines work with. `platform_of` is absent in listeners, which make no network calls."""

    lines: LineStore
    projects: ProjectStore
    cuts: CutStore
    digests: DigestStore
    lookups: Lookups
    account: Account | None
    clock: Clock
    platform_of: Callable[[Project], LabellingPlatform] | None = None


def answer(office: Office, line: Line, home_team_id: str = "") -> Answer:
    """Answer a line at once where that is possible, else promise an answer and let a job give it."""
    known_since = office.clock() - STANDING_HOLDS
    try:
        person = office.lines.person(line.team_id, line.user_id, home_team_id, known_since=known_since)
        return _answer(office, line, person)
    except Refused as refused:
        return (str(refused),)
    except (StandingUnknown, NeedsPlatform):
        office.lines.defer(line, now=office.clock())
        return ("One moment: the answer follows here.",)


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
            reply = (f"This could not be done now: {away}. Try again later.",)
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
        return (str(refused),)


def _answer(office: Office, line: Line, person: Person) -> Answer:
    if line.command == THRESHOLDS:
        return _thresholds(office, line, person, line.text)
    verb, _, rest = line.text.strip().partition(" ")
    verb = verb.casefold()
    if verb in {"", "help"}:
        return HELP
    if verb in COMES_LATER:
        return (f"`{verb}` comes later.",)
    if verb not in _VERBS:
        near = difflib.get_close_matches(verb, _VERBS, n=1, cutoff=0.5)
        hint = f" Did you mean: /annotate {near[0]}" if near else ""
        raise Refused(f"There is no `{verb[:40]}`.{hint} `/annotate help` shows what works.")
    return _VERBS[verb](office, line, person, rest.strip())


def project_of(office: Office, line: Line, person: Person, action: Action) -> Project:
    """Find the channel's project and check that `person` may do `action` there."""
    project = office.projects.in_channel(line.team_id, line.channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    may(person, action, team_id=line.team_id, set_up_by=project.set_up_by)
    return project


def _setup(office: Office, line: Line, person: Person, rest: str) -> Answer:
    request = read_request(rest)
    project = office.projects.in_channel(line.team_id, line.channel_id)
    action = Action.CHANGE if project else Action.SET_UP
    may(person, action, team_id=line.team_id, set_up_by=project.set_up_by if project else "")
    if not person.standing_known:
        raise StandingUnknown  # the project takes the person's time zone
    said = directing.start_set_up(
        office.projects, office.clock, office.account, request, person, line.channel_id, team_id=line.team_id
    )
    return (said,)


def _directed(
    act: Callable[[ProjectStore, Clock, Project, Person], str],
) -> Callable[[Office, Line, Person, str], Answer]:
    def run(office: Office, line: Line, person: Person, rest: str) -> Answer:
        del rest
        project = project_of(office, line, person, Action.CHANGE)
        return (act(office.projects, office.clock, project, person),)

    return run


def _bring_older(office: Office, line: Line, person: Person, rest: str) -> Answer:
    del rest
    return (directing.bring_older(office.projects, project_of(office, line, person, Action.CHANGE)),)


def _status(office: Office, line: Line, person: Person, rest: str) -> Answer:
    del rest
    return office.lookups.status(project_of(office, line, person, Action.LOOK))


def _try(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.LOOK)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The set-up is not finished yet. The checklist in the channel says what it waits for.")
    if not rest:
        kept = office.lookups.forecasts(project.id)
        hint = "Drop an image into the channel before going live, or write: /annotate try https://…/photo.jpg"
        return kept or (f"{hint}. Nothing is written.",)
    url = html.unescape(rest.strip("<>").partition("|")[0])
    if not re.match(r"https?://", url):
        raise Refused("Give the address of an image, for example: /annotate try https://…/photo.jpg")
    if office.platform_of is None:
        raise NeedsPlatform
    suggestions = office.platform_of(project).dry_run(WORKFLOW_ID, url=url)
    cuts = office.cuts.cuts(project.id, project.applied_revision)
    return (
        "Nothing was written. This is what would happen:",
        *forecast(suggestions, cuts, office.lookups.names(project.id)),
    )


def _digest(office: Office, line: Line, person: Person, rest: str) -> Answer:
    if not rest:
        post_digest_now(office.digests, office.clock, project_of(office, line, person, Action.UPLOAD))
        return ("The digest so far follows in the channel.",)
    project = project_of(office, line, person, Action.CHANGE)
    wish = read_wish(rest, project)
    office.projects.set_digest(project, on=wish.on, at=wish.at, zone=wish.zone, channel=wish.channel)
    if not wish.on:
        return ("The daily digest is off. `digest` posts one now, `digest on` brings the daily one back.",)
    channel = wish.channel or project.digest_channel
    where = f" in <#{channel}>" if channel not in {"", project.channel_id} else ""
    return (f"The digest comes daily at {wish.at:%H:%M} {wish.zone}{where}.",)


def _thresholds(office: Office, line: Line, person: Person, rest: str) -> Answer:
    names_of = office.lookups.names
    rest = rest.strip()
    if not rest:
        project = project_of(office, line, person, Action.LOOK)
        names = names_of(project.id)
        cuts = office.cuts.cuts(project.id, project.revision)
        note = () if project.revision == project.applied_revision else ("The workflow does not run the newest yet.",)
        return ("Thresholds:", *(f"{names[c.concept_id]}: {described(c)}" for c in cuts), *note)
    if rest.casefold() == "help":
        return HELP
    project = project_of(office, line, person, Action.CHANGE)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The thresholds can be changed once the set-up is finished.")
    if rest.casefold() == "history":
        return ("`history` comes later.",)
    names = names_of(project.id)
    undo, _, revision = rest.casefold().partition(" ")
    undoes = undo == "undo" and (not revision or revision.isdecimal())
    if undoes:  # goes back to the thresholds before `revision`, or before the newest
        change = undo_change(office.cuts, project, names, int(revision or 0))
    else:
        change = read_change(rest, office.cuts.cuts(project.id, project.revision), names)
    undone = project.revision if undoes else None
    if office.cuts.want(project, change, by=person.id, at=office.clock(), undoes=undone) is None:
        raise Refused("Somebody changed the thresholds at this moment. Look at the table and try again.")
    return (*change.lines, "Saved. The channel is told once the workflow runs it.")


_VERBS: Mapping[str, Callable[[Office, Line, Person, str], Answer]] = {
    "setup": _setup,
    "try": _try,
    "live": _directed(directing.go_live),
    "pause": _directed(directing.pause),
    "resume": _directed(directing.resume),
    "bring-older": _bring_older,
    "status": _status,
    "digest": _digest,
    "thresholds": _thresholds,
    "help": lambda *_: HELP,
}
