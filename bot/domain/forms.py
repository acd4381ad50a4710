"""Forms: what is asked of one person in a window of its own, and what becomes of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.domain.thresholds import ConceptThreshold
    from bot.domain.views import CardView

FormValues = Mapping[str, str | Sequence[str]]  # by the name of the field; "" and [] for what was left empty


class FormKind(StrEnum):
    """What a form is for."""

    SET_UP = "setup"
    THRESHOLDS = "thresholds"
    REVIEW = "review"


@dataclass(frozen=True)
class OpenForm:
    """A form in front of somebody. `about` is what it holds besides the fields on the screen."""

    id: str
    kind: FormKind
    team_id: str
    channel_id: str
    user_id: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MessageForm:
    """A form that asks nothing: it is being looked up, or it says why not."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ThresholdsForm:
    """Both cuts of every concept and its target; rows are (name, cuts)."""

    rows: tuple[tuple[str, ConceptThreshold], ...]
    waiting: int  # reviews that a change leaves as they are
    proven: tuple[str, ...] = ()  # what the checks show of each row


@dataclass(frozen=True)
class SetUpForm:
    """The set-up of a channel with room for `rows` concepts.

    Attributes:
        rows: how many concepts there are fields for.
        default: the configured app and its owner, in words; "" where none is configured.
        key_said: what Clarifai said of the key that was typed in; "" before one is.
        may_add: another row still fits.
        advanced: the fields that few need are shown.
    """

    rows: int
    default: str
    key_said: str = ""
    may_add: bool = True
    advanced: bool = False


@dataclass(frozen=True)
class ConfirmForm:
    """What is about to be done, for a last look."""

    title: str
    lines: tuple[str, ...]
    submit: str
    close: str = "Cancel"


MOST_COUNTED = 1000  # a longer queue is not counted out for somebody who waits for an answer


def counted(number: int) -> str:
    """Write a number that was counted up to `MOST_COUNTED`."""
    return f"{MOST_COUNTED} or more" if number >= MOST_COUNTED else str(number)


@dataclass(frozen=True)
class ReviewForm:
    """One picture of a review session with everything that is open about it. `said` is about the one before."""

    card: CardView
    step: int  # counts the pictures of the session
    waiting: int  # reviews in the whole queue, counted up to `MOST_COUNTED`
    said: tuple[str, ...] = ()


FormView = MessageForm | SetUpForm | ThresholdsForm | ConfirmForm | ReviewForm


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong, by the name of the field it is said beside."""

    errors: Mapping[str, str]


@dataclass(frozen=True)
class NextForm:
    """Another form takes this one's place; `about` is kept for it."""

    view: FormView
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """The form closes; a job does what was asked and tells the person."""

    about: Mapping[str, Any] = field(default_factory=dict)


Submission = FieldErrors | NextForm | Accepted
