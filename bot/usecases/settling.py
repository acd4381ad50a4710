"""Decisions are carried over to Clarifai, each annotation once all its questions are answered."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.annotations import LabelState
from bot.domain.blueprint import WRITER_MARK
from bot.domain.customs import as_taken, same_labels, shortfall
from bot.domain.errors import NotFound, PlatformError, PlatformRefused, WrongKey
from bot.domain.reviews import Verdict, what_verdicts_write
from bot.usecases.crashing import Checkpoint
from bot.usecases.own_writes import is_ours
from bot.usecases.waiting import given_up_on, wait_after
from bot.usecases.writing_back import Wish, write_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.annotations import Annotation
    from bot.domain.customs import Customs
    from bot.domain.projects import Project
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, LabellingPlatform, Written

log = logging.getLogger(__name__)

BATCH = 1000  # annotations read in one request
LONGEST_WAIT = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Answered:
    """One review of an annotation, as far as it is answered."""

    concept_id: str
    is_open: bool
    verdict: Verdict | None
    decided_by: str
    decided_at: dt.datetime | None
    lane: str
    value: float
    applied: int | None = None  # the later revision whose cut accepted it, once somebody had it applied
    first_by: str = ""  # who had rejected it; only where this verdict is that of a second look


@dataclass(frozen=True)
class Unsettled:
    """An annotation with decisions that Clarifai may not have yet. `dirty` counts its decisions and undos."""

    id: str
    input_id: str
    dirty: int
    settled: int
    attempts: int
    modified_at: dt.datetime
    snapshot: LabelState
    stands: LabelState | None
    thresholds: int
    reviews: tuple[Answered, ...]

    @property
    def wanted(self) -> LabelState:
        """What should stand in Clarifai: the verdicts once all are there, the snapshot until then and after *Undo*.

        What a lowered cut accepted is but checked: its open review holds nothing back.
        """
        if any(r.is_open and r.applied is None for r in self.reviews):
            return self.snapshot
        verdicts = {r.concept_id: r.verdict for r in self.reviews if r.verdict}
        applied = {r.concept_id for r in self.reviews if r.applied is not None}
        confirmed = {r.concept_id for r in self.reviews if r.first_by}
        wanted = what_verdicts_write(self.snapshot, verdicts, applied=applied, confirmed=confirmed)
        return wanted or self.snapshot

    @property
    def standing(self) -> LabelState:
        return self.stands or self.snapshot

    def provenance(self, project: Project) -> dict[str, Any]:
        """What goes into annotation_info: who decided what and when, and what the model had said.

        `decided_by` and `decided_at` are those of the verdict that was the last one missing. `means` is the status that
        the verdicts mean, also where this Clarifai does not take it.
        """
        said = [(r.decided_at, r.decided_by) for r in self.reviews if r.verdict and r.decided_at]
        decided_at, decided_by = max(said, default=(None, ""))
        applied = {r.concept_id: r.applied for r in self.reviews if r.applied is not None}
        return {
            **({"applied": applied} if applied else {}),
            "written_by": WRITER_MARK,
            "project": project.id,
            "write": self.dirty,
            "means": self.wanted.status.value,
            "threshold_revision": self.thresholds,
            "decided_by": decided_by,
            "decided_at": decided_at.isoformat() if decided_at else "",
            "lane": self.reviews[0].lane if self.reviews else "",
            "model_values": {r.concept_id: r.value for r in self.reviews},
            "decisions": [
                {
                    "concept": r.concept_id,
                    "verdict": r.verdict.value,
                    "decided_by": r.decided_by,
                    "decided_at": r.decided_at.isoformat() if r.decided_at else "",
                    "lane": r.lane,
                    "model_value": r.value,
                    **({"rejected_first_by": r.first_by} if r.first_by else {}),
                }
                for r in self.reviews
                if r.verdict
            ],
        }


class SettleStore(Protocol):
    """Annotations with decisions to carry over."""

    def unsettled(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[Unsettled]: ...

    def settled(self, project: Project, done: Sequence[tuple[Unsettled, LabelState, dt.datetime]]) -> None:
        """Record what stands in Clarifai now and its version there; only up to the decision counts that were read."""

    def closed(self, project: Project, annotation_id: str, reason: str) -> None:
        """Clarifai's own state wins: close the annotation and its reviews with the reason."""

    def later(self, project_id: str, ids: Sequence[str], problem: str, *, not_before: dt.datetime) -> None:
        """Keep the decisions and try again later; their cards say so."""

    def give_up(self, project_id: str, unsettled: Unsettled, problem: str) -> None:
        """Keep the decisions and try no more, until there is a newer one or somebody has it taken up again."""

    def learned(self, project: Project, customs: Customs) -> None:
        """Remember with the project what its Clarifai turned out to take."""

    def tell_once(self, project: Project, user_id: str, line: str, *, now: dt.datetime) -> None:
        """Tell a person privately, unless they were told the same before."""


