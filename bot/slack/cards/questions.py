"""The open questions of a card and their buttons: one question per concept, however many annotations ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.slack.cards.message import LONGEST_VALUE, actions, button
from bot.slack.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.views import CardReview
    from bot.slack.cards.message import Block

NAME = 64  # characters of a concept's name; with "Not sure " in front it still fits a button
_MOST_ROWS = 36  # of a message's 50 blocks; the others hold picture, question, verdicts, link
_MOST_PER_ROW = 8  # concepts; 25 buttons fit an actions block
_ANSWERS = (("approve", "Approve"), ("reject", "Reject"), ("unsure", "Not sure"))


@dataclass(frozen=True)
class Question:
    """One concept in question; `ids` are the reviews that an answer decides."""

    concept: str
    ids: tuple[int, ...]
    doubted_by: str = ""


def questions(reviews: Sequence[CardReview]) -> list[Question]:
    """Gather open reviews by concept, in the order they come."""
    by_name: dict[str, list[CardReview]] = {}
    for review in reviews:
        by_name.setdefault(review.concept, []).append(review)
    return [
        Question(name, tuple(r.id for r in asking), next((r.doubted_by for r in asking if r.doubted_by), ""))
        for name, asking in by_name.items()
    ]


def button_rows(asked: Sequence[Question], picture_name: str, *, only: bool) -> list[Block]:
    """Return three buttons per concept, a row each while the message has room, and two for all of several.

    `only`: the card is about one concept, and "Approve", "Reject", "Not sure" say enough. Otherwise the concept
    follows, also when it is the last one open, so that a button never changes its name.
    """
    per_row = min(-(-len(asked) // _MOST_ROWS), _MOST_PER_ROW)
    groups = [asked[n : n + per_row] for n in range(0, len(asked), per_row or 1)][:_MOST_ROWS]
    rows = [actions([b for q in group for b in _answers(q, picture_name, only=only)]) for group in groups]
    return [*rows, actions(_all(asked, picture_name))] if len(asked) > 1 else rows


def _answers(question: Question, picture_name: str, *, only: bool) -> list[Block]:
    return [
        button(
            words if only else f"{words} {plain(question.concept, NAME)}",
            f"decide:{verdict}:{question.ids[0]}",
            _value(question.ids),
            full_name=f"{words} {plain(question.concept, NAME)} on {picture_name}",
        )
        for verdict, words in _ANSWERS
    ]


def _all(asked: Sequence[Question], picture_name: str) -> list[Block]:
    ids = [i for q in asked for i in q.ids]
    return [
        button(f"{words} all", f"decide:{verdict}:all", _value(ids), full_name=f"{words} all on {picture_name}")
        for verdict, words in _ANSWERS[:2]
    ]


def _value(ids: Sequence[int]) -> str:
    """Join ids with commas, as many whole ones as a button carries (over 180 of ten digits)."""
    joined = ",".join(map(str, ids))
    return joined if len(joined) <= LONGEST_VALUE else joined[: LONGEST_VALUE + 1].rpartition(",")[0]
