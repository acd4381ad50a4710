"""Own the model's process: start it, ask it one picture at a time, start it again when it died."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.sandbox.recognition.frames import Frame, Kind, receive, send
from bot.sandbox.recognition.recogniser import UnreadableImage
from bot.sandbox.recognition.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterator

Child = subprocess.Popen[bytes]

_MODULE = "bot.sandbox.recognition.worker"
_IMPORT_ROOT = Path(__file__).parents[3]
_ATTEMPTS = 2  # a killed process costs one repeat; a picture that ends two of them is refused
_PATIENCE_S = 120.0  # for one picture or one start on a crowded machine; a hung process is killed after it


class RecognitionStopped(RuntimeError):
    """The model was closed, or its process does not start; its own message is on standard error."""


class ModelProcess:
    """One child process with the model in it.

    The model's libraries mostly let other threads run, but not while they decode a large WebP (144 ms measured) or
    load; and a picture of 85 megapixels takes memory the bot should not have to give. So the model lives apart, with a
    lower priority, and cannot take its owner down.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._closed = False
        self._ready = False
        self._child: Child | None = _started()

    def look(self, image: bytes) -> Sight:
        """Have the picture looked at.

        Raises:
            UnreadableImage: it is no picture, or it ended the process twice.
            RecognitionStopped: closed, or the process does not start.
        """
        with self._turn:
            for _ in range(_ATTEMPTS):
                if answer := self._asked(self._running(), image):
                    return _understood(answer)
                was_ready = self._end()
            self._refuse_if_closed()
        if not was_ready:
            raise RecognitionStopped("the model's process does not start")
        raise UnreadableImage("the model ended twice over this picture")

    def close(self) -> None:
        self._closed = True
        if child := self._child:
            child.kill()  # wakes a thread that waits for an answer; the process holds nothing worth saving
        with self._turn:
            self._end()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RecognitionStopped("the model is closed")

    def _running(self) -> Child:
        self._refuse_if_closed()
        if self._child is None:
            self._child = _started()
        return self._child

    def _asked(self, child: Child, image: bytes) -> Frame | None:
        """Send the picture and wait for the answer; None when the process ended over it."""
        try:
            with _deadline(child):
                self._ready = self._ready or receive(_opened(child.stdout)) is not None
                send(_opened(child.stdin), Kind.LOOK, image)
                return receive(_opened(child.stdout))
        except BrokenPipeError:
            return None
        except BaseException:
            self._end()  # a conversation broken off half-way (Ctrl-C) would give the next picture this one's answer
            raise

    def _end(self) -> bool:
        """End the process if there is one; say whether it had got as far as being ready."""
        was_ready, self._ready = self._ready, False
        child, self._child = self._child, None
        if child is not None:
            _buried(child)
        return was_ready


def _started() -> Child:
    import_path = os.pathsep.join(filter(None, [str(_IMPORT_ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": import_path, "OPENBLAS_NUM_THREADS": "1"},
        process_group=0,  # Ctrl-C is for the owner alone, which then closes us; same session, or niceness counts little
    )


def _buried(child: Child) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(BrokenPipeError):  # what was buffered for the dead is dropped
            _opened(pipe).close()


@contextlib.contextmanager
def _deadline(child: Child) -> Iterator[None]:
    watchdog = threading.Timer(_PATIENCE_S, child.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RecognitionStopped("the process has no pipe")
    return pipe


def _understood(answer: Frame) -> Sight:
    if answer.kind is Kind.UNREADABLE:
        raise UnreadableImage(answer.body.decode())
    return Sight.unpacked(answer.body)
