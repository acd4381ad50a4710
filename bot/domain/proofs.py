"""What a ledger's evidence says: about the cut in force, and about the one that is recommended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from bot.domain.thresholds import Band, Need, narrow

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        return cls(**{**stored, **bands, "need": need, "certified": tuple(stored["certified"])})
