"""The forms a file of labels may have, and what it is called."""

from __future__ import annotations

import difflib
import re
from enum import StrEnum

from bot.domain.errors import Refused


class Form(StrEnum):
    """The value is the word people type."""

    JSONL = "jsonl"
    CSV = "csv"
    COCO = "coco"


_ENDINGS = {Form.JSONL: "jsonl", Form.CSV: "csv", Form.COCO: "coco.json"}
TITLES = {Form.JSONL: "JSON lines", Form.CSV: "CSV", Form.COCO: "COCO"}
_HOW = "Write for example: export jsonl   or csv, or coco"


def read_form(words: str) -> Form:
    """Read the form that somebody typed, in any case.

    Raises:
        Refused: it is missing or none of the three.
    """
    word = words.strip().casefold()
    if not word:
        raise Refused(f"Say in which form. {_HOW}")
    if word in set(Form):
        return Form(word)
    near = difflib.get_close_matches(word, list(Form), n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Refused(f"“{words.strip()[:40]}” is no form of an export.{hint} {_HOW}")


def names_of(form: Form, app_id: str) -> tuple[str, str]:
    """Name the file of an app's labels, and its data card."""
    name = f"labels-{re.sub(r'[^A-Za-z0-9_-]+', '-', app_id)}.{_ENDINGS[form]}"
    return name, f"{name}.card.md"
