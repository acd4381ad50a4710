"""The open questions of a picture and their buttons: one question per concept, however many annotations ask it."""

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
MOST_WITH_BUTTONS = 4  # concepts; what is more opens in the review session
LONGEST_IDS = LONGEST_VALUE - 20  # the Home tab puts a channel's id in front
ANSWERS = (("approve", "Approve"), ("reject", "Reject"), ("unsure", "Not sure"))


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


def button_rows(
    asked: Sequence[Question], named: Sequence[Question], input_id: str, picture_name: str, *, only: bool
) -> list[Block]:
    """Return a row of three buttons for each of the first concepts, two for all that the card names, one for the rest.

    `only`: the card is about one concept, and "Approve", "Reject", "Not sure" say enough. Otherwise the concept
    follows, also when it is the last one open, so that a button never changes its name.
    """
    rows = [actions(_answers(q, picture_name, only=only)) for q in asked[:MOST_WITH_BUTTONS]]
    if len(asked) > 1:
        more = [_session(input_id, picture_name)] if len(asked) > MOST_WITH_BUTTONS else []
        rows.append(actions([*_all(named, picture_name), *more]))
    return rows


def _answers(question: Question, picture_name: str, *, only: bool) -> list[Block]:
    return [
        button(
            words if only else f"{words} {plain(question.concept, NAME)}",
            f"decide:{verdict}:{question.ids[0]}",
            _value(question.ids),
            full_name=f"{words} {plain(question.concept, NAME)} on {picture_name}",
        )
        for verdict, words in ANSWERS
    ]


def _session(input_id: str, picture_name: str) -> Block:
    line = f"review {input_id}"
    return button(
        "Open in session", f"line:{line}"[:255], f"/annotate {line}", full_name=f"Open {picture_name} in a session"
    )


def _all(named: Sequence[Question], picture_name: str) -> list[Block]:
    ids = [i for q in named for i in q.ids]
    return [
        button(f"{words} all", f"decide:{verdict}:all", _value(ids), full_name=f"{words} all on {picture_name}")
        for verdict, words in ANSWERS[:2]
    ]


def _value(ids: Sequence[int]) -> str:
    """Join ids with commas, as many whole ones as a button carries (over 170 of ten digits)."""
    joined = ",".join(map(str, ids))
    return joined if len(joined) <= LONGEST_IDS else joined[: LONGEST_IDS + 1].rpartition(",")[0]
