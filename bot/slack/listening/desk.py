"""What the listeners hand deliveries to. Each call commits before it returns, and none touches the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.forms import FormKind, FormValues, OpenForm, Submission
    from bot.domain.reviews import Verdict
    from bot.domain.views import NoteView
    from bot.usecases.commanding import Line
    from bot.usecases.deciding import Press
    from bot.usecases.receiving import SharedFiles


class Desk(Protocol):
    """Everything a delivery can ask for, by kind of delivery."""

    # -- cards

    def decide(self, press: Press, review_ids: Sequence[int], verdict: Verdict) -> None: ...

    def undo(self, press: Press, input_id: str) -> None: ...

    def look_again(self, press: Press, look_id: int, verdict: Verdict) -> None: ...

    # -- command lines, and buttons that stand for one

    def answer(self, line: Line, home_team_id: str) -> NoteView: ...

    def run_privately(self, press: Press, line: Line) -> None:
        """Do what a button stands for, once, and have its answer told to the person by a job."""

    def tell(self, press: Press, lines: Sequence[str]) -> None: ...

    # -- messages

    def take_files(self, shared: SharedFiles) -> None: ...

    def annotate(self, press: Press, shared: SharedFiles) -> None:
        """Take in the files of a message that somebody pointed at, once, and have them told what becomes of it."""

    def mentioned(self, event_id: str, line: Line, files: SharedFiles | None) -> None:
        """Somebody addressed the bot: do what the line says, once, and have it answered by a job.

        A message with files is taken in; it comes a second time as a message with files. A caption that begins as a
        command does is done as well.
        """

    def message_deleted(self, channel_id: str, ts: str) -> None:
        """Somebody deleted a message of the channel, perhaps one of ours."""

    def explain(self, press: Press, message_ts: str, thread_ts: str) -> None:
        """Have the person told why the labels of a message's pictures stand."""

    # -- channels

    def channel_gone(self, team_id: str, channel_id: str, why: str) -> None:
        """The bot cannot post in a channel any more; `why` is the event's name."""

    def channel_back(self, team_id: str, channel_id: str) -> None: ...

    # -- the Home tab

    def home_opened(self, team_id: str, user_id: str) -> None: ...

    # -- forms

    def form_of(self, line: Line) -> FormKind | None:
        """Say which form a line asks for; None when it is answered in words."""

    def open_form(self, form: OpenForm) -> None:
        """Keep a form that is about to be opened."""

    def form_is_open(self) -> None:
        """Have what was opened filled by a job."""

    def submit(self, form_id: str, values: FormValues) -> Submission: ...

    def touch(self, form_id: str, field: str, values: FormValues) -> None:
        """Something was pressed or typed inside a form."""

    def form_closed(self, form_id: str) -> None:
        """Somebody closed a form that wished to be told of it."""

    def suggest(self, form_id: str, field: str, typed: str) -> Sequence[str]: ...
