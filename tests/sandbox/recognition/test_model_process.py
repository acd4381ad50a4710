"""The model lives in a process of its own: what happens when that, or its owner, dies."""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.sandbox.recognition import RecognitionStopped, UnreadableImage, process
from bot.sandbox.recognition.process import ModelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = """
import sys
from bot.sandbox.recognition.process import ModelProcess
child = ModelProcess()
child.look(sys.stdin.buffer.read())
print(child._child.pid, flush=True)
sys.stdin.close()
import threading
threading.Event().wait()
"""

# answers "ready", takes a picture and dies over it
DIES_OVER_IT = """
import sys
from bot.sandbox.recognition.frames import Kind, receive, send
send(sys.stdout.buffer, Kind.READY)
receive(sys.stdin.buffer)
"""


def picture(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def model() -> Iterator[ModelProcess]:
    model = ModelProcess()
    yield model
    model.close()


def pid_of(model: ModelProcess) -> int:
    assert model._child is not None
    return model._child.pid


def ends(pid: int) -> bool:
    try:
        process_file = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        ended, _, _ = select.select([process_file], [], [], 10)
        return bool(ended)
    finally:
        os.close(process_file)


def test_a_killed_process_is_replaced_and_the_picture_still_answered(model: ModelProcess) -> None:
    first = model.look(picture())
    pid = pid_of(model)
    os.kill(pid, signal.SIGKILL)
    assert model.look(picture()).values.tolist() == first.values.tolist()
    assert pid_of(model) != pid


def test_closing_ends_the_process_and_later_questions_are_refused(model: ModelProcess) -> None:
    model.look(picture())
    pid = pid_of(model)
    model.close()
    model.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RecognitionStopped):
        model.look(picture())


def test_closing_wakes_who_waits_for_an_answer(model: ModelProcess) -> None:
    os.kill(pid_of(model), signal.SIGSTOP)
    outcome: list[str] = []
    asking = threading.Event()

    def ask() -> None:
        asking.set()
        with pytest.raises(RecognitionStopped) as error:
            model.look(picture())
        outcome.append(str(error.value))

    thread = threading.Thread(target=ask)
    thread.start()
    assert asking.wait(10)
    model.close()
    thread.join(20)
    assert len(outcome) == 1


def test_a_hung_process_is_killed_when_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_started", lambda: started(["-c", "import threading; threading.Event().wait()"]))
    monkeypatch.setattr(process, "_PATIENCE_S", 0.2)
    model = ModelProcess()
    with pytest.raises(RecognitionStopped, match="does not start"):
        model.look(picture())
    model.close()


def test_a_picture_that_ends_two_processes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_started", lambda: started(["-c", DIES_OVER_IT]))
    model = ModelProcess()
    with pytest.raises(UnreadableImage, match="ended twice"):
        model.look(picture())
    model.close()


def test_a_process_that_does_not_start_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_started", lambda: started(["-c", "raise SystemExit(1)"]))
    model = ModelProcess()
    with pytest.raises(RecognitionStopped, match="does not start"):
        model.look(picture())
    model.close()


def test_a_conversation_broken_off_does_not_answer_the_next_picture(
    model: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = model.look(picture()).values.tolist()
    with monkeypatch.context() as interrupted:
        interrupted.setattr(process, "receive", lambda _pipe: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            model.look(picture("orange"))
    assert model.look(picture()).values.tolist() == expected


def test_the_owner_loads_neither_the_runtimes_nor_pillow() -> None:
    code = (
        "import sys, bot.sandbox.recognition;"
        "sys.exit(any(name in sys.modules for name in ('onnxruntime', 'dlib', 'PIL')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="waits for a process that is no child")
def test_the_process_ends_by_itself_when_its_owner_is_killed() -> None:
    root = Path(process.__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as owner:
        assert owner.stdin
        assert owner.stdout
        owner.stdin.write(picture())
        owner.stdin.close()
        pid = int(owner.stdout.readline())
        owner.kill()
    assert ends(pid)


def started(arguments: list[str]) -> process.Child:
    return subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
