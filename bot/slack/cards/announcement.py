"""Something the whole channel should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.cards.message import LONGEST_TEXT, Message, actions, button, context, paragraphs
from bot.slack.cards.note import buttons_of
from bot.slack.text import link, mention, mrkdwn, with_moments

if TYPE_CHECKING:
    from bot.domain.views import AnnouncementView

LONGEST_LINE = 1500
LONGEST_NAME = 100  # of a file


def announcement(view: AnnouncementView) -> Message:
    """Draw plain lines, pictures that show why, who did it, and what can be pressed, *Undo* for one."""
    summary = mrkdwn(" ".join(view.lines), LONGEST_TEXT, otherwise="Something changed in this channel.")
    lines = [with_moments(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in view.lines]
    blocks = paragraphs(lines) or paragraphs([summary])
    if view.examples:
        shown = ", ".join(link(address, mrkdwn(name, LONGEST_NAME)) for name, address in view.examples)
        blocks.append(context(f"Rejected last: {shown}"))
    if view.by:
        blocks.append(context(f"By {mention(view.by)}"))
    below = buttons_of(view.offers)
    if view.undo_thresholds:
        undo = button("Undo", "undo-thresholds", str(view.undo_thresholds), full_name="Undo this change of thresholds")
        below.append(undo)
    if below:
        blocks.append(actions(below))
    return Message(summary, blocks)
