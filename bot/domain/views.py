"""What the bot shows, as values: everything a message says, before anybody thinks of blocks and buttons.

User ids are Slack's; times are aware UTC. Strings may hold foreign text: whoever draws them escapes them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from bot.domain.addresses import LineOutcome
    from bot.domain.digests import DigestFigures
    from bot.domain.projects import ProjectState
    from bot.domain.reviews import ReviewKind, ReviewState, Verdict
    from bot.domain.second_looks import LookState
    from bot.domain.thresholds import ConceptThreshold
    from bot.domain.uploads import PictureOutcome


def at(moment: dt.datetime) -> str:
    """Put an aware time into a line of a note, so that each reader sees it in a zone of their own."""
    return f"<{moment.astimezone(UTC).isoformat(timespec='seconds')}>"


@dataclass(frozen=True)
class CardReview:
    """One question of a card. `value` and `accept` are shown only once the verdict is there."""

    id: int
    concept: str
    kind: ReviewKind
    state: ReviewState
    value: float
    accept: float  # the cut in force when it was seen
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    doubted_by: str = ""
    first_by: str = ""  # who had rejected it; only where this verdict is that of a second look

    @property
    def is_open(self) -> bool:
        return self.state.value in {"queued", "posted"}


@dataclass(frozen=True)
class CardView:
    """One picture and every question about it."""

    input_id: str
    name: str  # of the file
    uploaded_by: str  # a name; empty when the input came from elsewhere or nobody has asked Slack who it was
    permalink: str  # of the upload; empty when there is none
    file_id: str  # the Slack file to show; empty when there is none
    reviews: tuple[CardReview, ...]
    closed_reason: str = ""  # why the card was closed without a verdict
    write_problem: str = ""  # the decisions are saved and Clarifai has not taken them yet: why

    @property
    def open_reviews(self) -> tuple[CardReview, ...]:
        return tuple(r for r in self.reviews if r.is_open)


@dataclass(frozen=True)
class SecondLookView:
    """One question of a picture, asked once more of somebody else. `first_by` is empty until it is answered.

    `afterwards` says why it closed without an answer, or what became of an answer later.
    """

    id: int
    concept: str
    name: str  # of the file
    uploaded_by: str
    file_id: str
    state: LookState
    verdict: Verdict | None = None
    first_by: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    doubted_by: str = ""
    afterwards: str = ""


@dataclass(frozen=True)
class KnownAgain:
    """A picture whose content the project has had before: when it came first, and what people said of it.

    Verdicts are (concept, whether it was approved, who): only final ones, so that nothing of an open review shows.
    """

    name: str  # of the file now
    seen_on: dt.date  # in the project's time zone
    verdicts: tuple[tuple[str, bool, str], ...] = ()


@dataclass(frozen=True)
class UploadView:
    """The one answer to a message with images."""

    pictures: tuple[PictureOutcome, ...]
    project_state: ProjectState
    known_again: tuple[KnownAgain, ...] = ()


@dataclass(frozen=True)
class ListView:
    """The one answer to a list of addresses. `refused` says why the whole file was not taken, else it is empty.

    Attributes:
        counts: lines by outcome; empty while the file is being read.
        first_reasons: (line, why it was skipped) of the first few.
        has_file: every reason stands in a file in the same thread.
    """

    name: str
    project_state: ProjectState
    counts: Mapping[LineOutcome, int]
    refused: str = ""
    first_reasons: tuple[tuple[int, str], ...] = ()
    has_file: bool = False


class StepState(StrEnum):
    """How far one line of a checklist is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class ChecklistStep:
    """One line of the set-up checklist, in people's words."""

    title: str
    state: StepState
    detail: str = ""  # what it made, what it waits for, or why it failed and what to do


