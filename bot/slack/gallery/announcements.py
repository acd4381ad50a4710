"""Samples of announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.views import AnnouncementView, Offer
from bot.slack.gallery.shelf import DANA, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_LINES = 100

_SAMPLES: Mapping[str, AnnouncementView] = {
    "a change of thresholds": AnnouncementView(
        ("people: accept 0.95 \u2192 0.90", "2 waiting questions stay as they are."), by=DANA, undo_thresholds=4
    ),
    "an alarm": AnnouncementView(
        (
            "people is switched off: 6 of the last 20 checks were rejected, 1 in 20 is allowed.",
            "people: accept 0.95 \u2192 off (nothing is accepted automatically)",
            "Labels since <2026-05-04T10:00:00+00:00> are in doubt; the 12 that nobody looked at come to people now.",
        ),
        undo_thresholds=5,
        examples=(("street.jpg", "https://a.slack.com/archives/C1/p1"), ("station.jpg", ""), ("no link", "x")),
    ),
    "a change that touches older labels": AnnouncementView(
        ("people: accept 0.80 \u2192 0.95", "people is not proven: nobody knows yet whether 95% are right."),
        by=DANA,
        undo_thresholds=5,
        offers=(
            Offer("Review the 312 labels accepted below the new value", "review-below 4 5", "/annotate-thresholds"),
            Offer("Apply to the 14 waiting", "apply-lower 4 5", "/annotate-thresholds"),
        ),
    ),
    "by somebody": AnnouncementView(("Paused: new images are kept for later and no new cards come.",), by=DANA),
    "by the bot": AnnouncementView(("The set-up of this channel is complete.",)),
    "many lines": AnnouncementView(tuple(f"Line {n} of many." for n in range(_MOST_LINES)), by=DANA),
    "no lines": AnnouncementView(()),
}

SHELF = Shelf("announcement", _SAMPLES, stands_as(PostKind.ANNOUNCEMENT))
