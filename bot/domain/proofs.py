"""What a ledger's evidence says: about the cut in force, and about the one that is recommended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from bot.domain.probation import GuardFacts
from bot.domain.thresholds import (
    CONFIDENCE,
    Band,
    Need,
    accepts,
    band,
    certified,
    checks_still_needed,
    freeze_grid,
    narrow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.domain.evidence import Evidence
    from bot.domain.thresholds import ConceptThreshold, Sample

GRID_FROM = 300  # predictions: from so many on their scores say where to test
GRID_DECIMALS = 4  # of the thresholds that are tested, so that people can type them; scores bunch near 1


@dataclass(frozen=True)
class Proof:
    """How one concept stood when its evidence was weighed last. Counts are predictions; shares are in [0, 1].

    Attributes:
        target: the share that shall be right; `certified` are the thresholds that were ever proven to keep it.
        accept: the cut in force then, which may be OFF.
        predictions: of this ledger, at or above the floor.
        accepted: of these at or above `accept`, whether people looked or not.
        at_accept: what the checks show at or above `accept`; None where it is off.
        at_recommended: the same at or above the lowest certified threshold; None without one.
        recommended_share: of the predictions that lie there.
        need: what the most promising start still needs; None without a single review.
        held_back: reviews that are decided and wait for the `awaited` undecided ones that came before them.
        checks_a_week: calibration reviews that arrived in the last seven days.
        guard: what the checks of automatic labels look like; None where nothing is accepted.
    """

    target: float
    accept: float
    predictions: int
    accepted: int
    certified: tuple[float, ...] = ()
    at_accept: Band | None = None
    at_recommended: Band | None = None
    recommended_share: float = 0.0
    need: Need | None = None
    held_back: int = 0
    awaited: int = 0
    checks_a_week: int = 0
    guard: GuardFacts | None = None

    @property
    def recommended(self) -> float | None:
        """The lowest threshold that is proven to keep the target, exactly as it was tested."""
        return min(self.certified, default=None)

    def proves(self, accept: float, target: float) -> bool:
        """Say whether exactly this cut was tested and found to keep exactly this target."""
        return target == self.target and narrow(accept) in {narrow(cut) for cut in self.certified}

    @property
    def accepted_share(self) -> float | None:
        return self.accepted / self.predictions if self.predictions else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        bands = {name: Band(**stored[name]) if stored[name] else None for name in ("at_accept", "at_recommended")}
        need = Need(**stored["need"]) if stored["need"] else None
        guard = GuardFacts(**stored["guard"]) if stored.get("guard") else None
        return cls(**{**stored, **bands, "need": need, "guard": guard, "certified": tuple(stored["certified"])})


@dataclass(frozen=True, eq=False)
class Spread:
    """The scores of every prediction of a ledger at or above the floor, whether people were asked or not."""

    floor: float
    scores: NDArray[np.float32]  # lowest first

    @classmethod
    def of(cls, scores: Iterable[float], floor: float) -> Self:
        """Leave out what lies below the floor in force: it may have been another one when it arrived."""
        column = np.sort(np.fromiter(scores, np.float32))
        return cls(floor, column[np.searchsorted(column, np.float32(floor)) :])

    def __len__(self) -> int:
        return len(self.scores)

    def count_from(self, threshold: float) -> int:
        return len(self) - int(np.searchsorted(self.scores, np.float32(threshold)))

    def grid(self) -> tuple[float, ...]:
        """Say where to test. To be stored once GRID_FROM predictions are there, and never made again.

        Raises:
            ValueError: there is no prediction.
        """
        return freeze_grid(self.scores, lowest=self.floor, decimals=GRID_DECIMALS)


def prove(
    evidence: Evidence,
    spread: Spread,
    cut: ConceptThreshold,
    *,
    grid: Sequence[float] | None,
    proven: Sequence[float] = (),
    checks_a_week: int = 0,
    guard: GuardFacts | None = None,
) -> Proof:
    """Weigh the evidence of one ledger against the cut in force.

    `grid` is the frozen one; as long as there is none nothing is certified, since thresholds that move with what
    arrives are more than the promise allows for. `proven` are those that were certified for this target before.
    What lies below the floor in force is not recommended.
    """
    sample = evidence.sample()
    now = certified(sample, cut.target, CONFIDENCE, grid=grid) if grid else ()
    stands = tuple(sorted((c for c in {*proven, *now} if accepts(c, cut.floor)), reverse=True))
    lowest = min(stands, default=None)
    return Proof(
        target=cut.target,
        accept=cut.accept,
        predictions=len(spread),
        accepted=spread.count_from(cut.accept),
        certified=stands,
        at_accept=None if cut.is_off else band(sample, cut.accept, CONFIDENCE),
        at_recommended=None if lowest is None else band(sample, lowest, CONFIDENCE),
        recommended_share=spread.count_from(lowest) / len(spread) if lowest is not None and len(spread) else 0.0,
        need=_need(sample, spread, cut, grid),
        held_back=evidence.held_back,
        awaited=evidence.awaited,
        checks_a_week=checks_a_week,
        guard=guard,
    )


def _need(sample: Sample, spread: Spread, cut: ConceptThreshold, grid: Sequence[float] | None) -> Need | None:
    if not len(sample) or not (grid or len(spread)):
        return None
    return checks_still_needed(sample, grid or spread.grid(), cut.target, CONFIDENCE)
