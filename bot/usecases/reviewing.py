"""A review session: one picture at a time in front of one person, the next one in the answer to the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.errors import NotAllowed, Refused
from bot.domain.forms import ConfirmForm, NextForm, ReviewForm
from bot.domain.reviews import Verdict
from bot.domain.roles import Action, may
from bot.domain.sessions import read_answers
from bot.usecases.commanding import NO_PROJECT, said
from bot.usecases.deciding import Answer, Press, decide
from bot.usecases.forming import FormWork
from bot.usecases.telling import beaten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.forms import FormValues, OpenForm
    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.domain.sessions import SessionAnswer
    from bot.domain.views import CardView
    from bot.usecases.commanding import Office
    from bot.usecases.deciding import Ballot
    from bot.usecases.telling import Standing

LEASE = dt.timedelta(minutes=3)
MOST_PASSED = 500  # pictures a session remembers to have passed over; the oldest of more come again
NOT_HERE = "You cannot decide here: only full members of this workspace can, in the channel of the pictures."
HELD = "Somebody else has that picture in front of them in a session. Its card can be answered; here is another one."
ASKS_NO_MORE = "That picture asks nothing any more; here is another one."
ELSEWHERE = "What still waits is in front of somebody else, or its picture is being prepared."
NOTHING = "Nothing waits for an answer."
WHAT_NEXT = "Drop images into the channel: what the model is not sure of comes here, and as cards."
SEE_AGAIN, LOOK_AGAIN = "See them again", "Look again"
CLOSED = said("The session is closed. Everything that was answered in it is saved.")


class SessionStore(Protocol):
    """The queue as sessions see it. Each method is one transaction."""

    def take(self, project_id: str, hold: Hold) -> CardView | None:
        """Hold the oldest picture that asks something, is not held for somebody else and was not passed over."""

    def held_by_another(self, project_id: str, input_id: str, *, by: str, now: dt.datetime) -> bool: ...

    def look(self, project_id: str, input_id: str) -> CardView | None:
        """Read a picture without holding it."""

    def waiting(self, project_id: str) -> int:
        """Count the reviews that wait, up to `MOST_COUNTED`."""

    def asking(self, project_id: str, input_ids: Sequence[str]) -> int:
        """Count those pictures that still ask something."""

    def give_back(self, project_id: str, input_id: str, *, by: str) -> None: ...

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]: ...

    def belongs(self, team_id: str, channel_id: str, user_id: str) -> bool:
        """Say whether Slack said lately that somebody is a member of a channel."""


@dataclass(frozen=True)
class Hold:
    """For whom a picture is held until when, what they passed over, and which one they asked for (empty: any)."""

    by: str
    now: dt.datetime
    until: dt.datetime
    passed: Sequence[str] = ()
    wanted: str = ""


@dataclass(frozen=True)
class SessionDesk:
    """What sessions work with. `counted` is told what became of each press."""

    office: Office
    store: SessionStore
    ballot: Ballot
    counted: Callable[[Answer], None] = lambda _answer: None


def review_form(desk: SessionDesk) -> FormWork:
    """Tie the session to the office's tables. It never comes to an end that a job would have to finish."""
    return FormWork(
        fill=lambda form, person: _begin(desk, form, person),
        submit=lambda form, values: _go_on(desk, form, values),
        finish=lambda _form, _person: CLOSED,
        closed=lambda form: _give_back(desk, form),
    )


def _begin(desk: SessionDesk, form: OpenForm, person: Person) -> NextForm:
    """Show the first picture: the one that was asked for, else the oldest."""
    project = _project(desk, form)
    may(person, Action.DECIDE, team_id=form.team_id)
    if form.about.get("beside") and not desk.store.belongs(form.team_id, form.channel_id, form.user_id):
        raise NotAllowed("Only members of that channel may review its pictures.")
    _, _, wanted = str(form.about.get("line", "")).strip().partition(" ")
    wanted = wanted.strip()
    if not wanted:
        return _next(desk, form, project)
    if desk.store.held_by_another(project.id, wanted, by=form.user_id, now=desk.office.clock()):
        return _next(desk, form, project, told=(HELD,))
    asked_for = desk.store.take(project.id, _hold(desk, form, wanted=wanted))
    if asked_for is None:
        return _next(desk, form, project, told=(ASKS_NO_MORE,))
    return _shown(desk, form, project, asked_for)


def _go_on(desk: SessionDesk, form: OpenForm, values: FormValues) -> NextForm:
    """Store what was answered and show the next picture; sent twice, it shows the same picture twice.

    A held picture that was given to somebody else meanwhile costs nothing: whatever is answered is pressed, and the
    first press on a concept wins, from wherever it comes.
    """
    project = _project(desk, form)
    answers = read_answers(values)
    told = _press(desk, form, answers)
    if answers and answers[0].step != form.about.get("step"):
        return _again(desk, form, project)
    input_id = form.about.get("input", "")
    passed = [] if not answers else list(form.about.get("passed", ()))
    if any(answer.verdict in {None, Verdict.UNSURE} for answer in answers):
        passed.append(input_id)
    desk.store.give_back(project.id, input_id, by=form.user_id)
    return _next(desk, form, project, told=told, passed=passed[-MOST_PASSED:])


