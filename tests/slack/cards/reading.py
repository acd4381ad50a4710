"""A message as a person reads and presses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.slack.cards.limits import buttons, check, mrkdwn_texts

if TYPE_CHECKING:
    from bot.slack.cards import Message


def everything(message: Message) -> str:
    check(message)
    return "\n".join(mrkdwn_texts(message))


def pressable(message: Message) -> list[tuple[str, str, str]]:
    return [(b["text"]["text"], b["action_id"], b.get("value", "")) for b in buttons(message)]
