"""A drawn message, and the few classic blocks it is drawn with. Limits: Slack, "Block Kit", in characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.slack.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Block = dict[str, Any]

FILE_ID = re.compile(r"F[A-Z0-9]{8,}")  # what Slack takes in a slack_file

LONGEST_SECTION = 3000
LONGEST_LABEL = 75
LONGEST_VALUE = 2000
LONGEST_ALT = 2000
LONGEST_TEXT = 3000  # of the top-level text; Slack cuts at 40,000, a notification shows far less


@dataclass(frozen=True)
class Message:
    """What is posted: the text of notifications and screen readers, and the blocks that are seen."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def section(text: str) -> Block:
    """Return a paragraph of text that is fit for mrkdwn. `verbatim`: Slack is not to find links by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(text: str) -> Block:
    """Return a paragraph in small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def actions(buttons: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(words: str, action_id: str, value: str = "", *, full_name: str = "") -> Block:
    """Return a button in the default style; `full_name` is what a screen reader says where `words` says less."""
    drawn: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": plain(words, LONGEST_LABEL), "emoji": False},
        "action_id": action_id,
    }
    if value:
        drawn["value"] = value
    if full_name:
        drawn["accessibility_label"] = plain(full_name, LONGEST_LABEL)
    return drawn


def picture(file_id: str, alt: str) -> Block:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": plain(alt, LONGEST_ALT)}


def paragraphs(lines: Iterable[str], *, most: int = 8) -> list[Block]:
    """Return `lines` (each fit for mrkdwn, each at most a section long) in as few sections as hold them.

    At most `most` sections; where lines are left out, the last line says how many. Blank lines stay between others.
    """
    full = list(lines)
    sections: list[str] = []
    taken = 0
    while taken < len(full) and len(sections) < most:
        count = _fitting(full[taken:])
        sections.append("\n".join(full[taken : taken + count]))
        taken += count
    if taken < len(full):
        sections[-1] += f"\n\u2026 and {len(full) - taken} more"
    return [section(text) for text in sections if text.strip()]


def _fitting(lines: Sequence[str]) -> int:
    """Count how many of `lines` fit into one section, leaving room for "and 99999 more"; at least one."""
    room = LONGEST_SECTION - 25
    for count, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return max(count, 1)
    return len(lines)
