"""The worker: runs passes in threads, comes back by itself, and clears up after workers that died."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.worker import Worker as QueueWorker

from bot.work.passes import Pass
from bot.work.queue import TASK
from bot.work.waking import defer_due

if TYPE_CHECKING:
    from bot.work.passes import Passes
    from bot.work.queue import Queue

log = logging.getLogger(__name__)

DATABASE_AWAY_S = 5.0  # how long a query waits for a connection before the worker gives up and starts again


@dataclass(frozen=True)
class WorkerTimes:
    """How quickly a worker notices things, in seconds.

    The jobs of a worker that was killed are taken over `stalled_s` + `check_stalled_s` + a tick later; taking over from
    one that was only paused is harmless.
    """

    poll_s: float = 0.5
    heartbeat_s: float = 1.0
    stalled_s: float = 5.0
    check_stalled_s: float = 1.0
    restart_s: float = 1.0

    @classmethod
    def noticing_within(cls, stalled_s: float) -> Self:
        """Five signs of life, and five looks for others', in the time after which silence is death."""
        return cls(heartbeat_s=stalled_s / 5, stalled_s=stalled_s, check_stalled_s=stalled_s / 5)


class Worker:
    """Runs passes on `threads` threads beside whatever else the process does."""

    def __init__(
        self, dsn: str, queue: Queue, passes: Passes, *, threads: int = 4, times: WorkerTimes | None = None
    ) -> None:
        self._dsn = dsn
        self._queue = queue
        self._passes = passes
        self._threads = threads
        self._times = times or WorkerTimes()
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: asyncio.Task[None] | None = None
        self._jobs: QueueWorker | None = None
        self._thread = threading.Thread(target=self._supervise, name="worker", daemon=True)
        self.alive = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, within_s: float = 20.0) -> None:
        """Take no new work, let running passes end, and return; passes are bounded."""
        self._stopping.set()
        if self._loop:
            with suppress(RuntimeError):  # its loop is closed: it ended by itself and does not start again
                self._loop.call_soon_threadsafe(self._end)
        self._thread.join(timeout=within_s)

    def _end(self) -> None:
        """End the loop's work, in whatever it is; a cancellation alone can be lost.

        Up to Python 3.11 `asyncio.wait_for` forgets one that comes just as what it waits for is done, and the driver
        waits by it for its connections (python/cpython#86296). Hence also a flag, looked at before the queue's worker
        runs, and that worker's own `stop`.
        """
        if self._jobs:
            self._jobs.stop()  # type: ignore[no-untyped-call]
        if self._running:
            self._running.cancel()

    def run_pass(self, work: str, key: str) -> None:
        """Run one pass and wake those that follow it."""
        todo = self._passes[Pass(work)]
        started = time.monotonic()
        done = todo.run(key)
        if not done:
            return
        log.info("%s: %d done for %s in %.2f s", work, done, key or "all", time.monotonic() - started)
        for follower in todo.then:
            defer_due(self._queue, self._passes, follower)
        for wait_s in todo.look_again_s:
            for follower in todo.look_again:
                self._queue.defer(follower, key, in_s=wait_s)

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            try:
                asyncio.run(self._work())
            except Exception:
                log.exception("worker: ended unexpectedly and starts again")
            self.alive.clear()
            self._stopping.wait(self._times.restart_s)

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(self._threads, thread_name_prefix="pass"))
        self._running = asyncio.ensure_future(self._serve())
        if self._stopping.is_set():
            self._running.cancel()
        try:
            await self._running
        except asyncio.CancelledError:
            log.info("worker: stopped")

    async def _serve(self) -> None:
        connections = self._threads + 2
        app = App(
            connector=PsycopgConnector(conninfo=self._dsn, min_size=1, max_size=connections, timeout=DATABASE_AWAY_S)
        )
        app.task(name=TASK)(self.run_pass)
        try:
            await app.open_async()
            if not self._stopping.is_set():
                self.alive.set()
                await self._both(app)
        finally:  # also when it was stopped while it opened: a pool left alone goes on trying to connect
            await app.close_async()

    async def _both(self, app: App) -> None:
        watching = asyncio.ensure_future(self._finish_stalled(app))
        self._jobs = QueueWorker(
            app,
            concurrency=self._threads,
            fetch_job_polling_interval=self._times.poll_s,
            update_heartbeat_interval=self._times.heartbeat_s,
            stalled_worker_timeout=self._times.stalled_s,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        try:
            await self._jobs.run()  # type: ignore[no-untyped-call]
        finally:
            watching.cancel()

    async def _finish_stalled(self, app: App) -> None:
        """End the jobs of workers that stopped showing signs of life; the next tick makes them anew."""
        while True:
            await asyncio.sleep(self._times.check_stalled_s)
            try:
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._times.stalled_s):
                    log.warning("worker: job %s of a dead worker is ended", job.id)
                    await app.job_manager.finish_job_by_id_async(_id(job.id), Status.FAILED, delete_job=True)
            except ConnectorException as away:
                log.warning("worker: stalled jobs could not be looked for: %s", away)


def _id(job_id: int | None) -> int:
    if job_id is None:
        raise ValueError("a stored job has an id")
    return job_id
