"""A relay of plain TCP between the bot and a service: it delays, breaks off before and after delivery, or half way.

It knows nothing of what it carries, so that it stands for the network before HTTP and gRPC alike.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends a reset instead of an orderly end
_CHUNK = 65536
_LOOK_S = 0.02


class Trouble(StrEnum):
    """What befalls connections; the last three only once the client has sent something."""

    NONE = "none"
    REFUSES = "refuses"  # reset as soon as it stands
    BEFORE = "before"  # reset when the first request came, which is not handed on
    AFTER = "after"  # the request is delivered, the answer is not: reset
    HALF = "half"  # half of the answer's first piece, then reset
    HANGS = "hangs"  # the request is delivered, the answer never comes


class Relay:
    """Listens on a free port of loopback and carries bytes to `port`. Close it before what it leads to."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._trouble, self._times = Trouble.NONE, 0
        self._door = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_LOOK_S)
        self._threads = [threading.Thread(target=self._accept, name="relay")]
        self.latency_s = 0.0
        self.met = 0  # connections that the trouble befell

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def befall(self, trouble: Trouble, times: int = 1) -> None:
        """Have this happen to the next `times` connections, standing ones that are silent included."""
        with self._door:
            self._trouble, self._times, self.met = trouble, times, 0

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _take(self, *wanted: Trouble) -> Trouble:
        with self._door:
            if self._times <= 0 or self._trouble not in wanted:
                return Trouble.NONE
            self._times -= 1
            self.met += 1
            return self._trouble

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            if self._take(Trouble.REFUSES) is Trouble.REFUSES:
                _reset(client)
                continue
            self._threads.append(threading.Thread(target=self._carry, args=(client,), name="relay connection"))
            self._threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._target)) as service:
            met = Trouble.NONE
            while not self._ended.is_set():
                ready, _, _ = select.select([client, service], [], [], _LOOK_S)
                for side in ready:
                    data = _read(side)
                    if side is client and data and met is Trouble.NONE:
                        met = self._take(Trouble.BEFORE, Trouble.AFTER, Trouble.HALF, Trouble.HANGS)
                    if not data or not self._pass_on(data, met, client, service, from_client=side is client):
                        return

    def _pass_on(
        self, data: bytes, met: Trouble, client: socket.socket, service: socket.socket, *, from_client: bool
    ) -> bool:
        """Hand one piece on, or not; False when the connection is over."""
        if self.latency_s:
            time.sleep(self.latency_s)
        if from_client:
            if met is Trouble.BEFORE:
                _reset(client)
                return False
            service.sendall(data)
            return True
        if met is Trouble.HANGS:
            return True
        if met in {Trouble.AFTER, Trouble.HALF}:
            if met is Trouble.HALF:
                client.sendall(data[: len(data) // 2])
            _reset(client)
            return False
        client.sendall(data)
        return True


def _read(side: socket.socket) -> bytes:
    try:
        return side.recv(_CHUNK)
    except OSError:
        return b""


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    client.close()
