"""Two `web` and three `worker` processes on one database, each with a clock: killed, paused, ended and begun again."""

from __future__ import annotations

import signal
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.app.outside import BotProcess, Outside
    from tests.faults.chaos.door import Door
    from tests.faults.chaos.history import History

CREW = ("web 1", "web 2", "worker 1", "worker 2", "worker 3")
ENDS_WITHIN_S = 25.0  # of a SIGTERM; Heroku kills after 30


class Berth:
    """The place of one process: who stands there now, whether it is paused, and the port it serves."""

    def __init__(self, name: str, outside: Outside, door: Door, history: History) -> None:
        self.name, self.verb = name, name.split(maxsplit=1)[0]
        self._outside, self._door, self._history = outside, door, history
        self._starting: threading.Thread | None = None
        self.process: BotProcess | None = None
        self.port = 0
        self.crash_at = ""

    def start(self, crash_at: str = "") -> None:
        """Begin a process; the door learns of its port when it can serve."""
        self.join()
        self.crash_at = crash_at
        self._history.note("start", process=self.name, crash_at=crash_at)
        self.process = self._outside.start(self.verb, **({"CRASH_AT": crash_at} if crash_at else {}))
        self._starting = threading.Thread(target=self._await, args=(self.process,), daemon=True)
        self._starting.start()

    def _await(self, process: BotProcess) -> None:
        ready = process.ready()
        if "http" in ready:
            old, self.port = self.port, int(ready["http"].rpartition(":")[2])
            self._door.ports = [p for p in self._door.ports if p != old] + [self.port]

    def join(self) -> None:
        """Wait until what was begun serves, or is gone."""
        if self._starting:
            self._starting.join()

    def kill(self) -> None:
        self._history.note("kill", process=self.name)
        self.crash_at = ""
        if self.process:
            self.process.process.kill()
            self.join()
            self.process.end(signal.SIGKILL)

    def pause(self) -> None:
        self._history.note("pause", process=self.name)
        if self.process:
            self.process.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._history.note("resume", process=self.name)
        if self.process:
            self.process.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Ask it to end; it has to, by itself and in time."""
        self.ask_to_end()
        self.see_end()

    def ask_to_end(self) -> None:
        self.join()
        if self.process:
            self.process.process.terminate()

    def see_end(self) -> None:
        if self.process:
            try:
                status = self.process.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                status = -signal.SIGKILL
            self.process.end(signal.SIGKILL)
            self._history.note("ended", process=self.name, status=status)

    @property
    def serves(self) -> bool:
        """Whether it has begun, for all we know."""
        return not self.died and self._starting is not None and not self._starting.is_alive()

    @property
    def died(self) -> bool:
        """Whether it ended without having been told."""
        return self.process is not None and not self.process.running


class Fleet:
    """All of them."""

    def __init__(self, outside: Outside, door: Door, history: History) -> None:
        self.berths = [Berth(name, outside, door, history) for name in CREW]
        self._history = history

    def start(self) -> None:
        """Begin all and wait until the first of them serves."""
        for berth in self.berths:
            berth.start()
        self.berths[0].join()

    def mend(self) -> None:
        """Begin anew whoever is gone, and wait until all serve."""
        for berth in self.berths:
            berth.join()
            if berth.died:
                self.note_death(berth)
            elif berth.crash_at:
                berth.kill()
            if berth.died:
                berth.start()
        for berth in self.berths:
            berth.join()

    def note_death(self, berth: Berth) -> None:
        """Write down an end that nobody asked for: at a checkpoint it was to die at, or, worse, by itself."""
        if berth.process is None:
            return
        berth.join()
        if berth.process.killed:
            if berth.crash_at:
                self._history.note("kill", process=berth.name, at_checkpoint=berth.crash_at)
        else:
            said = berth.process.said[-2000:]
            self._history.note("died", process=berth.name, status=berth.process.process.returncode, said=said)

    def end(self) -> None:
        """Ask all to end, at the same time."""
        for berth in self.berths:
            berth.ask_to_end()
        for berth in self.berths:
            berth.see_end()
