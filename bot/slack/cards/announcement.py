"""Something the whole channel should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.cards.message import LONGEST_TEXT, Message, actions, button, context, paragraphs
from bot.slack.text import mention, mrkdwn

if TYPE_CHECKING:
    from bot.domain.views import AnnouncementView

LONGEST_LINE = 1500


def announcement(view: AnnouncementView) -> Message:
    """Draw plain lines, who did it, and *Undo* where thresholds changed."""
    summary = mrkdwn(" ".join(view.lines), LONGEST_TEXT, otherwise="Something changed in this channel.")
    lines = [mrkdwn(line, LONGEST_LINE, otherwise="") for line in view.lines]
    blocks = paragraphs(lines) or paragraphs([summary])
    if view.by:
        blocks.append(context(f"By {mention(view.by)}"))
    if view.undo_thresholds:
        undo = button("Undo", "undo-thresholds", str(view.undo_thresholds), full_name="Undo this change of thresholds")
        blocks.append(actions([undo]))
    return Message(summary, blocks)
