"""What befalls the processes and the ways between them, at random, from one seed."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING

import grpc
from sqlalchemy import text

from bot.usecases.crashing import Checkpoint
from tests.faults.chaos.door import Mishaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from tests.app.outside import Outside
    from tests.faults.chaos.door import Door
    from tests.faults.chaos.fleet import Berth, Fleet
    from tests.faults.chaos.history import History

BETWEEN_S = (0.5, 4.0)  # two acts of violence
PAUSES_S = (0.2, 8.0)  # shorter and longer than every time after which somebody is taken for dead
MOST_PAUSED = 3
MOSTLY = 0.8
ROUGH = Mishaps(answer_lost=0.05, delivered_twice=0.1, never_delivered=0.03)
CALM = Mishaps()
POSTING = ("chat.postMessage", "chat.update", "conversations.history")
WRITING = ("PatchAnnotations", "PostInputs", "ListAnnotations")
_CONNECTIONS = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


class Storm:
    """One thread of violence; whatever it began is over when it has ended."""

    def __init__(
        self, outside: Outside, fleet: Fleet, door: Door, engine: Engine, history: History, *, seed: int
    ) -> None:
        self._outside, self._fleet, self._door, self._engine = outside, fleet, door, engine
        self._history, self._chance = history, random.Random(seed)  # noqa: S311 - not for secrets
        self._paused: list[tuple[float, Berth]] = []
        self._calm = threading.Event()  # never set: to wait

    def rage(self, for_s: float) -> None:
        """Do one thing after the other for so many seconds, then let everything recover."""
        self._door.mishaps = ROUGH
        acts: list[tuple[Callable[[], None], int]] = [
            (self._kill, 10),
            (self._pause, 5),
            (self._end, 2),
            (self._slack_fails, 4),
            (self._clarifai_fails, 4),
            (self._connections_drop, 1),
        ]
        ends_at = time.monotonic() + for_s
        while time.monotonic() < ends_at:
            self._look_after(self._chance.uniform(*BETWEEN_S))
            [act] = self._chance.choices([a for a, _ in acts], [weight for _, weight in acts])
            act()
        self._look_after(max((until for until, _ in self._paused), default=0.0) - time.monotonic())
        self._door.mishaps = CALM
        self._outside.slack.faults.clear()
        self._outside.clarifai.faults.clear()

    def _look_after(self, for_s: float) -> None:
        """Let those go on whose pause is over, and begin those anew that died at their checkpoint."""
        until = time.monotonic() + for_s
        while True:
            for pause in [p for p in self._paused if p[0] <= time.monotonic()]:
                self._paused.remove(pause)
                self._resume(pause[1])
            for berth in self._fleet.berths:
                if berth.died:
                    self._fleet.note_death(berth)
                    berth.start(self._doom())
            if time.monotonic() >= until:
                return
            self._calm.wait(0.05)

    def _doom(self) -> str:
        """Every third process is to die by itself, right behind a step of its work."""
        if self._chance.random() < 2 / 3:
            return ""
        return f"after:{self._chance.choice(list(Checkpoint)).name.lower()}"

    def _one(self) -> Berth:
        """Choose among those that go on: mostly one that serves, so that not all of them are always beginning."""
        paused = [berth for _, berth in self._paused]
        going = [berth for berth in self._fleet.berths if berth not in paused]
        serving = [berth for berth in going if berth.serves]
        return self._chance.choice(serving if serving and self._chance.random() < MOSTLY else going)

    def _kill(self) -> None:
        berth = self._one()
        berth.kill()
        self._look_after(self._chance.choice((0.0, 0.5, 2.0)))
        if berth.died:
            berth.start(self._doom())

    def _pause(self) -> None:
        if len(self._paused) < MOST_PAUSED:
            berth = self._one()
            berth.pause()
            self._paused.append((time.monotonic() + self._chance.uniform(*PAUSES_S), berth))

    def _resume(self, berth: Berth) -> None:
        """Let one go on as if no time had passed; sometimes it is killed right after."""
        berth.go_on()
        if self._chance.random() < 1 / 3:
            self._calm.wait(self._chance.uniform(0.0, 0.2))
            berth.kill()
            berth.start()

    def _end(self) -> None:
        berth = self._one()
        if berth.crash_at:
            return
        berth.end()
        berth.start(self._doom())

    def _slack_fails(self) -> None:
        faults, method = self._outside.slack.faults, self._chance.choice(POSTING)
        self._history.note("weather", method=method)
        self._chance.choice(
            (
                lambda: faults.lose_answer(method, 2),
                lambda: faults.break_down(method, 503, 2),
                lambda: faults.limit(method, 1),
            )
        )()

    def _clarifai_fails(self) -> None:
        faults, method = self._outside.clarifai.faults, self._chance.choice(WRITING)
        self._history.note("weather", method=method)
        self._chance.choice(
            (
                lambda: faults.apply_then_fail(method),
                lambda: faults.fail_next(method, grpc.StatusCode.UNAVAILABLE, 6),
                lambda: faults.fail_next(method, grpc.StatusCode.DEADLINE_EXCEEDED),
            )
        )()

    def _connections_drop(self) -> None:
        """The database lets half of its connections go, as it does when it fails over."""
        self._history.note("weather", method="connections")
        with self._engine.begin() as connection:
            for pid in connection.execute(text(_CONNECTIONS)).scalars().all():
                if self._chance.random() < 1 / 2:
                    connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
