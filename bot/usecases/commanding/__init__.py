"""Command lines: what they say, who may say it, and what is answered privately."""

from bot.usecases.commanding.answering import BROKEN, MOST_TRIES, answer, finish_lines, is_command
from bot.usecases.commanding.helping import HELP
from bot.usecases.commanding.office import (
    ANNOTATE,
    NO_PROJECT,
    THRESHOLDS,
    Answer,
    BelowFloors,
    Dossiers,
    Line,
    LineStore,
    Lookups,
    Office,
    OpenPicture,
    Proofs,
    said,
)
from bot.usecases.commanding.taking import TAKE

__all__ = [
    "ANNOTATE",
    "BROKEN",
    "HELP",
    "MOST_TRIES",
    "NO_PROJECT",
    "TAKE",
    "THRESHOLDS",
    "Answer",
    "BelowFloors",
    "Dossiers",
    "Line",
    "LineStore",
    "Lookups",
    "Office",
    "OpenPicture",
    "Proofs",
    "answer",
    "finish_lines",
    "is_command",
    "said",
]
