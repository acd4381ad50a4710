"""Other processes at the embedded database, and what the tests ask of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bot.storage.embedded.postmaster import command_line

PROJECT = Path(__file__).parents[3]
HOLDER = Path(__file__).with_name("holder.py")
_DEADLINE_S = 30.0


def wait_until(fact: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while not fact():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.01)


def processes() -> dict[int, str]:
    """The command line of every process; read without `ps` where there is none, as in a slim container."""
    if sys.platform == "linux":
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return {pid: command_line(pid) for pid in pids}
    listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True).stdout
    return {int(pid): command_line(int(pid)) for pid in listed.split()}


def alive(pid: int) -> bool:
    """A zombie, which waits for its parent only, has no command line any more."""
    return "postgres -D" in command_line(pid)


def postmaster_of(dsn: str) -> int:
    """The server's process id, read from the folder it says it serves."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return int((Path(row[0]) / "postmaster.pid").read_text().splitlines()[0])


def ask(dsn: str, question: str) -> Any:  # noqa: ANN401 - whatever the database answers
    with psycopg.connect(dsn) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def tell(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn) as connection:
        for statement in statements:
            connection.execute(statement)


class Holder:
    """Another process that uses the database of a folder."""

    def __init__(self, data_dir: Path, system_home: Path, user: int | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", HOLDER, data_dir, system_home, "" if user is None else str(user)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path]), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )

    def said(self) -> dict[str, Any]:
        assert self.process.stdout
        said: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"error": "nothing was said"}')
        return said

    def dsn(self) -> str:
        said = self.said()
        assert "dsn" in said, said
        return str(said["dsn"])

    def begin_to_leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def leave(self) -> int:
        self.begin_to_leave()
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(_DEADLINE_S)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.leave()
