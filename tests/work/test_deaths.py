"""Workers and databases that die: the work goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.storage.embedded import EmbeddedPostgres
from bot.storage.engine import libpq_dsn, make_engine
from bot.storage.migrate import migrate
from bot.work import Pass, Queue, Waker, Work, WorkClock, Worker, WorkerTimes
from tests.app.outside import PROJECT, wait_until
from tests.folders import open_folder
from tests.storage.embedded.holding import postmaster_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

QUICK = WorkerTimes(poll_s=0.05, heartbeat_s=0.1, stalled_s=0.5, check_stalled_s=0.1, restart_s=0.1)


def noting(ran: list[str], name: Pass, keys: Callable[[], list[str]]) -> Work:
    """A pass that only notes that it ran."""

    def run(key: str) -> int:
        ran.append(f"{name}{key}")
        return 0

    return Work(run, keys)


def statuses(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        return list(connection.execute(text("select status::text from procrastinate_jobs order by id")).scalars())


@pytest.mark.fault(15)
def test_the_job_of_a_killed_worker_is_ended_and_comes_again(database_url: str, engine: Engine) -> None:
    dsn = libpq_dsn(database_url)
    queue = Queue(dsn)
    queue.open()
    queue.defer(Pass.SETTLE, "p1")
    script = Path(__file__).with_name("hanging.py")
    env = os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, script, dsn], stdout=subprocess.PIPE, env=env) as victim:
        assert victim.stdout
        assert victim.stdout.readline() == b"inside p1\n"
        victim.send_signal(signal.SIGKILL)
    assert statuses(engine) == ["doing"]

    ran: list[str] = []
    passes = {Pass.SETTLE: noting(ran, Pass.SETTLE, lambda: ["p1"])}
    worker, clock = Worker(dsn, queue, passes, times=QUICK), WorkClock(queue, passes, tick_s=0.1)
    worker.start()
    clock.start()
    wait_until(lambda: ran, "the pass to come again", within_s=10)
    clock.stop()
    worker.stop()
    queue.close()


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A server that may be killed."""
    with open_folder("annotate-deaths-") as folder, EmbeddedPostgres(folder / "data") as server:
        yield server


@pytest.mark.fault(23)
def test_worker_clock_and_waker_come_back_after_the_database(own_postgres: EmbeddedPostgres) -> None:
    engine = make_engine(own_postgres.url)
    migrate(engine)
    dsn = libpq_dsn(own_postgres.url)
    ran: list[str] = []

    def keys() -> list[str]:
        with engine.begin() as connection:
            return [str(connection.execute(text("select 1")).scalar_one())]

    queue = Queue(dsn)
    queue.open()
    passes = {name: noting(ran, name, keys) for name in (Pass.SETTLE, Pass.TELL)}
    worker, waker = Worker(dsn, queue, passes, times=QUICK), Waker(queue, passes)
    clock = WorkClock(queue, {Pass.TELL: passes[Pass.TELL]}, tick_s=0.2)
    worker.start()
    waker.start()
    clock.start()
    waker.wake(Pass.SETTLE)
    wait_until(lambda: {"settle1", "tell1"} <= set(ran), "both passes to run")

    os.kill(postmaster_of(own_postgres.dsn), signal.SIGKILL)
    wait_until(lambda: not worker.alive.is_set(), "the worker to notice")
    waker.wake(Pass.SETTLE)
    own_postgres.start()
    ran.clear()

    def woken() -> bool:
        waker.wake(Pass.SETTLE)
        return {"settle1", "tell1"} <= set(ran)

    wait_until(woken, "both passes to run again")
    os.kill(postmaster_of(own_postgres.dsn), signal.SIGKILL)
    started = time.monotonic()
    for part in (clock, waker, worker):
        part.stop()
    queue.close()
    engine.dispose()
    assert time.monotonic() - started < 10, "an absent database keeps nobody from ending"
