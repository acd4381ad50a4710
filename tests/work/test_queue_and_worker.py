"""Queue, worker, waker and clock on a real database, with passes that only note that they ran."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.storage.engine import libpq_dsn
from bot.work import Pass, Queue, Waker, Work, WorkClock, Worker, WorkerTimes
from tests.app.outside import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

QUICK = WorkerTimes(poll_s=0.05, heartbeat_s=0.1, stalled_s=0.5, check_stalled_s=0.1, restart_s=0.1)


@dataclass
class Diary:
    """Which passes ran, for which keys."""

    ran: list[tuple[str, str]] = field(default_factory=list)

    def work(self, name: Pass, act: Callable[[str], int] = lambda _: 1, **more: object) -> Work:
        def run(key: str) -> int:
            self.ran.append((name.value, key))
            return act(key)

        return Work(run, **more)  # type: ignore[arg-type]

    def count(self, name: Pass) -> int:
        return sum(ran == name.value for ran, _ in list(self.ran))


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def queue(database_url: str) -> Iterator[Queue]:
    opened = Queue(libpq_dsn(database_url))
    opened.open()
    yield opened
    opened.close()


@contextmanager
def working(database_url: str, queue: Queue, passes: dict[Pass, Work], threads: int = 2) -> Iterator[Worker]:
    worker = Worker(libpq_dsn(database_url), queue, passes, threads=threads, times=QUICK)
    worker.start()
    try:
        yield worker
    finally:
        started = time.monotonic()
        worker.stop()
        assert time.monotonic() - started < 5


def jobs(engine: Engine) -> list[tuple[str, str]]:
    with engine.begin() as connection:
        found = connection.execute(text("select status::text, queueing_lock from procrastinate_jobs order by id"))
        return [(status, lock) for status, lock in found]


def test_a_deferred_pass_runs_for_its_key(database_url: str, queue: Queue, diary: Diary, engine: Engine) -> None:
    with working(database_url, queue, {Pass.SETTLE: diary.work(Pass.SETTLE)}):
        queue.defer(Pass.SETTLE, "p1")
        wait_until(lambda: diary.ran == [("settle", "p1")], "the pass to run")
        wait_until(lambda: jobs(engine) == [], "the job to be gone")


def test_at_most_one_job_per_pass_and_key_waits(queue: Queue, engine: Engine) -> None:
    for key in ("p1", "p1", "p2", "p1"):
        queue.defer(Pass.SETTLE, key)
    queue.defer(Pass.DISCOVER, "p1")
    assert jobs(engine) == [("todo", "settle:p1"), ("todo", "settle:p2"), ("todo", "discover:p1")]


def test_many_threads_that_defer_the_same_leave_one_job(queue: Queue, engine: Engine) -> None:
    threads = [threading.Thread(target=queue.defer, args=(Pass.SETTLE, "p1")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert jobs(engine) == [("todo", "settle:p1")]


def test_a_job_for_later_does_not_stand_before_one_for_now(database_url: str, queue: Queue, diary: Diary) -> None:
    queue.defer(Pass.DISCOVER, "p1", in_s=3600)
    with working(database_url, queue, {Pass.DISCOVER: diary.work(Pass.DISCOVER)}):
        queue.defer(Pass.DISCOVER, "p1")
        wait_until(lambda: diary.ran == [("discover", "p1")], "the pass to run now")


def test_a_job_for_later_runs_then(database_url: str, queue: Queue, diary: Diary) -> None:
    with working(database_url, queue, {Pass.DISCOVER: diary.work(Pass.DISCOVER)}):
        started = time.monotonic()
        queue.defer(Pass.DISCOVER, "p1", in_s=0.4)
        wait_until(lambda: diary.ran, "the pass to run later")
        assert time.monotonic() - started >= 0.4


def test_a_pass_that_did_something_is_followed_and_looked_at_again(
    database_url: str, queue: Queue, diary: Diary
) -> None:
    passes = {
        Pass.TAKE_UPLOADS: diary.work(
            Pass.TAKE_UPLOADS, then=(Pass.REDRAW,), look_again=(Pass.DISCOVER,), look_again_s=(0.1, 0.2)
        ),
        Pass.REDRAW: diary.work(Pass.REDRAW, lambda _: 0, then=(Pass.POST,)),
        Pass.DISCOVER: diary.work(Pass.DISCOVER, lambda _: 0),
        Pass.POST: diary.work(Pass.POST),
    }
    with working(database_url, queue, passes):
        queue.defer(Pass.TAKE_UPLOADS, "p1")
        wait_until(lambda: diary.count(Pass.DISCOVER) == 2, "the looks again")
        wait_until(lambda: diary.count(Pass.REDRAW) == 1, "the follower")
    assert diary.count(Pass.POST) == 0  # what did nothing is not followed


def test_one_pass_and_key_does_not_run_twice_at_once(database_url: str, queue: Queue, diary: Diary) -> None:
    inside, release, together = threading.Semaphore(0), threading.Event(), []

    def slow(_: str) -> int:
        inside.release()
        together.append(release.wait(10))
        return 0

    with working(database_url, queue, {Pass.SETTLE: diary.work(Pass.SETTLE, slow)}):
        queue.defer(Pass.SETTLE, "p1")
        assert inside.acquire(timeout=10)
        queue.defer(Pass.SETTLE, "p1")
        queue.defer(Pass.SETTLE, "p2")
        assert inside.acquire(timeout=10)
        assert diary.ran == [("settle", "p1"), ("settle", "p2")]
        release.set()
        wait_until(lambda: len(diary.ran) == 3, "the second run for p1")


def test_a_pass_that_raises_does_not_stop_the_worker(
    database_url: str, queue: Queue, diary: Diary, engine: Engine
) -> None:
    def broken(_: str) -> int:
        raise RuntimeError("as the test wants it")

    passes = {Pass.SETTLE: diary.work(Pass.SETTLE, broken), Pass.TELL: diary.work(Pass.TELL)}
    with working(database_url, queue, passes):
        queue.defer(Pass.SETTLE, "p1")
        wait_until(lambda: diary.count(Pass.SETTLE), "the pass to raise")
        queue.defer(Pass.TELL, "")
        wait_until(lambda: diary.count(Pass.TELL), "another pass to run")
        queue.defer(Pass.SETTLE, "p1")
        wait_until(lambda: diary.count(Pass.SETTLE) == 2, "the pass to be run again")
        wait_until(lambda: jobs(engine) == [], "no job to be left")


@pytest.mark.fault(43)
def test_a_wiped_job_table_heals_at_the_next_tick(queue: Queue, diary: Diary, engine: Engine) -> None:
    passes = {Pass.SETTLE: diary.work(Pass.SETTLE, keys=lambda: ["p1"])}
    clock = WorkClock(queue, passes, tick_s=3600)
    clock.tick()
    assert jobs(engine) == [("todo", "settle:p1")]
    with engine.begin() as connection:
        connection.execute(text("delete from procrastinate_jobs"))
    clock.tick()
    assert jobs(engine) == [("todo", "settle:p1")]


def test_the_clock_ticks_at_once_and_again(database_url: str, queue: Queue, diary: Diary) -> None:
    passes = {Pass.SETTLE: diary.work(Pass.SETTLE, keys=lambda: ["p1"]), Pass.TELL: diary.work(Pass.TELL)}
    clock = WorkClock(queue, passes, tick_s=0.05)
    with working(database_url, queue, passes):
        clock.start()
        wait_until(lambda: diary.count(Pass.SETTLE) > 2 and diary.count(Pass.TELL) > 2, "three ticks")
        clock.stop()


def test_a_clock_that_was_stopped_puts_nothing_more_into_the_queue(queue: Queue, engine: Engine) -> None:
    clock = WorkClock(queue, {Pass.TELL: Work(lambda _: 0)}, tick_s=3600)
    clock.start()
    wait_until(lambda: jobs(engine), "the first tick")
    clock.stop()
    with engine.begin() as connection:
        connection.execute(text("delete from procrastinate_jobs"))
    clock.tick()
    assert jobs(engine) == []


def test_a_tick_whose_question_fails_asks_the_others(queue: Queue, engine: Engine) -> None:
    def away() -> list[str]:
        raise RuntimeError("as the test wants it")

    passes = {Pass.SETTLE: Work(lambda _: 0, away), Pass.TELL: Work(lambda _: 0)}
    WorkClock(queue, passes, tick_s=3600).tick()
    assert jobs(engine) == [("todo", "tell:")]


def test_many_wake_ups_become_few_jobs(queue: Queue) -> None:
    asked = []

    def keys() -> list[str]:
        asked.append(time.monotonic())
        return []

    passes = {Pass.SETTLE: Work(lambda _: 0, keys)}
    waker = Waker(queue, passes)
    waker.start()
    for _ in range(1000):
        waker.wake(Pass.SETTLE)
    wait_until(lambda: asked, "the waker to ask")
    waker.stop()
    assert len(asked) <= 2


def test_a_wake_up_survives_a_question_that_fails(queue: Queue, engine: Engine) -> None:
    answers = iter([RuntimeError("as the test wants it")])

    def keys() -> list[str]:
        for error in answers:
            raise error
        return ["p1"]

    waker = Waker(queue, {Pass.SETTLE: Work(lambda _: 0, keys)})
    waker.start()
    waker.wake(Pass.SETTLE)
    wait_until(lambda: next(answers, None) is None, "the question to fail")
    waker.wake(Pass.SETTLE)
    wait_until(lambda: jobs(engine) == [("todo", "settle:p1")], "the next wake-up to work")
    waker.stop()


def test_stopping_waits_for_the_running_pass_and_leaves_nothing(
    database_url: str, queue: Queue, diary: Diary, engine: Engine
) -> None:
    inside, release = threading.Event(), threading.Event()
    before = set(threading.enumerate())

    def slow(_: str) -> int:
        inside.set()
        release.wait(10)
        return 0

    worker = Worker(libpq_dsn(database_url), queue, {Pass.SETTLE: diary.work(Pass.SETTLE, slow)}, times=QUICK)
    worker.start()
    queue.defer(Pass.SETTLE, "p1")
    assert inside.wait(10)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert stopping.is_alive()
    release.set()
    stopping.join(10)
    assert set(threading.enumerate()) <= before
    assert jobs(engine) == []


def test_an_idle_worker_stops_at_once(database_url: str, queue: Queue) -> None:
    worker = Worker(libpq_dsn(database_url), queue, {}, times=QUICK)
    worker.start()
    assert worker.alive.wait(10)
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 1


def test_a_worker_stopped_at_any_moment_of_its_beginning_ends(database_url: str, queue: Queue) -> None:
    for moment in range(40):
        worker = Worker(libpq_dsn(database_url), queue, {}, times=QUICK)
        worker.start()
        threading.Event().wait(moment * 0.002)
        worker.stop(within_s=10)
        assert not worker._thread.is_alive()
