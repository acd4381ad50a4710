"""How long one call may take together with its repeats."""

from __future__ import annotations

import random
from dataclasses import dataclass

_chance = random.SystemRandom()


@dataclass(frozen=True)
class Patience:
    """Bounds of our own retry layer, which lies above the one inside Clarifai's channel (that one covers 0.2 s).

    A pass of the bot ends within 20 s, so one call with its repeats ends within `total_s`.
    """

    total_s: float = 12.0
    attempts: int = 5
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    cold_pause_s: float = 15.0  # a model that is being loaded; the official test waits as long

    def pause_s(self, attempt: int, least_s: float) -> float:
        """Say how long to wait after failed attempt number `attempt` (from 0); half of the back-off is jitter."""
        if least_s:
            return self.cold_pause_s
        whole: float = min(self.first_pause_s * 2**attempt, self.longest_pause_s)
        return _chance.uniform(whole / 2, whole)
