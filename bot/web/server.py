# mypy: untyped-calls-exclude=waitress
"""Waitress in a thread, with a start and an end that can be waited for."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server
from waitress.wasyncore import dispatcher, loop

from bot.web.channel import PatientChannel
from bot.web.guard import MAX_BODY

if TYPE_CHECKING:
    from types import TracebackType
    from wsgiref.types import WSGIApplication

_GRACE_S = 5.0  # for requests that are being answered when the end comes; Heroku kills after 30
_IDLE_S = 30  # a connection that says nothing is closed after this

# Under load requests wait for a thread; a line in the log for each of them makes the wait longer.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class Server:
    """Serves `app` at `host` and `port` (0 picks a free one) with a number of threads.

    Use it as a context manager, or call `start` and `stop`; a stopped server is not started again.
    """

    def __init__(self, app: WSGIApplication, host: str, port: int, threads: int) -> None:
        self._app = app
        self._address = (host, port)
        self._threads = threads
        self._stopping = threading.Event()
        self._sockets: dict[int, object] = {}  # what the loop waits for
        self._server: TcpWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on; known once `start` has returned."""
        return int(self._running().effective_port)

    def start(self) -> Self:
        """Listen and serve; returns when connections are taken.

        Raises:
            OSError: the address cannot be had, for example because the port is taken.
        """
        host = self._address[0]
        door = socket.create_server(self._address, family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._server = create_server(
            self._app,
            map=self._sockets,
            sockets=[door],
            threads=self._threads,
            max_request_body_size=MAX_BODY + 1,  # refused from this size on, before the body is read
            max_request_header_size=65_536,
            channel_timeout=_IDLE_S,
            cleanup_interval=10,
            connection_limit=1000,
            asyncore_use_poll=True,
            inbuf_overflow=2 * MAX_BODY,  # bodies stay in memory: temporary files of broken requests are never closed
            ident="annotate-bot",
        )
        self._server.channel_class = PatientChannel
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take no new connections, finish what is being answered (at most 5 s), close everything."""
        if self._thread is None:
            return
        self._stopping.set()
        self._running().pull_trigger()
        self._thread.join()
        self._running().trigger.close()  # not before: the loop may end by itself before the trigger is pulled
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _running(self) -> TcpWSGIServer:
        if self._server is None:
            raise RuntimeError("the server was not started")
        return self._server

    def _serve(self) -> None:
        """Run the loop and its end in one thread: no socket is closed while another thread waits for it."""
        server = self._running()
        while not self._stopping.is_set():
            loop(timeout=1.0, use_poll=True, map=self._sockets, count=1)
        dispatcher.close(server)  # the door only; open connections go on
        last = time.monotonic() + _GRACE_S
        while _busy(server) and time.monotonic() < last:
            loop(timeout=0.1, use_poll=True, map=self._sockets, count=1)
        server.task_dispatcher.shutdown(timeout=max(0.1, last - time.monotonic()))
        for connection in list(server.active_channels.values()):
            HTTPChannel.handle_close(connection)


def _busy(server: TcpWSGIServer) -> bool:
    return any(channel.requests or channel.total_outbufs_len for channel in server.active_channels.values())
