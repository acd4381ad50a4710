"""`export`: the labelled data as a file for everybody in the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import Refused
from bot.domain.exports import TITLES, read_form
from bot.domain.projects import ProjectState
from bot.domain.roles import Action
from bot.usecases.commanding.office import project_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office, Verb


def _export(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.EXPORT)
    form = read_form(rest)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The set-up is not finished yet, so there is nothing to export.")
    office.exports.ask(project, line, form, now=office.clock())
    where = "thread" if line.thread_ts else "channel"
    return said(f"The labels follow in this {where} as {TITLES[form]}, with a data card, for everybody here to see.")


EXPORTING: Mapping[str, Verb] = {"export": _export}
