"""What stands between Slack and several `web` processes: it shares requests out, and loses or doubles some of them."""

from __future__ import annotations

import http.client
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from tests.faults.chaos.history import History

ANSWERS_WITHIN_S = 4.0  # Slack itself gives up after 3
CLOSED = frozenset({"connection", "transfer-encoding", "content-length", "server", "date"})  # belong to one connection


class Mishaps(NamedTuple):
    """How often, of 1, something happens to a request."""

    answer_lost: float = 0.0  # it was delivered, and Slack is told nothing
    delivered_twice: float = 0.0  # to two processes at once; the first answer counts
    never_delivered: float = 0.0


class Answer(NamedTuple):
    """What a process answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Door:
    """Listens at one address for Slack and passes each request on to one of the ports in `ports`.

    As load balancers do, it takes the next process when one refuses the connection, and no other time.
    """

    def __init__(self, history: History, *, seed: int) -> None:
        self._history = history
        self.ports: list[int] = []
        self.mishaps = Mishaps()
        self._chance = random.Random(seed)  # noqa: S311 - not for secrets
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def pass_on(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """Deliver; None when Slack is to hear nothing of what became of it."""
        fate = self._chance.random()
        ports = self._chance.sample(self.ports, len(self.ports))
        lost, twice, never = self.mishaps
        if fate < never:
            return None
        if fate < never + twice and len(ports) > 1:
            second = threading.Thread(target=_delivered, args=(ports[1:], path, headers, body), daemon=True)
            second.start()
        answer = _delivered(ports, path, headers, body)
        if answer and body.startswith(b"{"):
            event = json.loads(body).get("event", {})
            self._history.note("delivered", ts=event.get("ts", ""), event=event.get("type"), status=answer.status)
        return None if never + twice <= fate < never + twice + lost else answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Slack went away meanwhile, which it may."""


def _delivered(ports: list[int], path: str, headers: dict[str, str], body: bytes) -> Answer | None:
    for port in ports:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN_S)
        try:
            connection.connect()
        except OSError:
            continue
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
    return None


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = door.pass_on(self.path, {k: v for k, v in self.headers.items() if k.lower() not in CLOSED}, body)
            self.close_connection = True
            if answer is None:
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                if name.lower() not in CLOSED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_said: object) -> None:
            """Nothing is printed for each request."""

    return Handler
