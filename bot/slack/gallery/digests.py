"""Samples of digests."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.digests import DigestFigures, Worst
from bot.domain.projects import ProjectState
from bot.domain.views import DigestView
from bot.slack.gallery.shelf import AT, CHANNEL, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY = dt.timedelta(days=1)
_FIGURES = DigestFigures(
    uploaded=12,
    labelled=5,
    pending=9,
    approved=6,
    rejected=2,
    not_sure=1,
    waiting=3,
    parked=1,
    oldest_waiting=AT - _DAY,
    worst=Worst("man", 1, 5),
    checked=9,
)
_DIGEST = DigestView(_FIGURES, AT - _DAY, AT, ProjectState.LIVE, local_date=AT.date())

_SAMPLES: Mapping[str, DigestView] = {
    "of a day": _DIGEST,
    "asked for": replace(_DIGEST, local_date=None),
    "late": replace(_DIGEST, late=True),
    "after missed days": replace(_DIGEST, missed=tuple(AT.date() - n * _DAY for n in range(30, 0, -1))),
    "nothing happened": replace(_DIGEST, figures=DigestFigures()),
    "no check was wrong": replace(_DIGEST, figures=replace(_FIGURES, worst=Worst("man", 0, 5))),
    "one of everything": replace(_DIGEST, figures=replace(_FIGURES, uploaded=1, labelled=1, waiting=1, parked=0)),
    "large numbers": replace(_DIGEST, figures=replace(_FIGURES, uploaded=1_234_567, worst=Worst("man", 4000, 9000))),
    "in another channel": replace(_DIGEST, about_channel=CHANNEL),
    "of a paused channel": replace(_DIGEST, state=ProjectState.PAUSED),
    **{f"of a channel that is {state}": replace(_DIGEST, state=state) for state in ProjectState},
}

SHELF = Shelf("digest", _SAMPLES, stands_as(PostKind.DIGEST))
