"""The verbs of a project's life: set up, try, go live, pause, leave, status, digest."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bot.domain.blueprint import WORKFLOW_ID
from bot.domain.concepts import read_request
from bot.domain.errors import Refused
from bot.domain.projects import ProjectState
from bot.domain.reviewers import alphabetical
from bot.domain.roles import Action, StandingUnknown, may
from bot.domain.views import NoteView, Offer
from bot.usecases import directing
from bot.usecases.commanding.concepts import asks_what_to_change
from bot.usecases.commanding.office import NeedsPlatform, project_of, said
from bot.usecases.digesting import post_digest_now, read_wish
from bot.usecases.taking_uploads import forecast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office, Verb
    from bot.usecases.directing import ProjectStore
    from bot.usecases.ports import Clock

YES = "yes"


def _setup(office: Office, line: Line, person: Person, rest: str) -> Answer:
    request = read_request(rest)
    project = office.projects.in_channel(line.team_id, line.channel_id)
    action = Action.CHANGE if project else Action.SET_UP
    may(person, action, team_id=line.team_id, set_up_by=project.set_up_by if project else "")
    if project and project.state is not ProjectState.SETTING_UP:
        return asks_what_to_change(office, project, request)
    if not person.standing_known:
        raise StandingUnknown  # the project takes the person's time zone
    told = directing.start_set_up(
        office.projects, office.clock, office.account, request, person, line.channel_id, team_id=line.team_id
    )
    return said(told)


def _directed(
    act: Callable[[ProjectStore, Clock, Project, Person], str],
) -> Callable[[Office, Line, Person, str], Answer]:
    def run(office: Office, line: Line, person: Person, rest: str) -> Answer:
        del rest
        project = project_of(office, line, person, Action.CHANGE)
        return said(act(office.projects, office.clock, project, person))

    return run


def _leave(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.CHANGE)
    if rest.casefold() == YES:
        return said(directing.leave(office.projects, office.clock, project, person))
    return NoteView(
        (directing.what_leaving_does(project), f"Nothing was done yet: press *Leave*, or type `leave {YES}`."),
        offers=(Offer("Leave", f"leave {YES}"),),
    )


def _bring_older(office: Office, line: Line, person: Person, rest: str) -> Answer:
    del rest
    return said(directing.bring_older(office.projects, project_of(office, line, person, Action.CHANGE)))


def _status(office: Office, line: Line, person: Person, rest: str) -> Answer:
    if rest.casefold() == "reviewers":
        return _reviewers(office, line, person)
    project = project_of(office, line, person, Action.LOOK)
    return said(*office.lookups.status(project), *office.below.below_floor_lines(project.id))


def _reviewers(office: Office, line: Line, person: Person) -> Answer:
    """Show who answered how much, to the person who set up and to admins; in the order of their names."""
    project = project_of(office, line, person, Action.CHANGE)
    known = alphabetical(list(office.lookups.reviewers(project)))
    if not known:
        return said("Nobody has answered anything yet.")
    return said("Who answered, in the order of the names. Only you see this.", *(one.told() for one in known))


def _try(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.LOOK)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The set-up is not finished yet. The checklist in the channel says what it waits for.")
    if not rest:
        kept = office.lookups.forecasts(project.id)
        hint = "Drop an image into the channel before going live, or write: /annotate try https://…/photo.jpg"
        return said(*kept) if kept else said(f"{hint}. Nothing is written.")
    url = html.unescape(rest.strip("<>").partition("|")[0])
    if not re.match(r"https?://", url):
        raise Refused("Give the address of an image, for example: /annotate try https://…/photo.jpg")
    if office.platform_of is None:
        raise NeedsPlatform
    suggestions = office.platform_of(project).dry_run(WORKFLOW_ID, url=url)
    cuts = office.cuts.cuts(project.id, project.applied_revision)
    phrases = forecast(suggestions, cuts, office.lookups.names(project.id))
    return said("Nothing was written. This is what would happen:", *phrases)


def _review(office: Office, line: Line, person: Person, rest: str) -> Answer:
    """Answer where a line cannot open a window: a button can."""
    project_of(office, line, person, Action.DECIDE)
    return NoteView(
        ("A review session opens in a window of its own.",), offers=(Offer("Open", f"review {rest}".strip()),)
    )


def _digest(office: Office, line: Line, person: Person, rest: str) -> Answer:
    if not rest:
        project = project_of(office, line, person, Action.UPLOAD)
        if office.platform_of is None:
            raise NeedsPlatform  # everything that waits is counted
        post_digest_now(office.digests, office.clock, project)
        return said("The digest so far follows in the channel.")
    project = project_of(office, line, person, Action.CHANGE)
    wish = read_wish(rest, project)
    office.projects.set_digest(project, on=wish.on, at=wish.at, zone=wish.zone, channel=wish.channel)
    if not wish.on:
        return said("The daily digest is off. `digest` posts one now, `digest on` brings the daily one back.")
    channel = wish.channel or project.digest_channel
    where = f" in <#{channel}>" if channel not in {"", project.channel_id} else ""
    return said(f"The digest comes daily at {wish.at:%H:%M} {wish.zone}{where}.")


RUNNING: Mapping[str, Verb] = {
    "setup": _setup,
    "try": _try,
    "live": _directed(directing.go_live),
    "pause": _directed(directing.pause),
    "resume": _directed(directing.resume),
    "leave": _leave,
    "bring-older": _bring_older,
    "status": _status,
    "review": _review,
    "digest": _digest,
}
