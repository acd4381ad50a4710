"""A server that says exactly what a test wants said, byte for byte."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Canned:
    """Answers each connection with the next of `answers` (the last one again and again); keeps what it was sent."""

    def __init__(self, answers: Sequence[bytes], *, hold: bool) -> None:
        self.requests: list[bytes] = []
        self.let_go = threading.Event()
        self._answers = list(answers)
        self._hold = hold
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(5)
                self._answer(caller)

    def _answer(self, caller: socket.socket) -> None:
        try:
            self.requests.append(_whole_request(caller))
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            caller.sendall(answer)
            if self._hold:
                self.let_go.wait(10)
        except OSError:
            return

    def close(self) -> None:
        self.let_go.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(10)


def _whole_request(caller: socket.socket) -> bytes:
    """Read head and body: a connection closed on unread bytes would be reset, whatever the test wants said."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += caller.recv(65536) or b"\r\n\r\n"
    head, _, body = request.partition(b"\r\n\r\n")
    announced = re.search(rb"content-length: (\d+)", head.lower())
    while announced and len(body) < int(announced[1]) and (more := caller.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def canned(*answers: bytes, hold: bool = False) -> Iterator[Canned]:
    """Serve `answers`; with `hold` every connection stays open after its answer."""
    server = Canned(answers, hold=hold)
    try:
        yield server
    finally:
        server.close()


def http(status: str, body: bytes = b"", *, kind: str = "application/json", extra: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{extra}\r\n"
    )
    return head.encode() + body
