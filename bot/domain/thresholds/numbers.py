"""Cuts as people type them."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.domain.errors import Refused

_NUMBER = re.compile(r"(?P<digits>\d+(?:[.,]\d*)?|[.,]\d+)\s*(?P<percent>%?)")


def exact(value: float) -> str:
    """Write a cut with all its digits, as `read_number` reads it back."""
    return format(Decimal(repr(value)), "f")


def read_number(text: str) -> float:
    """Read a cut as people type it: 0.9, .9, 0,9, 90%. Return a value in [0, 1].

    Raises:
        Refused: it is not a number, negative, above 1, or not finite.
    """
    cleaned = text.strip().strip("'\"\u2018\u2019\u201c\u201d").replace("\u00a0", " ").strip()
    if cleaned.startswith(("-", "\u2212")):
        raise Refused(f"{cleaned} is negative. A threshold lies between 0 and 1, for example 0.9.")
    matched = _NUMBER.fullmatch(cleaned)
    if not matched:
        raise Refused(f"“{cleaned}” is not a number. A threshold lies between 0 and 1, for example 0.9 or 90%.")
    value = float(matched["digits"].replace(",", ".")) / (100 if matched["percent"] else 1)
    if value > 1:
        hint = f" Did you mean {value:g}% ({value / 100:g})?" if value <= 100 and not matched["percent"] else ""  # noqa: PLR2004 - a percentage ends at 100
        raise Refused(f"{cleaned} is above 1. A threshold lies between 0 and 1.{hint}")
    return value
