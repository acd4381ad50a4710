"""Images dropped into a channel become inputs, one by one, and the message they came in gets one answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.blueprint import WORKFLOW_ID
from bot.domain.errors import (
    AlreadyExists,
    ChatError,
    NotAPhotograph,
    PlatformRefused,
    PlatformUnavailable,
    WrongKey,
)
from bot.domain.projects import ProjectState
from bot.domain.thresholds import route, shown
from bot.domain.uploads import LARGEST_FILE, input_id
from bot.usecases.crashing import Checkpoint
from bot.usecases.ports import InputState, NewInput
from bot.usecases.previews import developed
from bot.usecases.waiting import wait_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.annotations import Suggestion
    from bot.domain.projects import Project
    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.chat import Chat, SlackFile
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, InputFacts, LabellingPlatform, PictureDesk

log = logging.getLogger(__name__)

SHOWN_BY_SLACK = frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif"})
LONGEST_WAIT = dt.timedelta(minutes=10)
MOST_TRIES = 150  # for a file at Slack: about a day
SENT_AT_ONCE = 100  # inputs whose state is asked in one request


@dataclass(frozen=True)
class Waiting:
    """One image that is not an input yet."""

    id: int
    file_id: str
    name: str
    channel_id: str
    message_ts: str
    uploaded_by: str
    attempts: int
    has_forecast: bool  # before *Go live*: its dry run is known already


@dataclass(frozen=True)
class Taken:
    """One image as it was handed to Clarifai, or would be."""

    input_id: str
    sha256: str
    file: SlackFile
    permalink: str
    shown_by_slack: bool


class UploadStore(Protocol):
    """Images on their way."""

    def waiting(self, project_id: str, *, now: dt.datetime, kept: bool, limit: int) -> Sequence[Waiting]:
        """The oldest images that wait; with `kept` (not live) only those that nobody has looked at yet.

        A live project takes kept ones too: one may have been kept at the moment of *Go live*.
        """

    def intend(self, project: Project, picture: Waiting, taken: Taken, *, now: dt.datetime) -> bool:
        """Record the input before it is sent; False when this content is an input of the project already."""

    def sent(self, picture: Waiting, taken: Taken, *, seen_before: bool) -> None: ...

    def skipped(self, picture: Waiting, reason: str) -> None: ...

    def give_up(self, picture: Waiting, reason: str) -> None:
        """Skip it, until somebody has it taken up again."""

    def later(self, picture: Waiting, *, not_before: dt.datetime) -> None: ...

    def kept(self, picture: Waiting, forecast: Sequence[str]) -> None:
        """Keep the image for *Go live*; `forecast` says what would happen to it, one phrase each."""

    def in_progress(self, project_id: str, *, limit: int) -> Sequence[str]:
        """Ids of inputs that were sent and whose end nobody knows yet."""

    def finished(self, project: Project, facts: Sequence[InputFacts]) -> int:
        """Record which inputs are READY, FAILED or GONE, and have their answers drawn; return how many."""

    def cuts(self, project_id: str, revision: int) -> Sequence[ConceptThreshold]: ...

    def names(self, project_id: str) -> Mapping[str, str]:
        """Names of the project's concepts by id."""


@dataclass(frozen=True)
class Intake:
    """What taking uploads works with."""

    store: UploadStore
    chat: Chat
    pictures: PictureDesk
    clock: Clock
    reached: Reached
    monotonic: Callable[[], float]


