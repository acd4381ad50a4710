"""Samples of second looks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.reviews import Verdict
from bot.domain.second_looks import LookState
from bot.domain.views import SecondLookView
from bot.slack.gallery.shelf import AT, DANA, OMAR, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MIA = "U0MIA000001"
_OPEN = SecondLookView(7, "man", "cat.png", "dana", "F0CAT00001", LookState.OPEN)
_APPROVED = replace(
    _OPEN, state=LookState.DECIDED, verdict=Verdict.APPROVE, first_by=DANA, decided_by=OMAR, decided_at=AT
)

_SAMPLES: Mapping[str, SecondLookView] = {
    "open": _OPEN,
    "one person was not sure": replace(_OPEN, doubted_by=OMAR),
    "without a picture": replace(_OPEN, file_id=""),
    "approved": _APPROVED,
    "approved and taken back": replace(_APPROVED, afterwards="the answer was taken back"),
    "rejected again": replace(_APPROVED, verdict=Verdict.REJECT),
    "two were not sure": replace(_APPROVED, verdict=Verdict.UNSURE, doubted_by=_MIA),
    "closed": replace(_OPEN, state=LookState.CLOSED, afterwards="the first answer was taken back"),
}

SHELF = Shelf("second look", _SAMPLES, stands_as(PostKind.SECOND_LOOK))
