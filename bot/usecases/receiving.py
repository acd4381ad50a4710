"""Messages with files: dropped into a channel, pointed at by a shortcut, or at the top of a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import Refused
from bot.domain.roles import Action, may
from bot.usecases.commanding import ANNOTATE, NO_PROJECT, TAKE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.commanding import Line
    from bot.usecases.directing import ProjectStore
    from bot.usecases.ports import Clock

NOTHING_TO_TAKE = "There are no files in that message. Use this on a message with images, or with a CSV of addresses."
TAKEN_BEFORE = "The files of that message were taken in before: the answer stands in its thread."
NOTHING_ABOVE = (
    "There are no images at the top of this thread. Mention me with what you want, for example `status`, or use the "
    "shortcut *Annotate images* on a message with images."
)
LIST_ENDING = ".csv"


@dataclass(frozen=True)
class SharedFiles:
    """A message with files in a channel: (file id, name) each. `user_id` wrote it."""

    team_id: str
    channel_id: str
    user_id: str
    home_team_id: str
    ts: str
    thread_ts: str
    files: tuple[tuple[str, str], ...]

    @property
    def lists(self) -> tuple[tuple[str, str], ...]:
        """Files that hold addresses of pictures."""
        return tuple(f for f in self.files if f[1].casefold().endswith(LIST_ENDING))

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """All other files: whether they are pictures is seen once they are looked into."""
        return tuple(f for f in self.files if not f[1].casefold().endswith(LIST_ENDING))


class Tray(Protocol):
    """Where files of one kind wait to be taken in."""

    def note(
        self, project: Project, *, ts: str, thread_ts: str, by: str, files: Sequence[tuple[str, str]], now: dt.datetime
    ) -> bool:
        """Take files (id, name) of a message in, once; False when they were taken before. One transaction."""


@dataclass(frozen=True)
class Reception:
    """What receiving files works with."""

    projects: ProjectStore
    pictures: Tray
    lists: Tray
    clock: Clock


def meant(line: Line, *, with_files: bool = False) -> Line:
    """Return the line that a mention stands for: a bare one in a thread is about the images above it."""
    bare = not line.text and line.thread_ts
    return replace(line, command=ANNOTATE, text=TAKE) if bare or with_files else line


def receive(reception: Reception, shared: SharedFiles, person: Person) -> bool:
    """Take in what somebody dropped into a channel; False where there is no project, or when it was taken before.

    Raises:
        NotAllowed: with who may instead.
    """
    project = reception.projects.in_channel(shared.team_id, shared.channel_id)
    if project is None:
        return False
    may(person, Action.UPLOAD, team_id=shared.team_id)
    return _noted(reception, project, shared)


def take_in(reception: Reception, shared: SharedFiles, person: Person) -> str:
    """Take in the files of a message that `person` pointed at; return what to tell them.

    Raises:
        Refused: there is no project, nothing to take, or the person may not.
    """
    project = reception.projects.in_channel(shared.team_id, shared.channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    may(person, Action.UPLOAD, team_id=shared.team_id)
    if not shared.files:
        raise Refused(NOTHING_TO_TAKE)
    if not _noted(reception, project, replace(shared, user_id=shared.user_id or person.id)):
        return TAKEN_BEFORE
    count = len(shared.files)
    return f"Taking in {count} file{'' if count == 1 else 's'}: the answer follows in the thread of that message."


def take_thread(reception: Reception, chat: Chat, line: Line, person: Person) -> str:
    """Take in the files of the message that the thread of `line` began with; return what to tell the person.

    Raises:
        Refused: as `take_in`.
        ChatError: Slack did not show the message.
    """
    shared = chat.shared_files(line.team_id, line.channel_id, line.thread_ts)
    if shared is None or not shared.files:
        raise Refused(NOTHING_ABOVE)
    return take_in(reception, shared, person)


def _noted(reception: Reception, project: Project, shared: SharedFiles) -> bool:
    """Note each kind of file; both have their own answer, and both are harmless to repeat."""
    trays = ((reception.pictures, shared.pictures), (reception.lists, shared.lists))
    now, by, ts, thread_ts = reception.clock(), shared.user_id, shared.ts, shared.thread_ts
    noted = False
    for tray, files in trays:
        noted |= bool(files) and tray.note(project, ts=ts, thread_ts=thread_ts, by=by, files=files, now=now)
    return noted