@dataclass(frozen=True)
class ChecklistView:
    """The set-up of a project, from the first step to live."""

    state: ProjectState
    set_up_by: str
    steps: tuple[ChecklistStep, ...]
    cuts: tuple[tuple[str, ConceptThreshold], ...]  # (name of the concept, its cuts)
    found: str = ""  # what stood in the app before
    older_pending: int = 0  # pending annotations from before *Go live*, offered once


@dataclass(frozen=True)
class DigestView:
    """What happened. `local_date` is None for a digest that somebody asked for."""

    figures: DigestFigures
    since: dt.datetime
    until: dt.datetime
    state: ProjectState
    local_date: dt.date | None = None
    late: bool = False
    missed: tuple[dt.date, ...] = ()  # local dates without a digest since the last one
    about_channel: str = ""  # of the project, where its digest stands in another channel
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class AnnouncementView:
    """Something the whole channel should know, in plain lines; `by` is the person who did it, empty for the bot."""

    lines: tuple[str, ...]
    by: str = ""
    undo_thresholds: int = 0  # the revision that *Undo* takes back; 0 for none
    examples: tuple[tuple[str, str], ...] = ()  # (file name, where it stands) of pictures that were rejected lately
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class ShownPicture:
    """A picture beside what is said of it; where Slack has no file to show, the words stand alone."""

    name: str
    lines: tuple[str, ...]
    file_id: str = ""
    alt: str = ""  # the picture in words; its name where there is nothing to say


@dataclass(frozen=True)
class Offer:
    """A button under a note: its words, and the command line it stands for; `confirm` is what it asks first."""

    words: str
    text: str
    command: str = "/annotate"
    confirm: str = ""


def stop_offers(figures: DigestFigures) -> tuple[Offer, ...]:
    """Offer to stop accepting the concept whose number is bad; the line runs as whoever presses."""
    doubtful = figures.doubtful
    if doubtful is None:
        return ()
    words = f"Stop trusting {doubtful.name}"
    asked = f"From then on nothing is labelled {doubtful.name} unseen: people are asked about all of it."
    return (Offer(words, f"{doubtful.name} off", "/annotate-thresholds", asked),)


@dataclass(frozen=True)
class NoteView:
    """Something for one person only: plain lines, pictures below them, and what can be pressed."""

    lines: tuple[str, ...]
    pictures: tuple[ShownPicture, ...] = ()
    offers: tuple[Offer, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        pictures = (ShownPicture(**{**p, "lines": tuple(p["lines"])}) for p in stored.get("pictures", ()))
        offers = (Offer(**offer) for offer in stored.get("offers", ()))
        return cls(tuple(stored["lines"]), tuple(pictures), tuple(offers))


@dataclass(frozen=True)
class QueueView:
    """What waits in one channel, and how its project stands."""

    channel_id: str
    state: ProjectState
    questions: int
    pictures: int
    oldest: dt.datetime | None = None


@dataclass(frozen=True)
class AnsweredView:
    """What one person answered about one picture; verdicts are (concept, verdict)."""

    channel_id: str
    input_id: str
    name: str  # of the file
    verdicts: tuple[tuple[str, Verdict], ...]
    at: dt.datetime


@dataclass(frozen=True)
class HomeView:
    """One person's Home tab. `said` is what became of their last press there, or why they may do nothing."""

    queues: tuple[QueueView, ...] = ()
    next_in: str = ""  # the channel of the next picture
    next: CardView | None = None
    answered: tuple[AnsweredView, ...] = ()
    said: tuple[str, ...] = ()
    may_decide: bool = True


MOST_COUNTED = 1000  # cards that wait; more are not counted out


@dataclass(frozen=True)
class WaitingView:
    """How many cards wait for their turn in a channel; one more than `MOST_COUNTED` stands for any larger number."""

    count: int

    @property
    def offer(self) -> Offer:
        return Offer("Open review session", "review")


View = CardView | SecondLookView | UploadView | ListView | ChecklistView | DigestView | AnnouncementView | WaitingView
