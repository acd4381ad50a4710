"""A clock that people may move forward, for the demo: tomorrow's digest without waiting for tomorrow."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

from bot.app.parts import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class MovableClock:
    """The real time plus what was added to it; remembered in a file, so that no restart takes time back."""

    def __init__(self, path: Path, real: Callable[[], dt.datetime] = utc_now) -> None:
        self._path = path
        self._real = real
        self._lock = threading.Lock()
        self._ahead = dt.timedelta(seconds=float(path.read_text()) if path.exists() else 0.0)

    def __call__(self) -> dt.datetime:
        return self._real() + self._ahead

    def advance(self, by: dt.timedelta) -> None:
        """Move forward.

        Raises:
            ValueError: `by` is not positive; time never goes back.
        """
        if by <= dt.timedelta(0):
            raise ValueError("a clock moves forward only")
        with self._lock:
            self._ahead += by
            fresh = self._path.with_suffix(".new")
            fresh.write_text(str(self._ahead.total_seconds()))
            fresh.replace(self._path)
