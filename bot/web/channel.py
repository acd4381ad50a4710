# mypy: allow-untyped-calls
"""A connection that lets the sender of a refused body read why."""

from __future__ import annotations

import contextlib
import socket
import time

from waitress.channel import HTTPChannel

_DISCARD = 64 * 1_048_576  # bytes thrown away at most before the connection is cut
_AT_ONCE = 65_536  # bytes


class PatientChannel(HTTPChannel):
    """Ends in two steps where the answer was the last one.

    Closing a socket while unread bytes wait in it resets the connection, and the sender of a large body sees
    "connection reset" in place of the 413. So the answer is finished first; what still comes is thrown away unseen
    until the sender stops, 64 MiB have come, or the time of an idle connection is over.
    """

    _is_last_answer = False
    _is_ending = False
    _left = _DISCARD

    def readable(self) -> bool:
        return self._is_ending or bool(super().readable())

    def handle_read(self) -> None:
        if not self._is_ending:
            super().handle_read()
            return
        try:
            self._left -= len(self.recv(_AT_ONCE))  # recv closes by itself when the sender has
        except OSError:
            self._left = 0
        if self._left <= 0:
            self.handle_close()

    def handle_write(self) -> None:
        self._is_last_answer = self.close_when_flushed
        super().handle_write()

    def handle_close(self) -> None:
        if self._is_ending or not self._is_last_answer:
            super().handle_close()
            return
        self._is_ending = True
        self.will_close = False
        self.last_activity = int(time.time())  # waitress compares it with its own time.time()
        with contextlib.suppress(OSError):  # the sender may be gone
            self.socket.shutdown(socket.SHUT_WR)  # type: ignore[union-attr] # None only once closed
