"""Ids: which ones the platform takes, and those it makes itself."""

import re
from dataclasses import dataclass
from uuid import uuid4

from bot.sandbox.clarifai.answers import invalid

LONGEST_ID = 48  # characters; the SDK's own check and its pattern
ACCEPTABLE = re.compile(r"[0-9A-Za-z]+([-_][0-9A-Za-z]+)*")


@dataclass(frozen=True)
class Scope:
    """Whose app a request is about."""

    user: str
    app: str


MAIN = Scope("clarifai", "main")


def fresh_id() -> str:
    return uuid4().hex


def checked_id(what: str, identifier: str) -> str:
    """The id to store: a fresh one for none.

    Raises:
        Refusal: too long or with characters outside the documented pattern.
    """
    if not identifier:
        return fresh_id()
    if len(identifier) > LONGEST_ID or not ACCEPTABLE.fullmatch(identifier):
        invalid(f"{what} id '{identifier[:80]}' must be 1-{LONGEST_ID} letters, digits, single '-' or '_' between them")
    return identifier
