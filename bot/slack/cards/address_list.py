"""The one answer to a list of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.addresses import LineOutcome, list_sentence
from bot.slack.cards.message import LONGEST_SECTION, Message, paragraphs, section
from bot.slack.cards.upload import why_kept
from bot.slack.text import mrkdwn, plain

if TYPE_CHECKING:
    from bot.domain.views import ListView


def address_list(view: ListView) -> Message:
    """Draw the counts, why lines wait, and the first reasons; the others stand in a file."""
    name = plain(view.name, 200, otherwise="The list")
    if view.refused:
        said = mrkdwn(f"{name} was not taken in: it {view.refused.rstrip('.')}.", LONGEST_SECTION)
    elif not view.counts:
        said = mrkdwn(f"{name}: being read.", LONGEST_SECTION)
    else:
        said = mrkdwn(list_sentence(name, view.counts), LONGEST_SECTION)
    blocks = [section(said)]
    if view.counts.get(LineOutcome.KEPT):
        blocks.append(section(why_kept(view.project_state)))
    blocks += paragraphs([f"Line {line:,} {mrkdwn(reason, 300)}" for line, reason in view.first_reasons], most=2)
    if view.has_file:
        blocks.append(section("Every reason stands in the file in this thread."))
    elif view.first_reasons and not view.refused:
        blocks.append(section("Every reason follows as a file in this thread, once all lines came to an end."))
    return Message(said, blocks)
