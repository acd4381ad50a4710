"""The ledger: what is kept of every calibration review, and which of them count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.checks import SHARE_AFTER, CheckPolicy, smallest_in_force
from bot.domain.reviews import ReviewKind, Verdict
from bot.domain.thresholds import DEFAULT_CHECKS, DEFAULT_TARGET, Sample

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Lane(StrEnum):
    """CALIBRATION: drawn by the coin, must be answered, counts. WORK: any other review; a label, never evidence."""

    CALIBRATION = "calibration"
    WORK = "work"


@dataclass(frozen=True)
class LedgerKey:
    """What evidence is about. Another concept, model or mapper version starts another ledger."""

    concept_id: str
    model_version: str
    mapper_version: str


@dataclass(frozen=True)
class Draw:
    """The coin of one prediction, as it fell at arrival; all three in [0, 1], `smallest` at most `probability`."""

    ledger_id: int
    probability: float
    smallest: float
    coin: float

    @property
    def is_drawn(self) -> bool:
        return self.coin < self.probability


@dataclass(frozen=True)
class Ledger:
    """The open ledger of one concept: what decides with which probability the next prediction is drawn.

    `reviewed` counts its predictions that people answered; `is_proven`: the accept cut in force keeps its target.
    """

    id: int
    reviewed: int
    is_proven: bool
    checks: float = DEFAULT_CHECKS

    def draw(self, coin: float) -> Draw:
        """Return what is recorded of a coin. Every score has the same probability, so that it is the smallest too."""
        policy = CheckPolicy(until_proven=max(SHARE_AFTER, self.checks), once_proven=self.checks)
        probability = policy.probability(self.reviewed, proven=self.is_proven)
        return Draw(self.id, probability, smallest_in_force(probability), coin)


@dataclass(frozen=True)
class CalibrationReview:
    """One prediction whose coin was thrown, as it is stored.

    `score` is the model's value in float32; `probability`, `smallest_probability` and `coin` were recorded at arrival,
    before anybody saw the picture. `verdict` is the first final one (UNSURE: parked, or closed without an answer);
    `second_verdict` that of another person who looked again at what the first had rejected. `took_s` is from the card's
    posting to the verdict. `kind` says whether its label was an automatic one, and `promised` is the target that
    automatic labels were to keep when it arrived.
    """

    ledger: LedgerKey
    score: float
    probability: float
    smallest_probability: float
    coin: float
    lane: Lane
    arrived_at: datetime
    order: int  # of arrival, where two came at the same moment
    decided_at: datetime | None = None
    verdict: Verdict | None = None
    reviewer: str = ""
    took_s: float | None = None
    second_verdict: Verdict | None = None
    kind: ReviewKind = ReviewKind.PENDING
    promised: float = DEFAULT_TARGET

    @property
    def is_right(self) -> bool:
        """Whether it counts as approved; whatever is not an approval counts as rejected, which is the safe side."""
        return Verdict.APPROVE in {self.verdict, self.second_verdict}


@dataclass(frozen=True)
class Evidence:
    """Which calibration reviews count.

    `held_back` of them are decided and wait for the `awaited` undecided ones that arrived before the last of them.
    """

    counted: tuple[CalibrationReview, ...]
    held_back: int
    awaited: int

    def sample(self) -> Sample:
        """Return the columns that the proofs are made from: scores in float32, probabilities as they were recorded."""
        return Sample.of(
            np.array([review.score for review in self.counted], dtype=np.float32),
            [review.is_right for review in self.counted],
            [review.probability for review in self.counted],
            [review.smallest_probability for review in self.counted],
        )


def what_counts(reviews: Iterable[CalibrationReview]) -> Evidence:
    """Take the calibration reviews of one ledger up to the first undecided one, in order of arrival.

    Were the undecided left out instead, people could shape the evidence by leaving the hard ones for later.

    Raises:
        ValueError: they belong to different ledgers.
    """
    lane = [review for review in reviews if review.lane is Lane.CALIBRATION]
    if len({review.ledger for review in lane}) > 1:
        raise ValueError("evidence of different concepts or versions is never mixed")
    lane.sort(key=lambda review: (review.arrived_at, review.order))
    undecided = [at for at, review in enumerate(lane) if review.verdict is None]
    if not undecided:
        return Evidence(tuple(lane), 0, 0)
    decided = [at for at, review in enumerate(lane) if review.verdict is not None]
    held_back = [at for at in decided if at > undecided[0]]
    awaited = [at for at in undecided if held_back and at < held_back[-1]]
    return Evidence(tuple(lane[: undecided[0]]), len(held_back), len(awaited))
