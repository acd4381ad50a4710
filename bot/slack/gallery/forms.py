"""Samples of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import ConfirmForm, MessageForm, SetUpForm, ThresholdsForm
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.slack.forms import draw_form
from bot.slack.gallery.shelf import Call, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.forms import FormView

_FORM_ID, _TRIGGER = "0f" * 16, "1.2.sample"
_MOST_ROWS = 40  # more concepts than a form has room for

_SAMPLES: Mapping[str, FormView] = {
    "being looked up": MessageForm("Thresholds", ("One moment: looking things up.",)),
    "a first set-up": SetUpForm(3, "labels of demo"),
    "a set-up without an account, with all its fields": SetUpForm(
        12, "", "This key belongs to demo.", may_add=False, advanced=True
    ),
    "thresholds": ThresholdsForm(
        (
            ("people", ConceptThreshold("people")),
            ("man", ConceptThreshold("man", OFF, NO_FLOOR, before_off=0.9)),
        ),
        waiting=3,
    ),
    "more thresholds than fit": ThresholdsForm((("people", ConceptThreshold("people")),) * _MOST_ROWS, waiting=0),
    "a last look": ConfirmForm("Thresholds", ("people: accept 0.95 → 0.90", "Nothing waits."), "Save"),
}


def _shown(view: FormView) -> Iterator[Call]:
    drawn = draw_form(_FORM_ID, view)
    yield Call("views.open", {"trigger_id": _TRIGGER, "view": drawn})
    yield Call("views.update", {"external_id": _FORM_ID, "view": drawn})


SHELF = Shelf("form", _SAMPLES, _shown)
