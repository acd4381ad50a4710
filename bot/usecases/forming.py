"""Forms: opened at once with a word of patience, filled by a job, checked as they are sent, finished by a job."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.errors import ChatError, ChatRefused, PlatformRefused, PlatformUnavailable, Refused
from bot.domain.forms import Accepted, FieldErrors, FormKind, MessageForm, NextForm, ReviewForm
from bot.usecases.commanding import ANNOTATE, THRESHOLDS, said

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.forms import FormValues, FormView, OpenForm, Submission
    from bot.domain.roles import Person
    from bot.usecases.chat import Chat
    from bot.usecases.commanding import Answer, Line, LineStore
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

MOST_TRIES = 5
TITLES: Mapping[FormKind, str] = {
    FormKind.SET_UP: "Set up this channel",
    FormKind.THRESHOLDS: "Thresholds",
    FormKind.REVIEW: "Review",
}
GONE = "This form is no longer known here, perhaps because it was open for days. Nothing was changed; open it again."


@dataclass(frozen=True)
class FormWork:
    """What one kind of form does. Whatever is called from a listener touches tables only.

    Attributes:
        fill: in a job: what to show, as a NextForm where what it is about is kept too; may ask Clarifai. Raises Refused
            to say why there is nothing to fill in.
        submit: in a listener: check what was sent.
        finish: in a job: do what was asked, and say what was done. Raises Refused.
        touch: in a listener: something was pressed or typed inside the form; return what it is about now, and `fill`
            draws it again.
        suggest: in a listener: names that go on from what is being typed.
        closed: the form is on the screen no longer: give back what is held for it.
    """

    fill: Callable[[OpenForm, Person], FormView | NextForm]
    submit: Callable[[OpenForm, FormValues], Submission]
    finish: Callable[[OpenForm, Person], Answer]
    touch: Callable[[OpenForm, str, FormValues], Mapping[str, Any]] = lambda form, _field, _values: form.about
    suggest: Callable[[OpenForm, str, str], Sequence[str]] = lambda _form, _field, _typed: ()
    closed: Callable[[OpenForm], None] = lambda _form: None


class FormStore(Protocol):
    """Forms that are open. Each method is one transaction."""

    def open(self, form: OpenForm, *, now: dt.datetime) -> None: ...

    def find(self, form_id: str) -> OpenForm | None: ...

    def refill(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        """Keep what the form is about now and have it drawn again."""

    def hold(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        """Keep what the form is about before it is shown."""

    def went_on(self, form: OpenForm, about: Mapping[str, Any]) -> None:
        """Keep what the next form is about; it is on the screen already."""

    def submitted(self, form: OpenForm, about: Mapping[str, Any]) -> bool:
        """Take the answers in, once; False when they were taken before."""

    def claim(self, state: str, *, now: dt.datetime) -> tuple[OpenForm, int] | None:
        """Take the next form in `state` ("opened", "submitted") and the tries so far; a claim lapses after 10 s."""

    def shown(self, form: OpenForm) -> None: ...

    def finished(self, form: OpenForm, answer: Answer, *, now: dt.datetime) -> None:
        """Record the end and have the person told, in one transaction."""


def form_of(line: Line) -> FormKind | None:
    """Say which form a command line asks for; None when it is answered in words."""
    words = line.text.casefold().split()
    if line.command == ANNOTATE and words == ["setup"]:
        return FormKind.SET_UP
    if line.command == ANNOTATE and words[:1] == ["thresholds"]:
        words = words[1:]
        return FormKind.THRESHOLDS if words == ["form"] else None
    if line.command == ANNOTATE and words[:1] == ["review"]:
        return FormKind.REVIEW
    return FormKind.THRESHOLDS if line.command == THRESHOLDS and words == ["form"] else None


def submit(store: FormStore, works: Mapping[FormKind, FormWork], form_id: str, values: FormValues) -> Submission:
    """Check what was sent and keep it; when this returns it is durable."""
    form = store.find(form_id)
    if form is None:
        return NextForm(MessageForm("Too late", (GONE,)))
    try:
        answer = works[form.kind].submit(form, values)
    except Refused as refused:
        return NextForm(MessageForm(TITLES[form.kind], (str(refused),)))
    if isinstance(answer, NextForm):
        store.went_on(form, answer.about)
    elif isinstance(answer, Accepted):
        store.submitted(form, answer.about)
    return answer


def touch(store: FormStore, works: Mapping[FormKind, FormWork], form_id: str, field: str, values: FormValues) -> None:
    """Something was pressed or typed inside a form: have it drawn again."""
    form = store.find(form_id)
    if form is not None:
        store.refill(form, works[form.kind].touch(form, field, values))


def closed(store: FormStore, works: Mapping[FormKind, FormWork], form_id: str) -> None:
    """Somebody closed a form: what was held for it is free."""
    form = store.find(form_id)
    if form is not None:
        works[form.kind].closed(form)


def suggest(
    store: FormStore, works: Mapping[FormKind, FormWork], form_id: str, field: str, typed: str
) -> Sequence[str]:
    """Names that go on from what is being typed into a field."""
    form = store.find(form_id)
    return () if form is None else works[form.kind].suggest(form, field, typed)


@dataclass(frozen=True)
class FormDesk:
    """What the jobs behind forms work with."""

    store: FormStore
    works: Mapping[FormKind, FormWork]
    people: LineStore
    chat: Chat
    clock: Clock


def show_forms(desk: FormDesk, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fill the forms that were opened, then finish those that were sent, while `go_on` says so; return how many.

    A crash costs drawing or doing one again; both are harmless.
    """
    done = 0
    for state, step in (("opened", _show), ("submitted", _finish)):
        while go_on() and (claimed := desk.store.claim(state, now=desk.clock())):
            form, tries = claimed
            try:
                step(desk, form, tries)
            except ChatError as away:
                log.info("forms: %s waits: %s", form.id, away)
                if tries >= MOST_TRIES:
                    desk.store.finished(form, said(f"This could not be done now: {away}."), now=desk.clock())
                continue
            done += 1
    return done


