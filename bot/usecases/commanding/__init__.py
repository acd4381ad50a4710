"""Command lines: what they say, who may say it, and what is answered privately."""

from bot.usecases.commanding.answering import BROKEN, COMES_LATER, MOST_TRIES, answer, finish_lines
from bot.usecases.commanding.helping import HELP
from bot.usecases.commanding.office import (
    ANNOTATE,
    NO_PROJECT,
    THRESHOLDS,
    Answer,
    Line,
    LineStore,
    Lookups,
    Office,
    OpenPicture,
    said,
)

__all__ = [
    "ANNOTATE",
    "BROKEN",
    "COMES_LATER",
    "HELP",
    "MOST_TRIES",
    "NO_PROJECT",
    "THRESHOLDS",
    "Answer",
    "Line",
    "LineStore",
    "Lookups",
    "Office",
    "OpenPicture",
    "answer",
    "finish_lines",
    "said",
]
