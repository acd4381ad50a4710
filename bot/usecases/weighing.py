"""The evidence of each concept is weighed after every answer, and a model whose checks went bad loses its say."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.checks import DAYS_A_WEEK
from bot.domain.evidence import what_counts
from bot.domain.probation import on_probation
from bot.domain.proofs import GRID_FROM, Spread, prove
from bot.domain.reviews import ReviewKind
from bot.domain.thresholds import accepts, run_length_for
from bot.domain.views import at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.evidence import CalibrationReview
    from bot.domain.probation import Probation
    from bot.domain.projects import Project
    from bot.domain.proofs import Proof
    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

WEEK = dt.timedelta(days=DAYS_A_WEEK)


@dataclass(frozen=True)
class Weighable:
    """An open ledger with news. `cut` is in force, `proven` was certified for its target.

    `news` is a mark of what its project had decided when this was read, and `seen` when it was weighed last.
    """

    id: int
    concept_id: str
    concept: str  # its name
    cut: ConceptThreshold
    grid: tuple[float, ...] | None
    proven: tuple[float, ...]
    news: int
    seen: int


@dataclass(frozen=True)
class Predictions:
    """Everything that belongs to a ledger: its calibration reviews, and the scores of all."""

    calibration: Sequence[CalibrationReview]
    scores: Sequence[float]


@dataclass(frozen=True)
class Alarm:
    """The checks of a concept have gone bad: `reason` in counts.

    Labels are in doubt that were accepted after `since`: (moment, review id) of the last good check; None: all of them.
    `examples` are the ids of reviews to show.
    """

    concept: str
    reason: str
    since: tuple[dt.datetime, int] | None
    examples: tuple[int, ...]

    def told(self, change: Sequence[str], queued: int) -> tuple[str, ...]:
        """Say it to the channel: `change` is what was done to the cuts, `queued` how many labels come to people now."""
        since = f"Labels since {at(self.since[0])} are in doubt" if self.since else "All its labels so far are in doubt"
        come = f"the {queued} that nobody looked at come to people now" if queued else "people looked at each of them"
        return (
            f"{self.concept} is switched off: too many of its automatic labels are wrong. {self.reason}.",
            *change,
            f"{since}; {come}. What was proven about {self.concept} no longer counts, and its checks start afresh.",
            f"Only a person turns it on again: `/annotate-thresholds {self.concept} on`, or *Undo*.",
        )


class WeighStore(Protocol):
    """Ledgers and what was made of them."""

    def with_news(self, project: Project) -> Sequence[Weighable]: ...

    def predictions(self, ledger_id: int) -> Predictions: ...

    def freeze(self, ledger_id: int, grid: Sequence[float]) -> tuple[float, ...]:
        """Keep the grid, unless there is one; return the one that is kept."""

    def weighed(self, ledger: Weighable, proof: Proof) -> bool:
        """Keep what was made of the evidence; False if somebody weighed it or the ledger ended meanwhile."""

    def alarm(self, project: Project, ledger: Weighable, alarm: Alarm, *, now: dt.datetime) -> bool:
        """Switch the concept off, start its evidence afresh, queue the labels in doubt and tell it: all or nothing.

        False if the ledger ended meanwhile, or another change of the thresholds is on its way.
        """


def weigh(store: WeighStore, clock: Clock, project: Project, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Weigh every ledger of the project that has news; return how many were.

    A crash costs weighing again: what is kept is compared and set. An alarm is one transaction that ends the ledger, so
    that it is raised once; one that cannot be raised now leaves the ledger with its news.
    """
    done = 0
    for ledger in store.with_news(project):
        if not go_on():
            break
        done += _weigh(store, clock, project, ledger)
    return done


def _weigh(store: WeighStore, clock: Clock, project: Project, ledger: Weighable) -> bool:
    found = store.predictions(ledger.id)
    evidence, spread, now = what_counts(found.calibration), Spread.of(found.scores, ledger.cut.floor), clock()
    lately = [review for review in found.calibration if review.arrived_at > now - WEEK]
    probation = on_probation(evidence.counted, ledger.cut, _run_length(lately, ledger.cut))
    if probation and probation.guard.is_alarmed:
        raised = store.alarm(project, ledger, _alarm(ledger, probation), now=now)
        log.warning("weigh: %s of %s: alarm, %s", ledger.concept_id, project.id, "raised" if raised else "waits")
        return raised
    grid = ledger.grid
    if grid is None and len(spread) >= GRID_FROM:
        grid = store.freeze(ledger.id, spread.grid())
    proof = prove(
        evidence,
        spread,
        ledger.cut,
        grid=grid,
        proven=ledger.proven,
        checks_a_week=len(lately),
        guard=probation.facts if probation else None,
    )
    return store.weighed(ledger, proof)


def _run_length(lately: Sequence[CalibrationReview], cut: ConceptThreshold) -> float:
    checks = sum(1 for review in lately if review.kind is ReviewKind.CHECK and accepts(review.score, cut.accept))
    return run_length_for(checks / DAYS_A_WEEK)


def _alarm(ledger: Weighable, probation: Probation) -> Alarm:
    good = probation.last_good
    since = (good.arrived_at, good.order) if good else None
    return Alarm(ledger.concept, probation.reason(), since, tuple(check.order for check in probation.examples))
