"""The demo as a process: one per folder, a port of its own choice, nothing left behind, nothing lost."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.app.outside import BotProcess, get, wait_until
from tests.folders import open_folder
from tests.storage.embedded.holding import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder("demo-") as made:
        yield made


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., BotProcess]]:
    """Starts a demo in the folder; all are ended."""
    started: list[BotProcess] = []

    def demo(*more: str, port: int = 0) -> BotProcess:
        verb = ("demo", "--no-browser", "--empty", "--port", str(port), "--data", str(folder / "data"), *more)
        started.append(BotProcess(*verb, env={"BOT_PROBES": "0"}, folder=folder))
        return started[-1]

    yield demo
    for process in started:
        process.end(signal.SIGKILL)


def left_behind(folder: Path, demo: BotProcess) -> list[str]:
    """Processes of the demo's database, and any of its session: the model's process is one."""
    return [
        line for pid, line in processes().items() if str(folder) in line or (line and session(pid) == demo.process.pid)
    ]


def session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def test_ctrl_c_leaves_no_process_also_after_a_kill(folder: Path, start: Callable[..., BotProcess]) -> None:
    killed = start()
    page = killed.ready()["page"]
    assert get(page)[0] == 200
    keys = (folder / "data" / "keys").read_text()
    killed.end(signal.SIGKILL)
    wait_until(lambda: not [x for x in left_behind(folder, killed) if "recognition" in x], "the model's process to end")

    second = start()
    ready = second.ready()
    assert (folder / "data" / "keys").read_text() == keys
    assert ready["slack"]["api_url"].startswith(ready["page"])
    assert second.end(signal.SIGINT) == 0
    assert left_behind(folder, second) + left_behind(folder, killed) == []
    assert "Traceback" not in second.said


@pytest.mark.fault(46)
def test_a_second_demo_in_the_folder_is_refused_and_a_taken_port_moves_on(
    folder: Path, start: Callable[..., BotProcess]
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        first = start(port=port)
        page = first.ready()["page"]
        assert port < int(page.rsplit(":", 1)[1].rstrip("/")) < port + 20
    second = start()
    assert second.ready() == {}
    assert second.wait() == 2
    [line] = second.said.splitlines()
    assert line.startswith("annotate-bot: A demo runs in ")
    assert "--data" in line
    assert get(page)[0] == 200
    assert first.end(signal.SIGTERM) == 0
    assert left_behind(folder, first) == []