def settle(
    store: SettleStore,
    platform: LabellingPlatform,
    clock: Clock,
    reached: Reached,
    project: Project,
    *,
    limit: int = BATCH,
) -> int:
    """Carry decided reviews over to Clarifai; return how many annotations were settled.

    What cannot be written now keeps its decisions and is tried again. Writing twice is harmless: the write carries the
    decision count, so that a crash between the write and the record is recognised by reading the annotation back.
    """
    todo = store.unsettled(project.id, now=clock(), limit=limit)
    same = [u for u in todo if u.wanted == u.standing]
    store.settled(project, [(u, u.standing, u.modified_at) for u in same])
    differ = [u for u in todo if u.wanted != u.standing]
    if not differ:
        return len(same)
    try:
        current = platform.read_annotations([(u.id, u.input_id) for u in differ])
    except PlatformError as away:
        _later(store, clock, project, differ, away)
        return len(same)
    return len(same) + _write(store, platform, clock, reached, project, differ, current)


def _write(
    store: SettleStore,
    platform: LabellingPlatform,
    clock: Clock,
    reached: Reached,
    project: Project,
    differ: Sequence[Unsettled],
    current: Mapping[str, Annotation],
) -> int:
    to_write, done = [], []
    for unsettled in differ:
        there = current.get(unsettled.id)
        if there is None:
            store.closed(project, unsettled.id, "it was deleted in Clarifai")
        elif _already_written(project, unsettled, there):
            done.append((unsettled, unsettled.wanted, there.modified_at))
        elif there.modified_at != unsettled.modified_at and not (
            _ours(project, unsettled, there) or is_ours(project, unsettled.snapshot, there)
        ):
            store.closed(project, unsettled.id, "it was changed in Clarifai")
        else:
            to_write.append(unsettled)
    wishes = [Wish(u.id, u.input_id, u.wanted, u.snapshot, u.provenance(project)) for u in to_write]
    written, customs = write_back(platform, project.customs, wishes)
    reached(Checkpoint.ANNOTATIONS_WRITTEN)
    if customs != project.customs:
        store.learned(project, customs)
    done += _sort(store, clock, project, to_write, written)
    _tell(store, clock, project, customs, [unsettled for unsettled, _, _ in done])
    store.settled(project, done)
    reached(Checkpoint.SETTLED)
    return len(done)


def _sort(
    store: SettleStore, clock: Clock, project: Project, asked: Sequence[Unsettled], written: Sequence[Written]
) -> list[tuple[Unsettled, LabelState, dt.datetime]]:
    done = []
    for unsettled, result in zip(asked, written, strict=True):
        if result.annotation is not None:
            done.append((unsettled, unsettled.wanted, result.annotation.modified_at))
        elif isinstance(result.error, NotFound):
            store.closed(project, unsettled.id, "it was deleted in Clarifai")
        elif _is_final(result.error) and given_up_on(unsettled.attempts):
            _give_up(store, clock, project, unsettled, result.error)
        else:
            _later(store, clock, project, [unsettled], result.error)
    return done


def _is_final(error: Exception | None) -> bool:
    """Say whether asking again changes nothing; a key may be put right, and an outage ends."""
    return isinstance(error, PlatformRefused) and not isinstance(error, WrongKey)


def _give_up(store: SettleStore, clock: Clock, project: Project, unsettled: Unsettled, why: Exception | None) -> None:
    log.error("settle: annotation %s of %s is given up: %s", unsettled.id, project.id, why)
    store.give_up(project.id, unsettled, str(why))
    said = f"Clarifai refuses to take answers of this channel: {why} They are kept. Whoever runs the bot can have them "
    store.tell_once(project, project.set_up_by, f"{said}tried again: annotate-bot retry", now=clock())


def _later(
    store: SettleStore, clock: Clock, project: Project, todo: Sequence[Unsettled], why: Exception | None
) -> None:
    wait = wait_after(max(u.attempts for u in todo), LONGEST_WAIT)
    log.warning("settle: %d annotations of %s wait %s: %s", len(todo), project.id, wait, why)
    store.later(project.id, [u.id for u in todo], str(why), not_before=clock() + wait)


def _tell(store: SettleStore, clock: Clock, project: Project, customs: Customs, done: Sequence[Unsettled]) -> None:
    """Tell whoever decided what of their verdicts this Clarifai did not take."""
    for unsettled in done:
        line = shortfall(unsettled.wanted, as_taken(unsettled.wanted, unsettled.snapshot, customs))
        for person in sorted({r.decided_by for r in unsettled.reviews if line and r.verdict is Verdict.REJECT}):
            store.tell_once(project, person, line, now=clock())


def _ours(project: Project, unsettled: Unsettled, there: Annotation) -> bool:
    """Say whether the change since we read it is a write of our own whose record was lost."""
    write = there.info.get("write")
    return (
        there.info.get("project") == project.id
        and isinstance(write, (int, float))
        and unsettled.settled < write <= unsettled.dirty
    )


def _already_written(project: Project, unsettled: Unsettled, there: Annotation) -> bool:
    return (
        _ours(project, unsettled, there)
        and there.info.get("write") == unsettled.dirty
        and same_labels(LabelState.of(there), as_taken(unsettled.wanted, unsettled.snapshot, project.customs))
    )
