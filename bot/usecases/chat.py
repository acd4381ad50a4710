"""What the use cases need of Slack. Every call has a deadline and raises ChatError only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.forms import FormView
    from bot.domain.roles import Person
    from bot.domain.views import HomeView, NoteView, View
    from bot.usecases.receiving import SharedFiles


class PostKind(StrEnum):
    """What a post is; the value is also the end of its metadata's event_type ("annotate_card").

    A second look is a card to the outside: its event_type is that of a card.
    """

    CARD = "card"
    SECOND_LOOK = "second_look"
    UPLOAD = "upload"
    LIST = "list"
    CHECKLIST = "checklist"
    WAITING = "waiting"
    DIGEST = "digest"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True)
class Mark:
    """What a message is about, carried as its metadata, so that it can be found again: (kind, subject)."""

    kind: PostKind
    subject: str


@dataclass(frozen=True)
class SlackFile:
    """A file as Slack describes it. `problem` is a plain reason why it cannot be taken, empty otherwise."""

    id: str
    name: str
    mimetype: str = ""
    size: int = 0  # bytes, as Slack says
    url: str = ""
    permalink: str = ""
    problem: str = ""
    preview_url: str = ""  # of Slack's own drawing of the picture, at least 1,024 pixels on its longer side


@dataclass(frozen=True)
class FileTicket:
    """A file that Slack expects: its id, and where its bytes go."""

    id: str
    address: str


class Chat(Protocol):
    """One Slack workspace."""

    def post(self, channel_id: str, view: View, mark: Mark, *, thread_ts: str = "") -> str:
        """Post once and return the message's ts; at most 1 s on the wire.

        Raises:
            ChatUnavailable: nothing was posted (429, refused connection).
            ChatInDoubt: the answer was lost.
            ChatRefused: Slack will not post this; `error` is Slack's word, for example "channel_not_found".
        """

    def update(self, channel_id: str, ts: str, view: View, mark: Mark) -> None:
        """Draw a message anew; repeating it is harmless. ChatRefused("message_not_found") when it was deleted."""

    def find(self, channel_id: str, mark: Mark, *, since: dt.datetime, thread_ts: str = "") -> str | None:
        """Look up our own message of this mark posted at or after `since`; its ts, or None."""

    def whisper(self, channel_id: str, user_id: str, note: NoteView, *, thread_ts: str = "") -> None:
        """Tell one person something in a channel, visible to them only."""

    def direct(self, user_id: str, note: NoteView) -> None:
        """Write to one person directly, where no channel is in question."""

    def react(self, channel_id: str, ts: str, name: str) -> None:
        """Put a reaction on a message; repeating it is harmless. ChatRefused("missing_scope") where we may not."""

    def show_form(self, form_id: str, form: FormView) -> None:
        """Draw an open form anew; ChatRefused("not_found") when the person closed it."""

    def show_home(self, user_id: str, view: HomeView) -> None:
        """Draw somebody's Home tab anew; repeating it is harmless."""

    def members(self, channel_id: str) -> Sequence[str]:
        """Name everybody in a channel, guests and bots too; ChatRefused when Slack lets us not look."""

    def team_id(self) -> str:
        """Name the workspace itself; asks Slack the first time only."""

    def person(self, team_id: str, user_id: str) -> Person:
        """Ask Slack about somebody; `standing_known` is true in the answer."""

    def file(self, file_id: str) -> SlackFile:
        """Describe a file (files.info); never raises for a file that is gone or foreign: `problem` says so."""

    def shared_files(self, team_id: str, channel_id: str, ts: str) -> SharedFiles | None:
        """Read which files a message outside threads holds, and who wrote it; None when it is not there."""

    def download(self, file: SlackFile, *, limit: int) -> bytes:
        """Fetch a file from Slack's own hosts, stopping at `limit` bytes; no redirects, the token goes nowhere else.

        Raises:
            NotAPhotograph: larger than `limit`, a login page instead of a file, or not on a host of Slack's.
        """

    def upload_picture(self, data: bytes, name: str) -> str:
        """Upload a picture for a card without sharing it anywhere, wait until Slack can show it; the file's id."""

    def reserve_file(self, name: str, size: int) -> FileTicket:
        """Have Slack expect a file of `size` bytes; nobody sees anything yet."""

    def share_file(self, ticket: FileTicket, data: bytes, channel_id: str, *, thread_ts: str) -> None:
        """Send the bytes and share the file in a thread.

        Raises:
            ChatInDoubt: the answer was lost: `file_is_shared` says what became of it.
        """

    def file_is_shared(self, file_id: str) -> bool:
        """Say whether a file of ours stands in a channel; False for one that never came to be."""

    def permalink(self, channel_id: str, ts: str) -> str:
        """Make the address of a message without asking Slack."""
