"""Samples of digests."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.digests import DigestFigures, Proven, SecondLooks, Worst
from bot.domain.projects import ProjectState
from bot.domain.views import DigestView, stop_offers
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
    for_people=11,
)
_PROVEN = (
    Proven("people", at_least=0.957, checks=412),
    Proven("man", checks=41, needed=97),
    Proven("adult", checks=200),
    Proven("woman", is_off=True),
    Proven("dog"),
    Proven("cat", checks=120, recommended=0.6302),
)
_DOUBTED = replace(_FIGURES, doubtful=Worst("man", 3, 9), worst=Worst("people", 1, 2))
_WEIGHED = replace(_DOUBTED, proven=_PROVEN, second_looks=SecondLooks(10, 8, 1), alarms=("cat", "dog"))
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
    "from before checks were counted": replace(_DIGEST, figures=replace(_FIGURES, for_people=None)),
    "with proofs, second looks and an alarm": replace(_DIGEST, figures=_WEIGHED, offers=stop_offers(_WEIGHED)),
    "second looks without a clear answer": replace(
        _DIGEST, figures=replace(_FIGURES, second_looks=SecondLooks(2, 0, 0))
    ),
    "of very many concepts": replace(
        _DIGEST, figures=replace(_FIGURES, proven=tuple(Proven(f"concept {n}", checks=n) for n in range(60)))
    ),
    "in another channel": replace(_DIGEST, about_channel=CHANNEL),
    "of a paused channel": replace(_DIGEST, state=ProjectState.PAUSED),
    **{f"of a channel that is {state}": replace(_DIGEST, state=state) for state in ProjectState},
}

SHELF = Shelf("digest", _SAMPLES, stands_as(PostKind.DIGEST))
