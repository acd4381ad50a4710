"""`take`: what a bare mention in a thread stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import Refused
from bot.domain.roles import Action
from bot.usecases.commanding.office import NeedsPlatform, project_of, said

if TYPE_CHECKING:
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office

TAKE = "take"


def take(office: Office, line: Line, person: Person, rest: str) -> Answer:
    """Take in the images at the top of the line's thread."""
    del rest
    project_of(office, line, person, Action.UPLOAD)
    if not line.thread_ts:
        raise Refused("Mention me in the thread below images to have them taken in, or use the shortcut on a message.")
    if office.take_thread is None:
        raise NeedsPlatform
    return said(office.take_thread(line, person))
