"""What became of the images of one message: each counts once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_FILE = 20_000_000  # bytes; Clarifai's 20 MB


def input_id(data: bytes) -> str:
    """Make the id of an input from the bytes as they were uploaded: the same picture is always the same input."""
    return f"in{hashlib.sha256(data).hexdigest()[:30]}"


class Outcome(StrEnum):
    """What became of one image."""

    WORKING = "working"  # Clarifai is still at it, or it waits for its turn
    KEPT = "kept"  # uploaded before *Go live* or during a pause
    SKIPPED = "skipped"
    TO_REVIEW = "to review"
    LABELLED = "labelled"
    NONE = "none"


@dataclass(frozen=True)
class PictureOutcome:
    """One image of an upload: its file name, what became of it, and the words that go with that."""

    name: str
    outcome: Outcome
    labels: tuple[str, ...] = ()  # names of accepted concepts, once no check of this image is open
    reason: str = ""  # why it was skipped: completes "notes.svg ..."
    expected: tuple[str, ...] = ()  # before *Go live*: what would happen, one phrase each
    reviewed: bool = False  # every review of this image is final


def outcome_of(*, has_pending: bool, has_accepted: bool) -> Outcome:
    """Count an image once: to review if a concept is pending, else labelled if one is accepted, else none."""
    if has_pending:
        return Outcome.TO_REVIEW
    return Outcome.LABELLED if has_accepted else Outcome.NONE


def sentence(pictures: Sequence[PictureOutcome]) -> str:
    """Say in one line what became of the images of a message.

    "4 images: 1 labelled (people, adult), 1 to review, 1 with none of your concepts, 1 skipped: notes.svg is empty."
    Labels come in the order in which the pictures bring them, each once.
    """
    counts = Counter(p.outcome for p in pictures)
    labels = dict.fromkeys(label for p in pictures for label in p.labels)
    skipped = [f"{p.name} {p.reason.rstrip('.')}" for p in pictures if p.outcome is Outcome.SKIPPED]
    parts = [
        _part(counts[Outcome.LABELLED], "labelled" + (f" ({', '.join(labels)})" if labels else "")),
        _part(counts[Outcome.TO_REVIEW], "to review"),
        _part(counts[Outcome.NONE], "with none of your concepts"),
        _part(counts[Outcome.KEPT], "kept for later"),
        _part(counts[Outcome.WORKING], "being looked at"),
        _part(counts[Outcome.SKIPPED], f"skipped: {'; '.join(skipped)}"),
    ]
    total = len(pictures)
    return f"{total} image{'' if total == 1 else 's'}: {', '.join(p for p in parts if p)}."


def _part(count: int, words: str) -> str:
    return f"{count} {words}" if count else ""
