"""The desk at which Slack's deliveries arrive: a commit each, then a wake-up."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, Refused
from bot.domain.troubles import WHY_NO_CHANNEL, Trouble
from bot.domain.views import NoteView, Offer
from bot.storage.explaining import SqlExplanations
from bot.storage.outbox import add_note
from bot.storage.posts import mark_behind
from bot.storage.troubles import SqlTroubles
from bot.usecases import commanding, deciding, forming, homing, receiving
from bot.usecases.crashing import Checkpoint
from bot.usecases.deciding import Press
from bot.usecases.explaining import explain
from bot.work import Pass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from bot.domain.forms import FormKind, FormValues, OpenForm, Submission
    from bot.domain.reviews import Verdict
    from bot.storage.ballot import SqlBallot
    from bot.storage.forms import SqlForms
    from bot.storage.home import SqlHomes
    from bot.usecases.commanding import Line, Office
    from bot.usecases.crashing import Reached
    from bot.usecases.deciding import Answer
    from bot.usecases.forming import FormWork
    from bot.usecases.receiving import Reception, SharedFiles
    from bot.web import Metrics

_AFTER_PRESS = (Pass.SETTLE, Pass.SECOND_LOOKS, Pass.REDRAW, Pass.TELL, Pass.HOMES)
_AFTER_FORM = (Pass.FORMS, *_AFTER_PRESS)
_AFTER_COMMAND = (Pass.SET_UP, Pass.APPLY_CUTS, Pass.COMMANDS, Pass.POST, Pass.REDRAW, Pass.TELL, Pass.TAKE_UPLOADS,
                  Pass.DISCOVER, Pass.SETTLE, Pass.EXPORT)  # fmt: skip


class BotDesk:
    """Implements `slack.listening.Desk`."""

    def __init__(
        self,
        engine: Engine,
        ballot: SqlBallot,
        reception: Reception,
        office: Office,
        forms: SqlForms,
        homes: SqlHomes,
        works: Mapping[FormKind, FormWork],
        wake: Callable[..., None],
        reached: Reached,
        metrics: Metrics,
    ) -> None:
        self._engine = engine
        self._ballot = ballot
        self._reception = reception
        self._office = office
        self._forms = forms
        self._records = SqlExplanations(engine)
        self._troubles = SqlTroubles(engine)
        self._homes = homes
        self._works = works
        self._wake = wake
        self._reached = reached
        self._metrics = metrics

    def decide(self, press: Press, review_ids: Sequence[int], verdict: Verdict) -> None:
        answer = deciding.decide(self._ballot, self._office.clock, self._wake_after_press, press, review_ids, verdict)
        self._count(answer)
        self._reached(Checkpoint.DECISION_STORED)
        self._explain(press, answer, review_ids)

    def undo(self, press: Press, input_id: str) -> None:
        answer = deciding.undo(self._ballot, self._office.clock, self._wake_after_press, press, input_id)
        self._count(answer)
        self._explain(press, answer)

    def look_again(self, press: Press, look_id: int, verdict: Verdict) -> None:
        answer = deciding.look_again(self._ballot, self._office.clock, self._wake_after_press, press, look_id, verdict)
        self._count(answer)
        self._reached(Checkpoint.DECISION_STORED)

    def home_opened(self, team_id: str, user_id: str) -> None:
        self._homes.opened(team_id, user_id, now=self._office.clock())
        self._wake(Pass.HOMES)

    def answer(self, line: Line, home_team_id: str) -> NoteView:
        said = commanding.answer(self._office, line, home_team_id)
        self._wake(*_AFTER_COMMAND)
        return said

    def run_privately(self, press: Press, line: Line) -> None:
        if self._ballot.first_time(press, at=self._office.clock()):
            self._tell(press.team_id, press.channel_id, press.by, self.answer(line, press.home_team_id))

    def take_files(self, shared: SharedFiles) -> None:
        person = self._office.lines.person(shared.team_id, shared.user_id, shared.home_team_id)
        try:
            self._taken(shared, taken=receiving.receive(self._reception, shared, person))
        except NotAllowed as refused:
            self._tell(shared.team_id, shared.channel_id, shared.user_id, NoteView((str(refused),)))

    def annotate(self, press: Press, shared: SharedFiles) -> None:
        if not self._ballot.first_time(press, at=self._office.clock()):
            return
        person = self._office.lines.person(press.team_id, press.by, press.home_team_id)
        try:
            told = receiving.take_in(self._reception, shared, person)
            self._taken(shared, taken=told != receiving.TAKEN_BEFORE)
        except Refused as refused:
            told = str(refused)
        thread = shared.thread_ts if shared.thread_ts != shared.ts else ""
        self._tell(press.team_id, press.channel_id, press.by, NoteView((told,)), thread_ts=thread)

    def mentioned(self, event_id: str, line: Line, files: SharedFiles | None) -> None:
        if files is not None and self._office.projects.in_channel(line.team_id, line.channel_id):
            with suppress(NotAllowed):  # told when the same message comes as one with files
                person = self._office.lines.person(line.team_id, line.user_id, files.home_team_id)
                self._taken(files, taken=receiving.receive(self._reception, files, person))
            if not commanding.is_command(line):
                return
        if self.form_of(line) is not None:  # only a press or a command can open one
            press = Press(f"event:{event_id}", line.team_id, line.channel_id, line.user_id)
            if self._ballot.first_time(press, at=self._office.clock()):
                offer = NoteView(("This is a form.",), offers=(Offer("Open the form", line.text, line.command),))
                self._tell(line.team_id, line.channel_id, line.user_id, offer, thread_ts=line.thread_ts)
            return
        meant = receiving.meant(line, with_files=files is not None and not commanding.is_command(line))
        self._office.lines.defer_once(f"event:{event_id}", meant, now=self._office.clock())
        self._wake(Pass.COMMANDS)

    def _taken(self, shared: SharedFiles, *, taken: bool) -> None:
        if taken:
            self._metrics.uploads.labels(outcome="taken").inc(len(shared.files))
            self._wake(Pass.POST, Pass.TAKE_UPLOADS, Pass.TAKE_LISTS)

    def message_deleted(self, channel_id: str, ts: str) -> None:
        if mark_behind(self._engine, channel_id, ts):
            self._wake(Pass.REDRAW)

    def explain(self, press: Press, message_ts: str, thread_ts: str) -> None:
        if not self._ballot.first_time(press, at=self._office.clock()):
            return
        person = self._office.lines.person(press.team_id, press.by, press.home_team_id)
        where = {"team_id": press.team_id, "channel_id": press.channel_id, "message_ts": message_ts}
        try:
            told = explain(self._office, self._records, person, **where)
        except Refused as refused:
            told = NoteView((str(refused),))
        self._tell(press.team_id, press.channel_id, press.by, told, thread_ts=thread_ts)

    def channel_gone(self, team_id: str, channel_id: str, why: str) -> None:
        project_id = self._troubles.project_in(team_id, channel_id)
        if project_id:
            words = WHY_NO_CHANNEL.get(why, why)
            self._troubles.begins(project_id, Trouble.CHANNEL, words, now=self._office.clock())
            self._wake(Pass.TELL)

    def channel_back(self, team_id: str, channel_id: str) -> None:
        project_id = self._troubles.project_in(team_id, channel_id)
        if project_id:
            self._troubles.ends(project_id, Trouble.CHANNEL, now=self._office.clock())
            self._wake(Pass.TELL, Pass.POST, Pass.REDRAW)

    def form_of(self, line: Line) -> FormKind | None:
        return forming.form_of(line)

    def open_form(self, form: OpenForm) -> None:
        self._forms.open(form, now=self._office.clock())

    def form_is_open(self) -> None:
        self._wake(Pass.FORMS)

    def submit(self, form_id: str, values: FormValues) -> Submission:
        answer = forming.submit(self._forms, self._works, form_id, values)
        self._wake(*_AFTER_FORM)
        return answer

    def touch(self, form_id: str, field: str, values: FormValues) -> None:
        forming.touch(self._forms, self._works, form_id, field, values)
        self._wake(Pass.FORMS)

    def form_closed(self, form_id: str) -> None:
        forming.closed(self._forms, self._works, form_id)

    def suggest(self, form_id: str, field: str, typed: str) -> Sequence[str]:
        return forming.suggest(self._forms, self._works, form_id, field, typed)

    def tell(self, press: Press, lines: Sequence[str]) -> None:
        self._tell(press.team_id, press.channel_id, press.by, NoteView(tuple(lines)))

    def _tell(self, team_id: str, channel_id: str, user_id: str, note: NoteView, *, thread_ts: str = "") -> None:
        with self._engine.begin() as connection:
            add_note(
                connection,
                team_id=team_id,
                channel_id=channel_id,
                user_id=user_id,
                note=note,
                now=self._office.clock(),
                thread_ts=thread_ts,
            )
        self._wake(Pass.TELL)

    def _wake_after_press(self) -> None:
        self._wake(*_AFTER_PRESS)

    def _explain(self, press: Press, answer: Answer, review_ids: Sequence[int] = ()) -> None:
        if press.beside:
            homing.explain(self._homes, self._office.clock, press, answer, review_ids)
            self._wake(Pass.HOMES)

    def _count(self, answer: Answer) -> None:
        self._metrics.clicks.labels(outcome=answer.value).inc()
