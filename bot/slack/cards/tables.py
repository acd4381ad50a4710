"""Tables that are read on a phone: a line per row instead of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.thresholds import NO_FLOOR, shown
from bot.slack.cards.message import Message, paragraphs, section
from bot.slack.text import mrkdwn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.thresholds import ConceptThreshold


def thresholds_table(rows: Sequence[tuple[str, ConceptThreshold]]) -> Message:
    """Draw the cuts of every concept, a row being (name of the concept, its cuts), with how to change one."""
    if not rows:
        return Message("No concepts yet.", [section("No concepts yet. Start with: /annotate setup people man adult")])
    lines = [cuts_line(name, cuts) for name, cuts in rows]
    example = mrkdwn(f"Change one: /annotate-thresholds {rows[0][0]} 0.9, or both cuts: {rows[0][0]} 0.2..0.9")
    return Message("The thresholds of this project", [section("*Thresholds*"), *paragraphs(lines), section(example)])


def cuts_line(name: str, cuts: ConceptThreshold) -> str:
    """Say for example "people: 0.95 and up is labelled, 0.20 to 0.95 is brought to people, less is left out"."""
    low, high = shown(cuts.floor), shown(cuts.accept)
    no_floor = cuts.floor <= NO_FLOOR
    if cuts.is_off:
        said = f"off, {'everything' if no_floor else f'{low} and up'} is brought to people"
    else:
        asked = "everything else" if no_floor else f"{low} to {high}"
        said = f"{high} and up is labelled, {asked} is brought to people"
    return f"*{mrkdwn(name, 64)}*: {said}{'' if no_floor else ', less is left out'}"


def facts_table(title: str, rows: Sequence[tuple[str, str]]) -> Message:
    """Draw a title and named facts, one per line; all of it may be foreign text."""
    lines = [f"*{mrkdwn(name, 100)}*: {mrkdwn(fact, 1000, otherwise='none')}" for name, fact in rows]
    head = mrkdwn(title, 200)
    return Message(head, [section(f"*{head}*"), *paragraphs(lines, most=20)])
