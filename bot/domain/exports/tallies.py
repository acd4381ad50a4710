"""What a file holds, counted while it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.exports.labels import Picture, Standing


@dataclass
class Tally:
    """Counts of pictures, of lines, and of lines by (concept, split, standing) and by (concept, source)."""

    pictures: int = 0
    lines: int = 0
    standings: Counter[tuple[str, str, Standing]] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)

    def see(self, picture: Picture) -> None:
        """Count one picture in."""
        self.pictures += 1
        self.lines += len(picture.pairs)
        for pair in picture.pairs:
            self.standings[pair.concept_id, picture.split, pair.standing] += 1
            if pair.line.label is not None:
                self.sources[pair.concept_id, pair.line.source or ""] += 1

    def count(self, concept_id: str, split: str, *standings: Standing) -> int:
        return sum(self.standings[concept_id, split, standing] for standing in standings)

    def of(self, *standings: Standing) -> int:
        """Count the lines of these standings over all concepts and splits."""
        return sum(many for (_, _, standing), many in self.standings.items() if standing in standings)
