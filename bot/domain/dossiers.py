"""Everything that is known of one concept: what curves and recommendations are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.thresholds import CONFIDENCE, band, certified, checks_still_needed, freeze_grid, narrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.domain.evidence import Evidence
    from bot.domain.thresholds import Band, ConceptThreshold, Need, Sample


@dataclass(frozen=True, eq=False)
class Dossier:
    """The open ledger of one concept, and the cut in force.

    `scores` are those of all its predictions, asked about or not. `grid` is the frozen one, null while there are too
    few. `certified` are the thresholds that were ever proven for the target `proven_for`.
    """

    concept: str  # its name
    cut: ConceptThreshold
    evidence: Evidence
    scores: Sequence[float]
    grid: tuple[float, ...] | None = None
    certified: tuple[float, ...] = ()
    proven_for: float = 0.0

    @cached_property
    def sample(self) -> Sample:
        return self.evidence.sample()

    @cached_property
    def _kept(self) -> NDArray[np.float32]:
        """The scores at or above the floor in force, lowest first."""
        column = np.sort(np.array(self.scores, dtype=np.float32))
        return column[np.searchsorted(column, np.float32(self.cut.floor)) :]

    @property
    def tested(self) -> tuple[float, ...]:
        """The thresholds that are looked at: the frozen ones, or those that would be frozen now; none without scores.

        They are made from scores alone.
        """
        if self.grid:
            return self.grid
        return freeze_grid(self._kept, lowest=self.cut.floor) if len(self._kept) else ()

    def share(self, threshold: float) -> float:
        """Return which share of the predictions lies at or above `threshold`, in [0, 1]."""
        above = len(self._kept) - int(np.searchsorted(self._kept, np.float32(threshold)))
        return above / len(self._kept) if len(self._kept) else 0.0

    def band(self, threshold: float) -> Band:
        return band(self.sample, narrow(threshold), CONFIDENCE)

    def proven(self, target: float) -> tuple[float, ...]:
        """Return the thresholds that are proven to keep `target`, exactly as they were tested, strict to loose.

        Without a frozen grid none is: thresholds that move with what arrives are more than the promise allows for.
        """
        before = self.certified if target == self.proven_for else ()
        if not self.grid:
            return _strict_first(before)
        exact = {narrow(cut): cut for cut in self.grid}
        now = certified(self.sample, target, CONFIDENCE, grid=[narrow(cut) for cut in self.grid])
        return _strict_first({*before, *(exact[cut] for cut in now)})

    def proves(self, accept: float, target: float) -> bool:
        """Say whether exactly this cut was tested and found to keep exactly this target."""
        return narrow(accept) in {narrow(cut) for cut in self.proven(target)}

    def recommended(self, target: float) -> float | None:
        """Return the lowest threshold that is proven to keep `target`; None is a normal answer."""
        return min((cut for cut in self.proven(target) if narrow(cut) >= narrow(self.cut.floor)), default=None)

    def need(self, target: float) -> Need | None:
        """Say what the most promising part still needs until it is proven; None without a single check."""
        if not len(self.sample) or not self.tested:
            return None
        return checks_still_needed(self.sample, [narrow(cut) for cut in self.tested], target, CONFIDENCE)


def _strict_first(cuts: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(cuts, reverse=True))
