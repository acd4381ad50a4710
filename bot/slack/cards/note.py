"""Something for one person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.cards.message import LONGEST_TEXT, Message, paragraphs
from bot.slack.text import mrkdwn, with_mentions

if TYPE_CHECKING:
    from bot.domain.views import NoteView

LONGEST_LINE = 1500


def note(view: NoteView) -> Message:
    """Draw plain lines. A refusal names who can: such mentions stay alive, since nobody is notified of a note."""
    lines = [with_mentions(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in view.lines]
    summary = with_mentions(mrkdwn(" ".join(view.lines), LONGEST_TEXT, otherwise="Nothing to say."))
    return Message(summary, paragraphs(lines) or paragraphs([summary]))
