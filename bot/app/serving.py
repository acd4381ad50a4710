"""The processes: everything in one (`run`), or its two halves (`web`, `worker`)."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.app.database import Database
from bot.app.halves import Half
from bot.app.health import BotHealth
from bot.app.parts import Parts, utc_now
from bot.app.socket import close_socket, open_socket
from bot.settings import SettingsError, require
from bot.storage.migrate import migrate
from bot.web import Server, edge
from bot.work import WorkClock, Worker, WorkerTimes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from types import FrameType

    from bot.settings import Settings

log = logging.getLogger(__name__)

WEB_THREADS = 12
PASS_THREADS = 6
END_WITHIN_S = 24.0  # of a signal; Heroku kills 30 s after it


class Serving(NamedTuple):
    """A running process: its parts, what to print, and its halves by name (``web``, ``worker``)."""

    parts: Parts
    ready: dict[str, Any]
    halves: dict[str, Half[dict[str, Any]]]


@contextmanager
def serving(
    settings: Settings,
    database: Database,
    *,
    web: bool,
    worker: bool,
    clock: Callable[[], dt.datetime] = utc_now,
) -> Iterator[Serving]:
    """Start a process' parts; yield them when they can serve; stop them in the reverse order.

    Every process has a clock: whichever of them lives, what is due gets into the queue.
    """
    migrate(database.engine)
    end_if_interrupted()
    with ExitStack() as stack:
        parts = Parts.assemble(settings, database, clock=clock)
        stack.callback(parts.close)
        parts.queue.open()
        stack.callback(parts.queue.close)
        parts.waker.start()
        stack.callback(parts.waker.stop)
        ready: dict[str, Any] = {}
        halves: dict[str, Half[dict[str, Any]]] = {}
        for name, begin in {"web": _serve_web if web else None, "worker": _serve_work if worker else None}.items():
            if begin is not None:
                half = halves[name] = Half(partial(begin, parts))
                stack.callback(half.end)  # before it starts: a signal may come at any moment
                ready |= half.start() or {}
                end_if_interrupted()
        work_clock = WorkClock(parts.queue, parts.passes, tick_s=settings.bot_tick_s)
        work_clock.start()
        stack.callback(work_clock.stop)
        stack.callback(parts.stopping.set)  # first of all: passes that nap end their nap
        yield Serving(parts, ready, halves)


def _serve_web(parts: Parts, stack: ExitStack) -> dict[str, Any]:
    settings = parts.settings
    over_socket = bool(settings.slack_app_token)
    app = edge(
        SlackRequestHandler(parts.app),
        signing_secret=None if over_socket else settings.slack_signing_secret,
        health=BotHealth(parts),
        metrics=parts.metrics.render,
    )
    server = Server(app, settings.host, settings.port, WEB_THREADS)
    server.start()
    stack.callback(server.stop)
    if over_socket:
        stack.callback(close_socket, open_socket(parts.app, settings.slack_app_token))
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 - compared, not bound
    return {"http": f"http://{host}:{server.port}"}


def _serve_work(parts: Parts, stack: ExitStack) -> dict[str, Any]:
    parts.stopping.clear()  # a worker that was stopped before left it set
    times = WorkerTimes.noticing_within(parts.settings.bot_stalled_s)
    worker = Worker(parts.database.dsn, parts.queue, parts.passes, threads=PASS_THREADS, times=times)
    worker.start()
    stack.callback(worker.stop)
    stack.callback(parts.stopping.set)
    return {}


def run(settings: Settings, *, web: bool, worker: bool) -> None:
    """Serve until SIGINT or SIGTERM."""
    _check(settings, web=web)
    with (
        held_open(settings, name="run" if web and worker else "web" if web else "worker") as database,
        serving(settings, database, web=web, worker=worker) as running,
    ):
        asked = listen_for_signals()
        say_ready(running.ready)
        wait_for_signal(asked)


@contextmanager
def held_open(settings: Settings, *, name: str) -> Iterator[Database]:
    """Open the database and close it whatever happens."""
    database = Database.open(settings, name=f"annotate-bot {name}")
    try:
        end_if_interrupted()
        yield database
    finally:
        database.close()


def _check(settings: Settings, *, web: bool) -> None:
    if settings.slack_client_id or settings.slack_client_secret:
        raise SettingsError("SLACK_CLIENT_ID: several workspaces come later; set SLACK_BOT_TOKEN for one workspace")
    require(settings, "SLACK_BOT_TOKEN", "BOT_KEYS")
    if web and not settings.slack_app_token:
        require(settings, "SLACK_SIGNING_SECRET")


def say_ready(ready: dict[str, Any]) -> None:
    """Print the one line that says this process can serve."""
    sys.stdout.write(f"ready {json.dumps(ready)}\n")
    sys.stdout.flush()


_interrupted = threading.Event()  # while the process started


def interrupt_while_starting() -> None:
    """Have SIGINT and SIGTERM raise KeyboardInterrupt, so that what was opened is closed.

    One that is raised where Python ignores exceptions (a finalizer, the callback of a weak reference) ends nothing:
    `end_if_interrupted` minds it between two steps of the start, `listen_for_signals` at its end.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        _interrupted.set()
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)


def end_if_interrupted() -> None:
    """Raise KeyboardInterrupt for a signal that came while the process started and was not felt."""
    if _interrupted.is_set():
        raise KeyboardInterrupt


def listen_for_signals() -> threading.Event:
    """Take the first SIGINT or SIGTERM as a request to end; a second one ends the process at once.

    To be called before `say_ready`: whoever reads that line may send a signal at once.
    """
    asked = threading.Event()
    if _interrupted.is_set():
        asked.set()

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.set()
        last = threading.Timer(END_WITHIN_S, _end_now)
        last.daemon = True
        last.start()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return asked


def _end_now() -> None:
    """End with work in hand, which loses nothing: whoever runs next takes it up as after a kill."""
    log.warning("run: a unit of work did not end in time and is left to the next process")
    os._exit(0)


def wait_for_signal(asked: threading.Event) -> None:
    """Return once the process was asked to end."""
    while not asked.wait(1.0):  # in slices: a handler runs between two of them
        pass
