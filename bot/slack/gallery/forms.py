"""Samples of forms: what stands in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import ConfirmForm, MessageForm, ReviewForm, SetUpForm, ThresholdsForm
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.slack.forms import draw_form
from bot.slack.gallery import cards
from bot.slack.gallery.shelf import Call, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.forms import FormView

_MOST_CONCEPTS = 100
_ID = "0123456789abcdef0123456789abcdef"
_PEOPLE = ("people", ConceptThreshold("people"))
_OFF = ("man", ConceptThreshold("man", OFF, NO_FLOOR, before_off=0.9))

_SAMPLES: Mapping[str, FormView] = {
    "being looked up": MessageForm("Thresholds", ("One moment: looking things up.",)),
    "why not": MessageForm("Thresholds", ("This channel is not set up. Type /annotate setup people man adult",)),
    "a first set-up": SetUpForm(3, "labels of demo"),
    "a set-up without an account, with all its fields": SetUpForm(
        12, "", "This key belongs to demo.", may_add=False, advanced=True
    ),
    "thresholds": ThresholdsForm((_PEOPLE, _OFF), waiting=3),
    "thresholds with what is proven": ThresholdsForm(
        (_PEOPLE, _OFF), waiting=3, proven=("Proven: at least 95% right (95% sure).", "No checks yet.")
    ),
    "thresholds, one question": ThresholdsForm((_PEOPLE,), waiting=1),
    "thresholds, nothing waits": ThresholdsForm((_PEOPLE,), waiting=0),
    "thresholds of many concepts": ThresholdsForm((_PEOPLE,) * _MOST_CONCEPTS, waiting=12),
    **{f"a session, {name}": ReviewForm(card, 2, waiting=12) for name, card in cards.NEXT.items()},
    "a session after a beaten answer": ReviewForm(
        cards.NEXT["one question"], 3, waiting=1, said=("man is approved already, by <@U0DANA00001>.",)
    ),
    "a last look": ConfirmForm("Change thresholds?", ("people: accept 0.95 \u2192 0.90",), "Change"),
}


def _shown(form: FormView) -> Iterator[Call]:
    view = draw_form(_ID, form)
    yield Call("views.open", {"trigger_id": "1777791600.1.0123456789", "view": view})
    yield Call("views.update", {"external_id": _ID, "view": view})


SHELF = Shelf("form", _SAMPLES, _shown)
