"""One picture of a review session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import MOST_COUNTED
from bot.domain.sessions import answer_field
from bot.slack.cards.card import doubt, heading, picture_of
from bot.slack.cards.message import context, paragraphs, section
from bot.slack.cards.questions import questions
from bot.slack.forms.fields import field, radio
from bot.slack.text import link, mrkdwn, with_mentions

if TYPE_CHECKING:
    from bot.domain.forms import ReviewForm
    from bot.slack.cards.message import Block

MOST_CONCEPTS = 85  # a block each, of a modal's 100; the rest is asked next
LONGEST_LINE = 300
_ANSWERS = (("approve", "Approve"), ("reject", "Reject"), ("unsure", "Not sure"))


def review_blocks(view: ReviewForm) -> list[Block]:
    """Draw what became of the picture before, this one, and a choice for each concept.

    Nothing is chosen at first and nothing need be. No value and no route, as on cards.
    """
    card, asked = view.card, questions(view.card.open_reviews)
    blocks = paragraphs([with_mentions(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in view.said], most=2)
    blocks += [*picture_of(card), section(f"{heading(card)}\nWhat fits this picture?")]
    blocks += paragraphs([doubt(q) for q in asked if q.doubted_by], most=1)
    for question in asked[:MOST_CONCEPTS]:
        blocks.append(field(answer_field(view.step, question.ids), question.concept, radio(_ANSWERS), optional=True))
    waiting = "1 question" if view.waiting == 1 else f"{view.waiting} questions"
    waiting = f"{MOST_COUNTED} questions or more" if view.waiting >= MOST_COUNTED else waiting
    where = f" {link(card.permalink, 'The message this picture came with')}" if card.permalink else ""
    return [*blocks, context(f"{waiting} waiting in all. What you leave out stays open.{where}")]
