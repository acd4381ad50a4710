"""How many cards wait for their turn in a channel: one line, drawn anew as the number changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.views import MOST_COUNTED
from bot.slack.cards.message import Message, actions, section
from bot.slack.cards.note import offered

if TYPE_CHECKING:
    from bot.domain.views import WaitingView


def waiting(view: WaitingView) -> Message:
    """Draw the line; once nothing waits it says so and offers nothing."""
    if not view.count:
        said = "No more cards are waiting in this channel."
        return Message(said, [section(said)])
    said = f"{view.count:,} more waiting" if view.count <= MOST_COUNTED else f"Over {MOST_COUNTED:,} more waiting"
    rest = "Their cards come as others are answered, or review them now, one picture at a time."
    return Message(said, [section(f"*{said}*. {rest}"), actions([offered(view.offer)])])
