"""Samples of answers to a list of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.addresses import LineOutcome
from bot.domain.projects import ProjectState
from bot.domain.views import ListView
from bot.slack.gallery.shelf import THREAD, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOME = tuple((outcome, 10 * place) for place, outcome in enumerate(LineOutcome, 1))
_WHY = ((4, "not a web address"), (9, "Clarifai could not fetch it"))


def _list(state: ProjectState = ProjectState.LIVE, **more: object) -> ListView:
    return ListView("pictures.csv", state, **{"counts": dict(_SOME), **more})  # type: ignore[arg-type]


_SAMPLES: Mapping[str, ListView] = {
    **{f"in a project that is {state.value}": _list(state) for state in ProjectState},
    "being read": _list(counts={}),
    "refused": _list(counts={}, refused="The first line names no column `url`."),
    "lines skipped": _list(first_reasons=_WHY, has_file=True),
}

SHELF = Shelf("list", _SAMPLES, stands_as(PostKind.LIST, thread_ts=THREAD))
