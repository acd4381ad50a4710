"""What the workflow wrote becomes reviews; what was changed elsewhere closes them."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.domain.annotations import AnnotationStatus
from bot.domain.blueprint import WRITER_MARK
from bot.domain.checks import PROBED_SHARE, coin
from bot.domain.evidence import Lane
from bot.domain.probes import is_probe
from bot.domain.reviews import ReviewKind, ReviewState
from bot.usecases.crashing import Checkpoint
from bot.usecases.own_writes import is_ours, says_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bot.domain.annotations import Annotation, LabelState
    from bot.domain.evidence import Draw, Ledger
    from bot.domain.projects import Project
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, LabellingPlatform, Seen

log = logging.getLogger(__name__)

OVERLAP = dt.timedelta(minutes=2)  # read again with every sweep, in case a search shows things late
FULL_SWEEP_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True)
class NewReview:
    """A suggestion that becomes a review (QUEUED), or one that is left alone (UNCHECKED)."""

    concept_id: str
    value: float
    kind: ReviewKind
    state: ReviewState
    draw: Draw | None = None  # None: it is never evidence

    @property
    def lane(self) -> Lane:
        return Lane.CALIBRATION if self.draw and self.draw.is_drawn else Lane.WORK

    @property
    def probability(self) -> float:
        """With which it was drawn: of a probe, by the coin of its input."""
        if self.draw:
            return self.draw.probability
        return PROBED_SHARE if self.kind is ReviewKind.PROBE else 1.0


@dataclass(frozen=True)
class NewAnnotation:
    """An annotation of our writers seen for the first time, and its reviews."""

    seen: Seen
    reviews: tuple[NewReview, ...]


@dataclass(frozen=True)
class Known:
    """What we hold of an annotation: Clarifai's version of it, and whether a decision is on its way."""

    modified_at: dt.datetime
    in_flight: bool


class DiscoverStore(Protocol):
    """Inputs, annotations and reviews of one project."""

    def concept_ids(self, project_id: str) -> Collection[str]: ...

    def ledgers(self, project: Project, *, now: dt.datetime) -> Mapping[str, Ledger]:
        """The ledger of each concept; a new one, told to the channel, where model or mapper are others now."""

    def known(self, project_id: str, annotation_ids: Sequence[str]) -> Mapping[str, Known]: ...

    def own_inputs(self, project_id: str, input_ids: Sequence[str]) -> Collection[str]:
        """Those of the inputs that were uploaded through this bot."""

    def probed(self, project_id: str, input_ids: Sequence[str]) -> Collection[str]:
        """Those of the inputs that the coin drew to be read below the floor."""

    def asked(self, project_id: str, input_ids: Sequence[str]) -> Collection[tuple[str, str]]:
        """(input id, concept id) of what people are asked or have answered, about whole pictures."""

    def add(self, project: Project, new: Sequence[NewAnnotation], *, now: dt.datetime) -> int:
        """Record annotations and reviews and have their cards posted or drawn; return how many reviews are new."""

    def snapshots(self, project_id: str, annotation_ids: Sequence[str]) -> Mapping[str, LabelState]:
        """What the workflow wrote, of those annotations that are not closed."""

    def written_late(self, project: Project, annotations: Sequence[Annotation]) -> None:
        """Record that this stands in Clarifai, so that `settle` writes what should stand if that is something else."""

    def changed_elsewhere(self, project: Project, annotations: Sequence[Annotation]) -> None:
        """Close the reviews of annotations that somebody decided or changed in Clarifai."""

    def posted_keys(self, project_id: str) -> Sequence[tuple[str, str]]:
        """(annotation id, input id) of everything that asks somebody something right now."""

    def gone_elsewhere(self, project: Project, annotation_ids: Sequence[str]) -> None:
        """Close the reviews of annotations that do not exist any more."""

    def swept(self, project: Project, *, until: dt.datetime | None, full_at: dt.datetime | None) -> None:
        """Remember up to which of Clarifai's moments everything was seen.

        Not if somebody asked for older ones meanwhile: this sweep left them out.
        """

    def last_full_sweep(self, project_id: str) -> dt.datetime | None: ...


