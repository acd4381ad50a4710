"""The fields that forms are made of. Limits: Slack, "Block Kit", in characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.cards.message import Block

LONGEST_LABEL = 200  # Slack takes 2,000; nobody reads them
LONGEST_OPTION = 75


def words(text: str, limit: int = LONGEST_LABEL) -> Block:
    return {"type": "plain_text", "text": plain(text, limit), "emoji": False}


def field(
    name: str, label: str, element: Block, *, hint: str = "", optional: bool = False, live: bool = False
) -> Block:
    """Return one field; errors are said beside it by its `name`. `live`: the bot hears of it as it is filled in."""
    drawn: Block = {
        "type": "input",
        "block_id": name,
        "label": words(label),
        "element": {**element, "action_id": f"field:{name}"},
        "optional": optional,
    }
    if hint:
        drawn["hint"] = words(hint, 500)
    if live:
        drawn["dispatch_action"] = True
    return drawn


def number(value: float | None, *, least: float = 0.0, most: float = 1.0) -> Block:
    """Return a field for a number; Slack refuses what lies outside [least, most] before it is sent."""
    drawn: Block = {
        "type": "number_input",
        "is_decimal_allowed": True,
        "min_value": f"{least:g}",
        "max_value": f"{most:g}",
    }
    return drawn if value is None else {**drawn, "initial_value": f"{value:.6f}".rstrip("0").rstrip(".")}


def line(value: str = "", *, longest: int = 300, placeholder: str = "", several: bool = False) -> Block:
    """Return a field for a line of text, or for `several`."""
    drawn: Block = {"type": "plain_text_input", "max_length": longest}
    if several:
        drawn["multiline"] = True
    if value:
        drawn["initial_value"] = value[:longest]
    if placeholder:
        drawn["placeholder"] = words(placeholder, 150)
    return drawn


def choice(options: Sequence[tuple[str, str]], chosen: str = "") -> Block:
    """Return a field for one of `options`, each (value, words)."""
    drawn: Block = {"type": "static_select", "options": [option(value, said) for value, said in options]}
    first = next((option(value, said) for value, said in options if value == chosen), None)
    return {**drawn, "initial_option": first} if first else drawn


def suggested(placeholder: str) -> Block:
    """Return a field whose choices the bot suggests while somebody types."""
    return {"type": "external_select", "min_query_length": 1, "placeholder": words(placeholder, 150)}


def ticks(options: Sequence[tuple[str, str]], ticked: Sequence[str] = ()) -> Block:
    """Return a field with boxes to tick, each (value, words)."""
    drawn: Block = {"type": "checkboxes", "options": [option(value, said) for value, said in options]}
    first = [option(value, said) for value, said in options if value in ticked]
    return {**drawn, "initial_options": first} if first else drawn


def option(value: str, said: str) -> Block:
    return {"text": words(said, LONGEST_OPTION), "value": value}
