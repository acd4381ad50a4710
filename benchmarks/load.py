"""A load of requests: signed beforehand, each of another kind or review, over connections that stay open."""

from __future__ import annotations

import hashlib
import hmac
import json
import selectors
import socket
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

TEAM, CHANNEL, PERSON = "T0BENCH0001", "C0BENCH0001", "U0BENCH0001"
SECRET = "0123456789abcdef0123456789abcdef"
_SECTION = "A photograph and what is asked about it. " * 15  # about 600 characters, as a card has
_GIVE_UP_S = 60.0


@dataclass(frozen=True)
class Burst:
    """Click *Approve* on the reviews `first` to ``first + count - 1``, from `clients` connections at once."""

    port: int
    first: int
    count: int
    clients: int


@dataclass(frozen=True)
class Outcome:
    """How long a burst took, and each of its requests (seconds); `said` is the body of the last answer."""

    seconds: float
    latencies: list[float]
    said: str = ""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@contextmanager
def loader() -> Iterator[None]:
    """Nothing has to be opened to send something."""
    yield None


def fire(_: None, burst: Burst) -> Outcome:
    """Send the clicks as fast as they are answered; raises as `send` does."""
    clicks = [interaction(_click(burst.first + n)) for n in range(burst.count)]
    return send(None, burst.port, clicks, burst.clients)


def send(_: None, port: int, forms: list[dict[str, str]], clients: int) -> Outcome:
    """Sign the forms and send them in their order, each client the next one once it was answered.

    Raises:
        ConnectionError: one was not answered with 200.
        TimeoutError: nothing was answered for a minute.
    """
    requests = iter([_request(form) for form in forms])
    latencies: list[float] = []
    said = ""
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _client in range(clients):
            door = socket.create_connection(("127.0.0.1", port))
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _next(selector, door, requests)
        while selector.get_map():
            ready = selector.select(_GIVE_UP_S)
            if not ready:
                raise TimeoutError("nothing was answered for a minute")
            for key, _events in ready:
                sent_at, answer = key.data
                answer += key.fileobj.recv(65_536)  # type: ignore[union-attr] # only sockets are registered
                if not _is_whole(answer):
                    continue
                latencies.append(time.perf_counter() - sent_at)
                said = answer.partition(b"\r\n\r\n")[2].decode()
                selector.unregister(key.fileobj)
                _next(selector, key.fileobj, requests)  # type: ignore[arg-type] # the same
        return Outcome(time.perf_counter() - started, latencies, said)


def _next(selector: selectors.BaseSelector, door: socket.socket, requests: Iterator[bytes]) -> None:
    request = next(requests, None)
    if request is None:
        door.close()
        return
    door.sendall(request)
    selector.register(door, selectors.EVENT_READ, (time.perf_counter(), bytearray()))


def _is_whole(answer: bytearray) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not answer:
        raise ConnectionError("the connection was closed instead of an answer")
    if not end:
        return False
    if not head.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(bytes(answer[:300]).decode("utf-8", "replace"))
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(body) >= int(length.partition(b":")[2])


def interaction(payload: dict[str, object]) -> dict[str, str]:
    """Return the form that Slack sends of a press, a menu or a modal."""
    return {"payload": json.dumps(payload)}


def _request(form: dict[str, str]) -> bytes:
    body = urlencode(form).encode()
    moment = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:%s:%s" % (moment.encode(), body), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {moment}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + b"\r\n" + body


def _click(review: int) -> dict[str, object]:
    button = {
        "type": "button",
        "action_id": f"decide:approve:{review}",
        "block_id": "ask",
        "text": {"type": "plain_text", "text": "Approve"},
        "value": str(review),
    }
    blocks = [
        {"type": "section", "block_id": "says", "text": {"type": "mrkdwn", "text": _SECTION}},
        {"type": "actions", "block_id": "ask", "elements": [button]},
    ]
    return {
        "type": "block_actions",
        "user": {"id": PERSON, "username": "bench", "team_id": TEAM},
        "api_app_id": "A0BENCH0001",
        "team": {"id": TEAM, "domain": "bench"},
        "channel": {"id": CHANNEL, "name": "labels"},
        "container": {"type": "message", "message_ts": f"1700000000.{review:06d}", "channel_id": CHANNEL},
        "message": {"type": "message", "ts": f"1700000000.{review:06d}", "text": "A photograph", "blocks": blocks},
        "trigger_id": f"{review}.1.{uuid.uuid4().hex}",
        "response_url": "https://hooks.slack.example/actions/1",
        "actions": [{**button, "action_ts": f"{time.time():.6f}"}],
    }
