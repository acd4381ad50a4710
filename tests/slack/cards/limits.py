"""A checker of Slack's published limits, written from its reference and not from the code that draws."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.slack.cards import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

# Sequences of our own that may stand in mrkdwn: people by id, dates, links with words.
_OURS = re.compile(
    r"<@[UW][A-Z0-9]{2,}>|<#[CG][A-Z0-9]{2,}>|<!date\^\d+\^[^<>|]+\|[^<>]+>|<https?://[^\s<>|]+\|[^<>]+>"
)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_KEYS = {
    "section": {"type", "text"},
    "context": {"type", "elements"},
    "actions": {"type", "elements"},
    "image": {"type", "slack_file", "alt_text"},
}


def mrkdwn_texts(message: Message) -> Iterator[str]:
    """Every text that Slack would parse."""
    yield message.text
    for block in message.blocks:
        if block["type"] == "section":
            yield block["text"]["text"]
        if block["type"] == "context":
            yield from (e["text"] for e in block["elements"])


def buttons(message: Message) -> list[dict[str, Any]]:
    return [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]


def _check_button(button: dict[str, Any]) -> None:
    assert set(button) <= {"type", "text", "action_id", "value", "accessibility_label", "confirm"}
    for name, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items() if "confirm" in button else ():
        assert button["confirm"][name]["type"] == "plain_text"
        assert 1 <= len(button["confirm"][name]["text"]) <= most
    assert button["text"]["type"] == "plain_text"
    assert 1 <= len(button["text"]["text"]) <= 75
    assert "\n" not in button["text"]["text"]
    assert 1 <= len(button["action_id"]) <= 255
    assert 1 <= len(button.get("value", "-")) <= 2000
    assert 1 <= len(button.get("accessibility_label", "-")) <= 75


def _check_block(block: dict[str, Any]) -> None:
    assert set(block) == _KEYS[block["type"]]
    if block["type"] == "section":
        assert 1 <= len(block["text"]["text"]) <= 3000
        assert block["text"]["text"].strip()
    elif block["type"] == "context":
        assert 1 <= len(block["elements"]) <= 10
        assert all(1 <= len(e["text"]) <= 3000 for e in block["elements"])
    elif block["type"] == "actions":
        assert 1 <= len(block["elements"]) <= 25
    else:
        assert re.fullmatch("F[A-Z0-9]{8,}", block["slack_file"]["id"])
        assert 1 <= len(block["alt_text"]) <= 2000


def check(message: Message) -> None:
    """Assert that Slack would take the message and would parse nothing in it that is not ours."""
    assert 1 <= len(message.text) <= 40_000
    assert len(message.blocks) <= 50
    for block in message.blocks:
        _check_block(block)
    for button in buttons(message):
        _check_button(button)
    assert not [a for a, n in Counter(b["action_id"] for b in buttons(message)).items() if n > 1]
    for text in mrkdwn_texts(message):
        _check_text(text)


def check_texts(blocks: list[dict[str, Any]]) -> None:
    """Assert of the blocks of a view that Slack would parse nothing in them that is not ours."""
    for text in mrkdwn_texts(Message("", blocks)):
        _check_text(text)


def _check_text(text: str) -> None:
    foreign = _OURS.sub("", text)
    assert "<" not in foreign
    assert ">" not in foreign
    assert "&" not in _ENTITY.sub("", foreign)
    text.encode()
