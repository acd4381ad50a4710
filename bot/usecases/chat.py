"""What the use cases need of Slack. Every call has a deadline and raises ChatError only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.forms import FormView
    from bot.domain.roles import Person
    from bot.domain.views import NoteView, View


class PostKind(StrEnum):
    """What a post is; the value is also the end of its metadata's event_type ("annotate_card")."""

    CARD = "card"
    UPLOAD = "upload"
    CHECKLIST = "checklist"
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

    def show_form(self, form_id: str, form: FormView) -> None:
        """Draw an open form anew; ChatRefused("not_found") when the person closed it."""

    def team_id(self) -> str:
        """Name the workspace itself; asks Slack the first time only."""

    def person(self, team_id: str, user_id: str) -> Person:
        """Ask Slack about somebody; `standing_known` is true in the answer."""

    def file(self, file_id: str) -> SlackFile:
        """Describe a file (files.info); never raises for a file that is gone or foreign: `problem` says so."""

    def download(self, file: SlackFile, *, limit: int) -> bytes:
        """Fetch a file from Slack's own hosts, stopping at `limit` bytes; no redirects, the token goes nowhere else.

        Raises:
            NotAPhotograph: larger than `limit`, a login page instead of a file, or not on a host of Slack's.
        """

    def upload_picture(self, data: bytes, name: str) -> str:
        """Upload a picture for a card without sharing it anywhere, wait until Slack can show it; the file's id."""

    def permalink(self, channel_id: str, ts: str) -> str:
        """Make the address of a message without asking Slack."""
