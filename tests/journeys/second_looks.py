"""What one person rejected, and the looks of others at it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.journeys.lab import Lab


def words(message: Mapping[str, Any]) -> str:
    return json.dumps([message["text"], message["blocks"]])


def rejected(lab: Lab, by: str = "", *, people: float = 0.36) -> dict[str, Any]:
    """One picture about one concept, rejected; returns its card."""
    card = lab.card_of(people=people)
    lab.press(card, "Reject", by=by or lab.dana)
    lab.settle_down()
    return lab.again(card)


def looks(lab: Lab) -> list[tuple[Any, ...]]:
    return lab.rows("select state, verdict, decided_by from second_look order by id")
