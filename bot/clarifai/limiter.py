"""So many requests a second at most, evenly spaced, whoever in this process sends them."""

from __future__ import annotations

import time
from threading import Lock


class Limiter:
    """Hands out turns that lie at least ``1 / per_second`` apart; safe to use from many threads.

    Not a window with bursts: requests of a burst that are held up on their way meet those of the next one at
    Clarifai, and 10 + 10 within a second is more than the 15 it takes.
    """

    def __init__(self, per_second: int) -> None:
        self._gap_s = 1.0 / per_second
        self._next = 0.0
        self._lock = Lock()

    def reserve(self, until: float) -> float | None:
        """Take the next free turn and return the seconds to wait for it; None when it is only after `until`.

        `until` is a time of ``time.monotonic``. A turn that is refused is not taken.
        """
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn > until:
                return None
            self._next = turn + self._gap_s
            return turn - now