def _show(desk: FormDesk, form: OpenForm, tries: int) -> None:
    title = TITLES[form.kind]
    try:
        view = _held(desk, form, desk.works[form.kind].fill(form, _person(desk, form)))
    except PlatformUnavailable as away:
        if tries < MOST_TRIES:
            return
        view = MessageForm(title, (f"Clarifai cannot be asked now: {away} Close this and try again later.",))
    except (Refused, PlatformRefused) as refused:
        view = MessageForm(title, (str(refused),))
    try:
        desk.chat.show_form(form.id, view)
    except ChatRefused as refused:  # closed meanwhile, most often
        log.info("forms: %s cannot be shown: %s", form.id, refused)
        if not (isinstance(view, ReviewForm) and view.card.file_id and _shown_without_picture(desk, form, view)):
            closed(desk.store, desk.works, form.id)
    desk.store.shown(form)


def _shown_without_picture(desk: FormDesk, form: OpenForm, view: ReviewForm) -> bool:
    """Show a picture's questions alone: its file may have been deleted."""
    try:
        desk.chat.show_form(form.id, replace(view, card=replace(view.card, file_id="")))
    except ChatRefused as refused:
        log.info("forms: %s cannot be shown without its picture either: %s", form.id, refused)
        return False
    return True


def _held(desk: FormDesk, form: OpenForm, filled: FormView | NextForm) -> FormView:
    if isinstance(filled, NextForm):
        desk.store.hold(form, filled.about)
        return filled.view
    return filled


def _finish(desk: FormDesk, form: OpenForm, tries: int) -> None:
    try:
        answer = desk.works[form.kind].finish(form, _person(desk, form))
    except PlatformUnavailable as away:
        if tries < MOST_TRIES:
            return
        answer = said(f"This could not be done now: {away} Open the form again later.")
    except (Refused, PlatformRefused) as refused:
        answer = said(str(refused))
    desk.store.finished(form, answer, now=desk.clock())


def _person(desk: FormDesk, form: OpenForm) -> Person:
    """Ask Slack who it is: roles are checked where something is done, not where a button was shown."""
    person = desk.chat.person(form.team_id, form.user_id)
    desk.people.learn(person, now=desk.clock())
    return person


__all__ = [
    "Accepted",
    "FieldErrors",
    "FormDesk",
    "FormStore",
    "FormWork",
    "closed",
    "form_of",
    "show_forms",
    "submit",
    "suggest",
    "touch",
]
