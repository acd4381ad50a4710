"""Samples of the answers to uploads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.uploads import Outcome, PictureOutcome
from bot.domain.views import KnownAgain, UploadView
from bot.slack.gallery.shelf import DANA, THREAD, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_FILES = 30
_WORKING = PictureOutcome("cat.png", Outcome.WORKING)
_KEPT = PictureOutcome("cat.png", Outcome.KEPT)
_LABELLED = PictureOutcome("team.png", Outcome.LABELLED, labels=("people", "adult"))
_TO_REVIEW = PictureOutcome("hopper.png", Outcome.TO_REVIEW)
_REVIEWED = PictureOutcome("cat.png", Outcome.TO_REVIEW, reviewed=True)
_NONE = PictureOutcome("coffee.png", Outcome.NONE)
_SKIPPED = PictureOutcome("notes.svg", Outcome.SKIPPED, reason="is not a photograph")
_TRIED = PictureOutcome(
    "cat.png", Outcome.KEPT, expected=("people would be labelled", "man would be brought to people")
)
_AGAIN = KnownAgain("cat.png", dt.date(2026, 5, 3), (("people", True, DANA), ("man", False, DANA)))

_SAMPLES: Mapping[str, UploadView] = {
    "being looked at": UploadView((_WORKING,), ProjectState.LIVE),
    "one of each": UploadView((_LABELLED, _TO_REVIEW, _NONE, _SKIPPED), ProjectState.LIVE),
    "half reviewed": UploadView((_REVIEWED, _TO_REVIEW), ProjectState.LIVE),
    "all reviewed": UploadView((_REVIEWED,), ProjectState.LIVE),
    "while it is set up": UploadView((_KEPT,), ProjectState.SETTING_UP),
    "before Go live, tried": UploadView((_TRIED,), ProjectState.READY),
    "during a pause": UploadView((_KEPT,), ProjectState.PAUSED),
    "kept, and live again": UploadView((_KEPT,), ProjectState.LIVE),
    "of a channel that was left": UploadView((_KEPT,), ProjectState.LEFT),
    "known again": UploadView((_LABELLED,), ProjectState.LIVE, (_AGAIN, KnownAgain("dog.png", dt.date(2026, 5, 4)))),
    "many files": UploadView((_SKIPPED, _TRIED) * (_MOST_FILES // 2), ProjectState.LIVE, (_AGAIN,) * _MOST_FILES),
}

SHELF = Shelf("upload", _SAMPLES, stands_as(PostKind.UPLOAD, thread_ts=THREAD))
