"""What exports need of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bot.domain.exports import Background, Form, Told
    from bot.domain.projects import Project
    from bot.domain.views import NoteView
    from bot.usecases.commanding import Line


class Snapshot(Protocol):
    """A project as it stood at one moment, whatever is decided meanwhile."""

    def told(self) -> Iterator[Told]:
        """Everything the model said, picture by picture and concept by concept; never all of it in memory."""

    def background(self) -> Background: ...


class LabelledData(Protocol):
    """Where labels are read from."""

    def opened(self, project_id: str) -> AbstractContextManager[Snapshot]: ...


@dataclass(frozen=True)
class Wish:
    """One export that somebody asked for in Slack. `file_ids`: Slack has the files and was asked to share them."""

    id: int
    project_id: str
    team_id: str
    channel_id: str
    thread_ts: str
    user_id: str
    form: Form
    attempts: int
    file_ids: tuple[str, ...] = ()


class ExportAsks(Protocol):
    """Where an export is asked for."""

    def ask(self, project: Project, line: Line, form: Form, *, now: dt.datetime) -> None:
        """Have it made, once; the same wish of the same person within a minute is the same export."""


class ExportStore(Protocol):
    """Exports on their way. Each method is one transaction."""

    def waiting(self, project_id: str, *, now: dt.datetime) -> Sequence[Wish]: ...

    def again(self, wish: Wish) -> Wish | None:
        """Read it once more, now that nobody else works on it; None when it is done."""

    def sharing(self, wish: Wish, file_ids: Sequence[str], *, look_at: dt.datetime) -> None:
        """Record that Slack is about to be asked to share these; whoever comes after must look first, from then on."""

    def later(self, wish: Wish, *, not_before: dt.datetime, anew: bool) -> None:
        """Try later; `anew`: with new files, since these were certainly not shared."""

    def done(self, wish: Wish, note: NoteView | None, *, now: dt.datetime) -> None:
        """Record the end; with a `note` it ended without a file, and the person is told why in the same breath."""


class FileSharer(Protocol):
    """Slack, as far as files for everybody go. Raises ChatError only."""

    def put(self, file: Path, name: str) -> str:
        """Give Slack the bytes, shared nowhere yet; returns the file's id."""

    def share(
        self, files: Sequence[tuple[str, str]], line: str, *, by: str, channel_id: str, thread_ts: str = ""
    ) -> None:
        """Share files, given as (id, name), in one message that begins with who asked.

        Raises:
            ChatInDoubt: the answer was lost; they may stand there.
        """

    def stands(self, file_id: str, channel_id: str) -> bool | None:
        """Say whether a file is shared in a channel; None when Slack knows no such file."""
