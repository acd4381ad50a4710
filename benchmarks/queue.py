"""The queue alone: jobs that do nothing, spread over 1, 2 and 4 worker processes."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.table import Row
from bot.app.serving import PASS_THREADS
from bot.storage.engine import libpq_dsn, make_engine
from bot.storage.migrate import migrate
from bot.work import Pass, Queue, Work, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.storage.embedded import EmbeddedPostgres

WORKERS = (1, 2, 4)
JOBS, QUICK_JOBS = 3000, 500
_GIVE_UP_S = 300.0


def queueing(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Have 3,000 jobs (quick: 500), each of another key, done by 1, 2 and 4 processes."""
    jobs = QUICK_JOBS if quick else JOBS
    url = server.create_database("queue")
    engine = make_engine(url)
    migrate(engine)
    rates = [_per_second(engine, url, jobs, workers) for workers in WORKERS]
    engine.dispose()
    return [
        Row(
            f"{jobs:,} jobs that do nothing, {workers} worker{'s' if workers > 1 else ''}: jobs/s",
            f"{rate:.0f}",
            f"{rates[0]:.0f} with one" if workers > 1 else "",
            f"{rate / rates[0]:.2f}" if workers > 1 else "",
        )
        for workers, rate in zip(WORKERS, rates, strict=True)
    ]


def _per_second(engine: Engine, url: str, jobs: int, workers: int) -> float:
    """Begin the workers first, so that their start is not measured: the first job of each round wakes them."""
    queue = Queue(libpq_dsn(url))
    with ExitStack() as stack:
        for _ in range(workers):
            stack.enter_context(Apart(worker, url)).do(is_up)
        queue.open()
        stack.callback(queue.close)
        _hold(engine, held=True)
        for number in range(jobs):
            queue.defer(Pass.DISCOVER, f"p{number}")
        _hold(engine, held=False)
        started = time.perf_counter()
        while _left(engine):
            time.sleep(0.02)
            if time.perf_counter() - started > _GIVE_UP_S:
                raise TimeoutError(f"{_left(engine)} jobs are left")
        return jobs / (time.perf_counter() - started)


@contextmanager
def worker(url: str) -> Iterator[Worker]:
    """Open a worker as the process `worker` has it, with passes that do nothing."""
    dsn = libpq_dsn(url)
    queue = Queue(dsn)
    queue.open()
    nothing = {name: Work(lambda _: 0) for name in Pass}
    opened = Worker(dsn, queue, nothing, threads=PASS_THREADS)
    opened.start()
    yield opened
    opened.stop()
    queue.close()


def is_up(there: Worker) -> bool:
    """Wait until it takes jobs."""
    return there.alive.wait(30)


def _hold(engine: Engine, *, held: bool) -> None:
    """Keep the workers from taking what is not all there yet, by a trigger that puts jobs a little into the future."""
    later = """
        create or replace function hold() returns trigger language plpgsql as
        $$ begin new.scheduled_at = now() + interval '1 hour'; return new; end $$;
        create trigger hold before insert on procrastinate_jobs for each row execute function hold()
    """
    go = """
        drop trigger hold on procrastinate_jobs; update procrastinate_jobs set scheduled_at = null;
        analyze procrastinate_jobs
    """
    with engine.begin() as connection:
        connection.connection.driver_connection.execute(later if held else go)  # type: ignore[union-attr] # psycopg's


def _left(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text("select count(*) from procrastinate_jobs")).scalar_one())
