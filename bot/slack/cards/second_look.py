"""A second look: the picture and one question, without a word about the first answer until somebody else answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.reviews import Verdict
from bot.domain.second_looks import LookState
from bot.slack.cards.card import doubt, heading, picture_of
from bot.slack.cards.message import LONGEST_TEXT, Message, actions, button, context, section
from bot.slack.cards.questions import ANSWERS, NAME, Question
from bot.slack.text import mention, moment, mrkdwn, plain

if TYPE_CHECKING:
    from bot.domain.views import SecondLookView
    from bot.slack.cards.message import Block

_FOR_WHOM = "For a second pair of eyes: please answer if you have not answered this picture yet."


def second_look(view: SecondLookView) -> Message:
    """Draw a second look. No value and no name appears while it is open; afterwards both answers do."""
    concept = mrkdwn(view.concept, NAME)
    if view.state is LookState.OPEN:
        blocks = [*picture_of(view), section(f"{heading(view)}\nDoes *{concept}* fit this picture?")]
        if view.doubted_by:
            blocks.append(section(doubt(Question(view.concept, (view.id,), view.doubted_by))))
        blocks += [actions(_answers(view)), context(_FOR_WHOM)]
        return Message(mrkdwn(f"{view.concept} on {view.name}: needs one more look", LONGEST_TEXT), blocks)
    blocks = [*picture_of(view), section(heading(view))]
    if view.state is LookState.DECIDED:
        blocks.append(section(f"{concept}: {_both(view)}"))
    if view.afterwards:
        lead = "Since then" if view.state is LookState.DECIDED else "Closed"
        blocks.append(section(f"{lead}: {mrkdwn(view.afterwards)}"))
    return Message(mrkdwn(f"{view.concept} on {view.name}: second look is over", LONGEST_TEXT), blocks)


def _answers(view: SecondLookView) -> list[Block]:
    name = plain(view.concept, NAME)
    return [
        button(words, f"look:{verdict}:{view.id}", str(view.id), full_name=f"{words} {name} on {view.name}")
        for verdict, words in ANSWERS
    ]


def _both(view: SecondLookView) -> str:
    """Say who answered what, for example "rejected by <@U…>, approved by <@U…> at the second look, 3 May 14:03"."""
    first, by = mention(view.first_by), mention(view.decided_by)
    when = f", {moment(view.decided_at)}" if view.decided_at else ""
    if view.verdict is Verdict.APPROVE:
        return f"rejected by {first}, approved by {by} at the second look{when}"
    if view.verdict is Verdict.REJECT:
        return f"rejected by {first}, and by {by} at the second look{when}"
    doubters = f"{mention(view.doubted_by)} and {by}" if view.doubted_by else by
    return f"rejected by {first}; at the second look {doubters} were not sure{when}, so it stays rejected"