def _give_back(desk: SessionDesk, form: OpenForm) -> None:
    project = desk.office.projects.in_channel(form.team_id, form.channel_id)
    if project is not None:
        desk.store.give_back(project.id, form.about.get("input", ""), by=form.user_id)


def _project(desk: SessionDesk, form: OpenForm) -> Project:
    project = desk.office.projects.in_channel(form.team_id, form.channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    return project


def _press(desk: SessionDesk, form: OpenForm, answers: Sequence[SessionAnswer]) -> tuple[str, ...]:
    """Press one button per verdict, as *Approve all* would; return what the person should know."""
    saved, lost = 0, []
    for verdict in Verdict:
        ids = [i for answer in answers if answer.verdict is verdict for i in answer.review_ids]
        if not ids:
            continue
        press = _press_of(form, f"{answers[0].step} {verdict.value} {ids}")
        answer = decide(desk.ballot, desk.office.clock, lambda: None, press, ids, verdict)
        desk.counted(answer)
        if answer is Answer.REFUSED:
            raise NotAllowed(NOT_HERE)
        standing = desk.store.standing(ids)
        others = [s for s in standing if not _counted(s, verdict, form.user_id)]
        saved += len({s.concept for s in standing} - {s.concept for s in others})
        lost += [beaten(s, desk.office.clock()) for s in others]
    return (*([f"{saved} answer{'' if saved == 1 else 's'} saved."] if saved else []), *dict.fromkeys(lost))


def _press_of(form: OpenForm, what: str) -> Press:
    """Return the press of one button; sent twice, it is the same press."""
    key = f"session {form.id} {hashlib.sha256(what.encode()).hexdigest()}"
    beside = bool(form.about.get("beside"))
    return Press(key, form.team_id, form.channel_id, form.user_id, beside=beside, answered=True)


def _counted(standing: Standing, verdict: Verdict, by: str) -> bool:
    if verdict is Verdict.UNSURE and not standing.verdict:
        return standing.state != "closed"  # a first doubt leaves it open
    return standing.verdict == verdict.value and standing.decided_by == by


def _again(desk: SessionDesk, form: OpenForm, project: Project) -> NextForm:
    """Show what was shown already; from the third time on without the picture, which Slack seems not to show."""
    card = desk.store.look(project.id, form.about.get("input", ""))
    if card is None or not card.open_reviews:
        return _next(desk, form, project, passed=form.about.get("passed", ()))
    if form.about.get("again"):
        card = replace(card, file_id="")
    return NextForm(_view(desk, project, card, form.about), {**form.about, "again": True})


def _next(
    desk: SessionDesk, form: OpenForm, project: Project, *, told: Sequence[str] = (), passed: Sequence[str] = ()
) -> NextForm:
    card = desk.store.take(project.id, _hold(desk, form, passed=passed))
    if card is not None:
        return _shown(desk, form, project, card, told=told, passed=passed)
    left = desk.store.asking(project.id, passed) if passed else 0
    waiting = desk.store.waiting(project.id)
    lines, submit = _nothing(left, waiting)
    return NextForm(ConfirmForm("Review", (*told, *lines), submit, "Done"), {**_about(form), "input": ""})


def _nothing(left: int, waiting: int) -> tuple[tuple[str, ...], str]:
    """Say that no picture comes next, and what to do about it; the second part is what sending the form does."""
    if left:
        pictures = "1 picture" if left == 1 else f"{left} pictures"
        return (f"You have been through the queue. {pictures} that you left open can be seen again.",), SEE_AGAIN
    if waiting:
        return (ELSEWHERE,), LOOK_AGAIN
    return (NOTHING, WHAT_NEXT), LOOK_AGAIN


def _shown(
    desk: SessionDesk,
    form: OpenForm,
    project: Project,
    card: CardView,
    *,
    told: Sequence[str] = (),
    passed: Sequence[str] = (),
) -> NextForm:
    about = {**_about(form), "input": card.input_id, "passed": list(passed), "said": list(told)}
    return NextForm(_view(desk, project, card, about), about)


def _view(desk: SessionDesk, project: Project, card: CardView, about: Mapping[str, Any]) -> ReviewForm:
    return ReviewForm(card, about["step"], desk.store.waiting(project.id), tuple(about["said"]))


def _about(form: OpenForm) -> dict[str, Any]:
    kept = {name: form.about[name] for name in ("line", "beside") if name in form.about}
    return {**kept, "step": form.about.get("step", 0) + 1}


def _hold(desk: SessionDesk, form: OpenForm, *, passed: Sequence[str] = (), wanted: str = "") -> Hold:
    now = desk.office.clock()
    return Hold(form.user_id, now, now + LEASE, passed, wanted)
