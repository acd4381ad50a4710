"""Samples of cards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.domain.thresholds import OFF
from bot.domain.views import CardReview, CardView
from bot.slack.gallery.shelf import AT, DANA, OMAR, Shelf, stands_as
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CONCEPTS = 60  # more than a card has rows for


def _review(number: int, concept: str, state: ReviewState = ReviewState.POSTED) -> CardReview:
    return CardReview(number, concept, ReviewKind.PENDING, state, value=0.36, accept=0.95)


def _decided(review: CardReview, verdict: Verdict, state: ReviewState = ReviewState.DECIDED) -> CardReview:
    return replace(review, state=state, verdict=verdict, decided_by=DANA, decided_at=AT)


def _card(*reviews: CardReview) -> CardView:
    return CardView("in0123456789abcdef0123456789abcd", "cat.png", "dana", _UPLOAD, "F0CAT00001", reviews)


_UPLOAD = "https://sandbox.slack.com/archives/C0LABELS01/p1777791600000100"
_PEOPLE, _MAN, _ADULT = (_review(n, name) for n, name in enumerate(("people", "man", "adult"), 1))
_CHECK = replace(_MAN, kind=ReviewKind.CHECK, value=0.9724, accept=0.95)
_ONE = _card(_PEOPLE)
_DONE = _card(_decided(_PEOPLE, Verdict.APPROVE), _decided(_MAN, Verdict.REJECT))

_SAMPLES: Mapping[str, CardView] = {
    "one question": _ONE,
    "three questions": _card(_PEOPLE, _MAN, _ADULT),
    "one concept asked twice": _card(_PEOPLE, replace(_PEOPLE, id=9)),
    "more concepts than rows": _card(*(_review(n, f"concept {n}") for n in range(1, _MOST_CONCEPTS + 1))),
    "not posted yet": _card(_review(1, "people", ReviewState.QUEUED)),
    "one of two answered": _card(_decided(_PEOPLE, Verdict.APPROVE), _MAN),
    "one person was not sure": _card(replace(_PEOPLE, doubted_by=OMAR), _MAN),
    "set aside by two": _card(replace(_decided(_PEOPLE, Verdict.UNSURE), doubted_by=OMAR)),
    "approved at the second look": _card(replace(_decided(_PEOPLE, Verdict.APPROVE), first_by=OMAR)),
    "all answered": _DONE,
    "all answered and written": _card(_decided(_PEOPLE, Verdict.APPROVE, ReviewState.SETTLED)),
    "a check, open": _card(_CHECK),
    "a check, rejected": _card(_decided(_CHECK, Verdict.REJECT)),
    "below the floor, approved": _card(_decided(replace(_MAN, kind=ReviewKind.PROBE, value=0.12), Verdict.APPROVE)),
    "a value close under the cut": _card(_decided(replace(_PEOPLE, value=0.94999), Verdict.APPROVE)),
    "accept was off": _card(_decided(replace(_PEOPLE, accept=OFF), Verdict.APPROVE)),
    "beside a label nobody checks": _card(_PEOPLE, replace(_CHECK, state=ReviewState.UNCHECKED)),
    "closed": replace(_card(_review(1, "people", ReviewState.CLOSED)), closed_reason="it was changed in Clarifai"),
    "not written yet": replace(_DONE, write_problem="Clarifai is away; it is tried again in 2 minutes"),
    "without a picture": replace(_ONE, file_id=""),
    "from elsewhere": replace(_ONE, uploaded_by="", permalink=""),
    "no review left": _card(),
}

SHELF = Shelf("card", _SAMPLES, stands_as(PostKind.CARD))

# What a review session and the Home tab put in front of somebody.
NEXT: Mapping[str, CardView] = {name: _SAMPLES[name] for name in ("one question", "three questions")}