def discover(
    store: DiscoverStore,
    platform: LabellingPlatform,
    clock: Clock,
    reached: Reached,
    project: Project,
    *,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Read what changed in the project's app since the last sweep; return how many reviews are new.

    A crash costs reading the same pages again, and so does an end between two pages, once `go_on` says no: what is
    known is not added twice, and the mark moves on only when a sweep is through.
    """
    now = clock()
    last_full = store.last_full_sweep(project.id)
    full = project.seen_until is None or last_full is None or now - last_full >= FULL_SWEEP_EVERY
    since = None if full or project.seen_until is None else project.seen_until - OVERLAP
    newest, added = project.seen_until, 0
    for page in platform.changed_annotations(project.user_id, since):
        added += _take(store, project, page, now)
        moments = [seen.annotation.modified_at for seen in page]
        newest = max(moments + ([newest] if newest else []), default=None)
        reached(Checkpoint.ANNOTATIONS_RECORDED)
        if not go_on():
            return added
    _look_after_posted(store, platform, project)
    store.swept(project, until=newest, full_at=now if full else None)
    return added


def _take(store: DiscoverStore, project: Project, page: Sequence[Seen], now: dt.datetime) -> int:
    known = store.known(project.id, [seen.annotation.id for seen in page])
    concepts = store.concept_ids(project.id)
    own = store.own_inputs(project.id, [s.input.id for s in page if s.annotation.id not in known])
    ledgers = store.ledgers(project, now=now)
    asked = set(store.asked(project.id, [s.input.id for s in page if s.annotation.id not in known]))
    probed = set(store.probed(project.id, [s.input.id for s in page if s.annotation.id not in known]))
    new = []
    for seen in page:
        if seen.annotation.id not in known and _is_ours(project, seen, concepts, own):
            reviews = _reviews(project, seen, concepts, ledgers if _is_new(project, seen, own) else {}, asked)
            if seen.input.id in probed:
                reviews = _all_asked(reviews)
            asked |= {(seen.input.id, r.concept_id) for r in reviews if r.state is ReviewState.QUEUED}
            new.append(NewAnnotation(seen, reviews))
    _take_changes(store, project, [s.annotation for s in page if _changed(known.get(s.annotation.id), s.annotation)])
    return store.add(project, new, now=now)


def _take_changes(store: DiscoverStore, project: Project, changed: Sequence[Annotation]) -> None:
    """Tell what somebody changed in Clarifai from what a paused process of ours wrote late, and died."""
    said = [annotation for annotation in changed if says_ours(project, annotation)]
    snapshots = store.snapshots(project.id, [annotation.id for annotation in said]) if said else {}
    late = [a for a in said if a.id in snapshots and is_ours(project, snapshots[a.id], a)]
    store.written_late(project, late)
    store.changed_elsewhere(project, [annotation for annotation in changed if annotation not in late])


def _changed(known: Known | None, annotation: Annotation) -> bool:
    return known is not None and not known.in_flight and annotation.modified_at > known.modified_at


def _is_ours(project: Project, seen: Seen, concepts: Collection[str], own: Collection[str]) -> bool:
    """Say whether our writers wrote it, about our concepts, and on an input that is in question.

    In question is what was uploaded here or added after *Go live*; older pending ones once somebody brought them in.
    """
    annotation = seen.annotation
    if annotation.status not in {AnnotationStatus.SUCCESS, AnnotationStatus.PENDING} or _is_answered(annotation):
        return False
    if not any(s.concept_id in concepts for s in annotation.suggestions) or not _by_a_writer(annotation):
        return False
    return _is_new(project, seen, own) or (project.take_older and annotation.status is AnnotationStatus.PENDING)


def _is_new(project: Project, seen: Seen, own: Collection[str]) -> bool:
    """Say whether the input was uploaded here or added after *Go live*; what is older is never evidence."""
    if seen.input.id in own:
        return True
    added_at = seen.input.created_at or seen.annotation.created_at
    return project.live_since is not None and added_at >= project.live_since


def _is_answered(annotation: Annotation) -> bool:
    """Say whether people rejected all of it already, where Clarifai takes no rejection (`bot.domain.customs`)."""
    return annotation.info.get("means") == AnnotationStatus.REJECTED.value


def _by_a_writer(annotation: Annotation) -> bool:
    """Our writers leave their mark; where the platform drops it, values between 0 and 1 tell a model from a person."""
    if is_probe(annotation):
        return True
    mark = annotation.info.get("written_by")
    if mark is not None or annotation.info:
        return mark == WRITER_MARK
    return any(0.0 < s.value < 1.0 for s in annotation.suggestions)


def _reviews(
    project: Project,
    seen: Seen,
    concepts: Collection[str],
    ledgers: Mapping[str, Ledger],
    asked: Collection[tuple[str, str]],
) -> tuple[NewReview, ...]:
    """Make a review of each suggestion about our concepts.

    A whole picture is asked about a concept once. Should the platform run the workflow again on a picture that people
    are asked about or have answered (for one, because their answer or their *Undo* was written), what comes of it is
    left alone: otherwise each answer would be a question again.
    """
    annotation = seen.annotation
    reviews = (
        _review(project, annotation, s.concept_id, s.value, ledgers.get(s.concept_id))
        for s in annotation.suggestions
        if s.concept_id in concepts
    )
    return tuple(
        replace(review, state=ReviewState.UNCHECKED, draw=None)
        if annotation.region is None and (annotation.input_id, review.concept_id) in asked
        else review
        for review in reviews
    )


def _review(
    project: Project, annotation: Annotation, concept_id: str, value: float, ledger: Ledger | None
) -> NewReview:
    """Throw the coin, for what is accepted and what is not alike: only what it draws is ever evidence."""
    if is_probe(annotation):
        return NewReview(concept_id, value, ReviewKind.PROBE, ReviewState.QUEUED)
    draw = ledger.draw(coin(project.coin_secret, annotation.input_id, concept_id)) if ledger else None
    if annotation.status is AnnotationStatus.PENDING:
        return NewReview(concept_id, value, ReviewKind.PENDING, ReviewState.QUEUED, draw)
    drawn = draw is not None and draw.is_drawn
    state = ReviewState.QUEUED if drawn else ReviewState.UNCHECKED
    return NewReview(concept_id, value, ReviewKind.CHECK, state, draw)


def _all_asked(reviews: Sequence[NewReview]) -> tuple[NewReview, ...]:
    """Ask also about what the coin of the concept left alone: of a probed input people see both sides of the floor."""
    return tuple(
        replace(r, state=ReviewState.QUEUED) if r.state is ReviewState.UNCHECKED and r.draw else r for r in reviews
    )


def _look_after_posted(store: DiscoverStore, platform: LabellingPlatform, project: Project) -> None:
    keys = store.posted_keys(project.id)
    if not keys:
        return
    standing = platform.read_annotations(keys)
    store.gone_elsewhere(project, [annotation for annotation, _ in keys if annotation not in standing])
