"""The server process: found, started, stopped; told apart from a stranger that got its process id."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.storage.embedded.account import Account
from bot.storage.embedded.errors import EmbeddedPostgresError, disk_full, from_output
from bot.storage.embedded.places import open_private

PORT = 5432  # of a socket in a folder of its own: a name, not a port
SOCKET = f".s.PGSQL.{PORT}"
_RETRY_S = 10.0  # a killed server's children may hold its memory that long
_READY_S = 300.0  # crash recovery after much writing
_FAST_STOP_S = 60.0
_POLL_S = 0.02
_RELAUNCH_S = 0.2
_LOG_BYTES = 5_000_000
_ROOM_BYTES = 100_000  # less than the first files a server writes
_PID_FILE_LINES = 8  # process, folder, start, port, socket folder, address, memory, status

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "120",
    "shared_buffers": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "io_method": "sync",  # no helper processes for a small database
    "max_parallel_workers_per_gather": "0",  # containers have little shared memory
    "jit": "off",
}


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` says; PostgreSQL writes it line by line, so the later ones may be missing."""

    pid: int
    sockets: Path | None
    status: str


class Postmaster:
    """The server of one cluster. Call only inside the door."""

    def __init__(self, cluster: Path, binaries: Path, account: Account, log: Path) -> None:
        self._cluster = cluster
        self._binaries = binaries
        self._account = account
        self._log = log
        self._known: PidFile | None = None

    def running(self) -> PidFile | None:
        """Give what is known of the running server; None when there is none, or its process id went to a stranger."""
        self._known = self._noted() or self._known  # somebody may have removed the folder under the server
        return self._known if self._known and self._is_ours(self._known.pid) else None

    def adopt(self) -> PidFile | None:
        """Give a server that somebody left running once it takes connections; one that is ending is waited out.

        Raises:
            EmbeddedPostgresError: it neither comes up nor ends.
        """
        running = self.running()
        if running and running.status == "stopping":
            self.stop()  # asked politely it would wait for every client to leave
        elif running and self.wait_ready(running.pid):
            return self.running()
        return None

    def start(self, sockets: Path) -> None:
        """Start the server and wait until it takes connections.

        Raises:
            EmbeddedPostgresError: it does not come up; the reason is taken from its log.
        """
        _turn_over(self._log)
        deadline = time.monotonic() + _RETRY_S
        while True:
            seen = self._log.stat().st_size if self._log.exists() else 0
            if self.wait_ready(self._launch(sockets)):
                return
            with self._log.open("rb") as log:
                log.seek(seen)
                said = log.read().decode(errors="replace")
            if shutil.disk_usage(self._cluster).free < _ROOM_BYTES:
                raise disk_full(self._cluster)  # looked up, for then the log could not be written either
            if time.monotonic() > deadline or "Permission denied" in said:
                raise from_output(said, self._cluster, f"Starting the embedded PostgreSQL (log: {self._log})")
            time.sleep(_RELAUNCH_S)

    def wait_ready(self, pid: int) -> bool:
        """Wait until the server `pid` takes connections; False when it ended instead.

        Raises:
            EmbeddedPostgresError: it is still recovering after five minutes.
        """
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            alive = self._is_ours(pid)  # before the file is read: a server that ends removes the file first
            noted = self._noted()
            if noted and noted.pid == pid and noted.status == "ready" and alive:
                self._known = noted
                return True
            if not alive:
                return False
            time.sleep(_POLL_S)
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL is still recovering after five minutes. Wait and start again; see {self._log}."
        )

    def stop(self) -> None:
        """Stop the server the fast way: open transactions are rolled back, everything committed is on disk.

        Raises:
            EmbeddedPostgresError: it does not end.
        """
        running = self.running()
        if running is None:
            return
        for asked, patience_s in ((signal.SIGINT, _FAST_STOP_S), (signal.SIGQUIT, _RETRY_S)):
            with suppress(ProcessLookupError):  # it may end by itself just now
                os.kill(running.pid, asked)
            deadline = time.monotonic() + patience_s
            while time.monotonic() < deadline:
                if not self._is_ours(running.pid):
                    return
                time.sleep(_POLL_S)
        raise EmbeddedPostgresError(f"The embedded PostgreSQL (process {running.pid}) does not end; see {self._log}.")

    def _launch(self, sockets: Path) -> int:
        # The shell leaves at once, so the server is nobody's child: no zombie in whoever outlives it here.
        # PostgreSQL refuses to start while the process its pid file names lives, except its own parent or
        # grandparent. Ours is known not to be a server; naming it the grandparent keeps the check of shared memory.
        noted = self._noted()
        stranger = {"PG_GRANDPARENT_PID": str(noted.pid)} if noted else {}
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server: tuple[str | Path, ...] = (self._binaries / "postgres", "-D", self._cluster, *settings, "-k", sockets)
        with os.fdopen(open_private(self._log, os.O_WRONLY | os.O_APPEND), "ab") as log:
            _, pid = self._account.run(
                "sh", "-c", '"$@" >&2 </dev/null & echo $!', "sh", *server, errors=log, environment=stranger
            )
        return int(pid)

    def _noted(self) -> PidFile | None:
        try:
            lines = (self._cluster / "postmaster.pid").read_text(errors="replace").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        lines += [""] * _PID_FILE_LINES
        return PidFile(pid, Path(lines[4]) if lines[4] else None, status=lines[7].strip()) if pid > 0 else None

    def _is_ours(self, pid: int) -> bool:
        return f"postgres -D {self._cluster} --" in command_line(pid)  # a zombie has no command line


def command_line(pid: int) -> str:
    """Give the words a process was started with, parted by blanks; nothing when it ended, waited for or not."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="surrogateescape")
        except OSError:  # it ended, or is somebody else's where those are hidden
            return ""
    asked = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return asked.stdout


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