def take_uploads(
    intake: Intake,
    platform: LabellingPlatform,
    project: Project,
    *,
    for_s: float,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send the images that wait to Clarifai, in the order they came, for at most `for_s` seconds; return how many.

    While the project is not live they are kept; a project that is set up answers with what it would do. A crash costs
    sending one image again, which its id makes a repeat and not a second input.
    """
    started, done = intake.monotonic(), 0
    kept = not project.takes_work
    for picture in intake.store.waiting(project.id, now=intake.clock(), kept=kept, limit=SENT_AT_ONCE):
        if intake.monotonic() - started > for_s or not go_on():
            break
        try:
            if kept:
                _forecast(intake, platform, project, picture)
            else:
                _take(intake, platform, project, picture)
        except NotAPhotograph as reason:
            intake.store.skipped(picture, str(reason))
            done += 1
        except (PlatformUnavailable, WrongKey, ChatError) as away:
            done += _later(intake, picture, away)
        except PlatformRefused as refused:
            intake.store.skipped(picture, f"was refused by Clarifai: {refused}")
            done += 1
        else:
            done += 1
    return done


def _later(intake: Intake, picture: Waiting, why: Exception) -> bool:
    """Have an image wait, or give it up when Slack has not handed it out for a day; say whether it came to an end."""
    if isinstance(why, ChatError) and picture.attempts >= MOST_TRIES:
        intake.store.give_up(picture, f"could not be had from Slack: {why}")
        return True
    wait = wait_after(picture.attempts, LONGEST_WAIT)
    log.warning("uploads: picture %s waits %s: %s", picture.id, wait, why)
    intake.store.later(picture, not_before=intake.clock() + wait)
    return False


def ended_inputs(store: UploadStore, platform: LabellingPlatform, project: Project) -> list[InputFacts]:
    """Ask Clarifai which of the inputs that were sent came to an end.

    Asked before what the workflow wrote is read, and recorded after: an image is never counted as "none" too early.
    """
    ids = store.in_progress(project.id, limit=SENT_AT_ONCE)
    facts = platform.read_inputs(ids) if ids else {}
    return [f for f in facts.values() if f.state is not InputState.WORKING]


def _take(intake: Intake, platform: LabellingPlatform, project: Project, picture: Waiting) -> None:
    taken, image = _fetch(intake, picture)
    seen_before = not intake.store.intend(project, picture, taken, now=intake.clock())
    if not seen_before:
        error = platform.add_inputs([_new_input(picture, taken, image)])[taken.input_id]
        if error is not None and not isinstance(error, AlreadyExists):
            raise error
        intake.reached(Checkpoint.INPUT_ADDED)
    intake.store.sent(picture, taken, seen_before=seen_before)
    intake.reached(Checkpoint.INPUT_RECORDED)


def _fetch(intake: Intake, picture: Waiting) -> tuple[Taken, bytes]:
    file = intake.chat.file(picture.file_id)
    if file.problem:
        raise NotAPhotograph(file.problem)
    if file.size > LARGEST_FILE:
        raise NotAPhotograph("is larger than 20 MB")
    data = intake.chat.download(file, limit=LARGEST_FILE)
    image = developed(intake.chat, file, data, intake.pictures.prepare, looks=picture.attempts).data
    intake.reached(Checkpoint.PICTURE_DOWNLOADED)
    permalink = intake.chat.permalink(picture.channel_id, picture.message_ts)
    digest = hashlib.sha256(data).hexdigest()
    return Taken(input_id(data), digest, file, permalink, file.mimetype in SHOWN_BY_SLACK), image


def _new_input(picture: Waiting, taken: Taken, image: bytes) -> NewInput:
    metadata = {
        "slack_permalink": taken.permalink,
        "file_name": picture.name,
        "uploaded_by": picture.uploaded_by,
        "channel": picture.channel_id,
        "sha256": taken.sha256,
    }
    return NewInput(taken.input_id, image, metadata=metadata)


def _forecast(intake: Intake, platform: LabellingPlatform, project: Project, picture: Waiting) -> None:
    """Look at an image before *Go live*: refuse it now if it must be, else say what would happen."""
    _, image = _fetch(intake, picture)
    if project.state is not ProjectState.READY:
        intake.store.kept(picture, ())
        return
    suggestions = platform.dry_run(WORKFLOW_ID, image=image)
    cuts = intake.store.cuts(project.id, project.applied_revision)
    intake.store.kept(picture, forecast(suggestions, cuts, intake.store.names(project.id)))


def forecast(
    suggestions: Sequence[Suggestion], cuts: Sequence[ConceptThreshold], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what the workflow would do with each suggestion: "people 0.98: labelled", one phrase each, highest first."""
    by_id = {cut.concept_id: cut for cut in cuts}
    words = {"success": "labelled", "pending": "to review", None: "discarded"}
    phrases = []
    for suggestion in sorted(suggestions, key=lambda s: -s.value):
        cut = by_id.get(suggestion.concept_id)
        if cut is None:
            continue
        status = route(suggestion, cut)
        name = names.get(suggestion.concept_id, suggestion.concept_id)
        phrases.append(f"{name} {shown(round(suggestion.value, 2))}: {words[status.value if status else None]}")
    return tuple(phrases) or ("none of your concepts",)
