"""APScheduler decides when; the tables decide what. Any number of processes may run a clock."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.work.waking import defer_due

if TYPE_CHECKING:
    from bot.work.passes import Passes
    from bot.work.queue import Queue


class WorkClock:
    """Defers, at each tick, every pass that may be due. It holds no state that could be lost."""

    def __init__(self, queue: Queue, passes: Passes, *, tick_s: float) -> None:
        self._queue = queue
        self._passes = passes
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone=dt.UTC, executors={"default": ThreadPoolExecutor(1)})
        self._scheduler.add_job(
            self.tick, "interval", seconds=tick_s, coalesce=True, max_instances=1, next_run_time=dt.datetime.now(dt.UTC)
        )

    def tick(self) -> None:
        """Defer what may be due."""
        for work in self._passes:
            if self._stopping.is_set():
                return
            defer_due(self._queue, self._passes, work)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Return when no tick is under way; one that is ends before its next pass."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
