"""`/annotate-thresholds`: the table, changes, *Undo*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import Refused
from bot.domain.projects import ProjectState
from bot.domain.roles import Action
from bot.domain.views import NoteView, Offer
from bot.usecases.commanding.curves import CURVE, curve, followed_by_curves
from bot.usecases.commanding.helping import HELP
from bot.usecases.commanding.office import THRESHOLDS, project_of, said
from bot.usecases.cutting import SAVED, TAKEN_OVER, described, read_change, undo_change

if TYPE_CHECKING:
    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office


def thresholds(office: Office, line: Line, person: Person, rest: str) -> Answer:
    """Show the table, or change it as `rest` says."""
    rest = rest.strip()
    if not rest:
        project = project_of(office, line, person, Action.LOOK)
        return followed_by_curves(office, line, project, _table(office, project))
    if rest.casefold() == "help":
        return HELP
    verb, _, about = rest.partition(" ")
    if verb.casefold() == CURVE:
        return curve(office, line, person, about.strip())
    project = project_of(office, line, person, Action.CHANGE)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The thresholds can be changed once the set-up is finished.")
    if rest.casefold() == "history":
        return said("`history` comes later.")
    return _changed(office, project, person, rest)


def _table(office: Office, project: Project) -> Answer:
    names = office.lookups.names(project.id)
    cuts = office.cuts.cuts(project.id, project.revision)
    note = () if project.revision == project.applied_revision else ("The workflow does not run the newest yet.",)
    rows = (f"{names[c.concept_id]}: {described(c)}" for c in cuts)
    return NoteView(("Thresholds:", *rows, *note), offers=(Offer("Change in a form", "form", THRESHOLDS),))


def _changed(office: Office, project: Project, person: Person, rest: str) -> Answer:
    names = office.lookups.names(project.id)
    undo, _, revision = rest.casefold().partition(" ")
    undoes = undo == "undo" and (not revision or revision.isdecimal())
    if undoes:  # goes back to the thresholds before `revision`, or before the newest
        change = undo_change(office.cuts, project, names, int(revision or 0))
    else:
        change = read_change(rest, office.cuts.cuts(project.id, project.revision), names)
    undone = project.revision if undoes else None
    if office.cuts.want(project, change, by=person.id, at=office.clock(), undoes=undone) is None:
        raise Refused(TAKEN_OVER)
    return said(*change.lines, SAVED)
