"""Samples of the line that says how many cards wait."""

from __future__ import annotations

from bot.domain.views import MOST_COUNTED, WaitingView
from bot.slack.gallery.shelf import Shelf, stands_as
from bot.usecases.chat import PostKind

_SAMPLES = {
    "one card": WaitingView(1),
    "many cards": WaitingView(120),
    "more than are counted": WaitingView(MOST_COUNTED + 1),
    "none any more": WaitingView(0),
}

SHELF = Shelf("waiting", _SAMPLES, stands_as(PostKind.WAITING))
