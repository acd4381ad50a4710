"""From a commit to the pass that carries it on, without a job per click."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.work.passes import Pass, Passes
    from bot.work.queue import Queue

log = logging.getLogger(__name__)

GATHER_S = 0.1  # many clicks at once become one job per pass


class Waker:
    """One thread that defers what was woken, at most every 100 ms. Losing a wake-up costs a tick."""

    def __init__(self, queue: Queue, passes: Passes) -> None:
        self._queue = queue
        self._passes = passes
        self._woken: set[Pass] = set()
        self._door = threading.Lock()
        self._event = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="waker", daemon=True)

    def wake(self, *works: Pass) -> None:
        """Have these passes run for every key they may be due for. Returns at once; to be called after the commit."""
        with self._door:
            self._woken.update(works)
        self._event.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._event.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._event.wait()
            self._event.clear()
            with self._door:
                woken, self._woken = self._woken, set()
            for work in woken:
                defer_due(self._queue, self._passes, work)
            self._stopping.wait(GATHER_S)


def defer_due(queue: Queue, passes: Passes, work: Pass) -> None:
    """Defer a pass for each key it may be due for now; what cannot be deferred now is left to the next tick."""
    keys = passes[work].keys
    try:
        for key in keys() if keys else [""]:
            queue.defer(work, key)
    except Exception as away:  # noqa: BLE001 - the last resort of clock and waker, which outlive an absent database
        log.warning("%s: could not be deferred, the next tick will: %s", work.value, away)
