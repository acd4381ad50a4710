"""Samples of what is told to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.views import NoteView
from bot.slack import saying
from bot.slack.gallery.shelf import CHANNEL, OMAR, THREAD, Call, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_LINES = 100

_SAMPLES: Mapping[str, NoteView] = {
    "an answer": NoteView(("Live again.",)),
    "a refusal that names who may": NoteView(
        ("Only <@U0DANA00001>, who set this channel up, or a workspace admin may change this project.",)
    ),
    "too late": NoteView(("man is approved already, by <@U0DANA00001>.", "Nothing was changed.")),
    "many lines": NoteView(tuple(f"Line {n} of many." for n in range(_MOST_LINES))),
    "no lines": NoteView(()),
}


def _whispered(note: NoteView) -> Iterator[Call]:
    yield Call("chat.postEphemeral", saying.whispered(CHANNEL, OMAR, note))
    yield Call("chat.postEphemeral", saying.whispered(CHANNEL, OMAR, note, thread_ts=THREAD))


SHELF = Shelf("note", _SAMPLES, _whispered)
