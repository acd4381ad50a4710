"""Samples of checklists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.domain.views import ChecklistStep, ChecklistView, StepState
from bot.slack.gallery.shelf import DANA, Shelf, stands_as
from bot.usecases.chat import PostKind
from bot.usecases.steps import SETTING_UP, TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CONCEPTS = 100
_DONE = tuple(ChecklistStep(TITLES[step], StepState.DONE, "people, man, adult") for step in SETTING_UP)
_CUTS = (
    ("people", ConceptThreshold("people")),
    ("man", ConceptThreshold("man", OFF)),
    ("adult", ConceptThreshold("adult", 0.9, NO_FLOOR)),
    ("child", ConceptThreshold("child", OFF, NO_FLOOR)),
)
_READY = ChecklistView(
    ProjectState.READY, DANA, _DONE, _CUTS, found="no default workflow, 3 inputs, 2 pending annotations"
)


def _at_the_third(state: StepState, detail: str) -> ChecklistView:
    third, *rest = _DONE[2:]
    steps = (
        *_DONE[:2],
        replace(third, state=state, detail=detail),
        *(replace(s, state=StepState.WAITING) for s in rest),
    )
    return replace(_READY, state=ProjectState.SETTING_UP, steps=steps, cuts=())


_SAMPLES: Mapping[str, ChecklistView] = {
    "not begun": replace(_READY, state=ProjectState.SETTING_UP, steps=(), cuts=(), found=""),
    "at work": _at_the_third(StepState.WORKING, ""),
    "waiting for Clarifai": _at_the_third(StepState.WAITING, "Clarifai is away; tried again in 20 s"),
    "stopped": _at_the_third(StepState.FAILED, "the model knows no peeple; did you mean people?"),
    "ready, not live": _READY,
    "ready, with older ones": replace(_READY, older_pending=12),
    "live": replace(_READY, state=ProjectState.LIVE),
    "live, with older ones": replace(_READY, state=ProjectState.LIVE, older_pending=1200),
    "paused": replace(_READY, state=ProjectState.PAUSED),
    "left": replace(_READY, state=ProjectState.LEFT, older_pending=12),
    "many concepts": replace(_READY, cuts=_CUTS * (_MOST_CONCEPTS // 4)),
}

SHELF = Shelf("checklist", _SAMPLES, stands_as(PostKind.CHECKLIST))
