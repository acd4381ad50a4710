"""Lines of text: JSON Lines, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

from bot.domain.exports.labels import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.exports.labels import LabelLine

# A cell that begins with one of these is a formula to some spreadsheet, the wide forms included.
# Source: OWASP, "CSV Injection".
_FORMULAS = tuple("=+-@\uff1d\uff0b\uff0d\uff20|%")


def json_line(line: LabelLine) -> str:
    """Write one line as a JSON object, in ASCII so that no character of a file's name ends it."""
    return f"{json.dumps(line._asdict())}\n"


def csv_head() -> str:
    return f"{','.join(COLUMNS)}\r\n"


def csv_lines(lines: Iterable[LabelLine]) -> str:
    """Write lines as RFC 4180 has them; what is null is an empty cell."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(value) if isinstance(value, str) else value for value in line] for line in lines)
    return out.getvalue()


def cell(words: str) -> str:
    """Put text on one line and make sure that it stays text: an apostrophe goes before what would be a formula."""
    if words.isprintable() and not words.startswith(_FORMULAS) and not words.startswith((" ", "\ufeff", "\u200b")):
        return words  # nearly all of them
    clean = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in words)
    return f"'{clean}" if clean.lstrip(" \ufeff\u200b\u00a0").startswith(_FORMULAS) else clean
