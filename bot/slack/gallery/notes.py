"""Samples of what is told to one person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.views import NoteView, Offer, ShownPicture, at
from bot.slack import saying
from bot.slack.gallery.shelf import AT, CHANNEL, DIRECT, OMAR, THREAD, Call, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_LINES = 100
_SHOWN = ShownPicture("cat.png", ("people: approved", "man: rejected"), "F0CAT00001")
_CURVE = ShownPicture(
    "Curve of people", ("people, 412 checks:", "Now 0.95: 22% accepted."), "F0CURVE0001", "Curve of people. " * 60
)
_STOP = Offer("Stop trusting man", "man off", "/annotate-thresholds", "People are asked about all of it from then on.")
_BACK, _ON = Offer("Previous", "list pending page 1"), Offer("Next", "list pending page 3")

_SAMPLES: Mapping[str, NoteView] = {
    "an answer": NoteView(("Live again.",)),
    "a refusal that names who may": NoteView(
        ("Only <@U0DANA00001>, who set this channel up, or a workspace admin may change this project.",)
    ),
    "too late": NoteView(("man is approved already, by <@U0DANA00001>.", "Nothing was changed.")),
    "many lines": NoteView(tuple(f"Line {n} of many." for n in range(_MOST_LINES))),
    "no lines": NoteView(()),
    "a moment": NoteView((f"people: approved by <@U0DANA00001>, {at(AT)}",)),
    "pictures": NoteView(
        ("3 pictures with people:",), (_SHOWN, replace(_SHOWN, file_id=""), replace(_SHOWN, lines=()))
    ),
    "a page of a list": NoteView(("Page 2 of 3.",), (_SHOWN,), (_BACK, _ON)),
    "a curve": NoteView(("How much is right at or above each threshold:",), (_CURVE,)),
    "a curve that cannot be shown": NoteView(("How much is right:",), (replace(_CURVE, file_id=""),)),
    "a button that asks first": NoteView(("man: 3 of 9 were wrong.",), offers=(_STOP,)),
    "a question before it is done": NoteView(
        ("\u26a0 allowed, but not proven to be 95% right",),
        (_SHOWN,),
        (
            Offer("Use it", "people 0.8", "/annotate-thresholds", confirm="people at 0.80 is not proven."),
            Offer("Keep 0.95", "=keep people", "/annotate-thresholds"),
        ),
    ),
    "more than there is room for": NoteView(("Much:",), (_SHOWN,) * _MOST_LINES, (_BACK, _ON)),
}


def _whispered(note: NoteView) -> Iterator[Call]:
    yield Call("chat.postEphemeral", saying.whispered(CHANNEL, OMAR, note))
    yield Call("chat.postEphemeral", saying.whispered(CHANNEL, OMAR, note, thread_ts=THREAD))
    yield Call("chat.postMessage", saying.direct(DIRECT, note))


SHELF = Shelf("note", _SAMPLES, _whispered)
