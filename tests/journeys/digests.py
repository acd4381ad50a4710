"""Reading digests in journeys."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SECOND = "C0SECOND01"


def at(lab: Lab, moment: str) -> None:
    """Move the clock to a moment in UTC and let the passes of a tick run."""
    lab.clock.now = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    lab.run("post_digests", "post_cards", "redraw_cards")


def digests(lab: Lab, channel: str = "") -> list[dict[str, Any]]:
    return lab.messages("digest", channel)


def shown(message: dict[str, Any]) -> str:
    return "\n".join(str(block["text"]["text"]) for block in message["blocks"] if block["type"] == "section")
