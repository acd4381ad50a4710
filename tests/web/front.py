"""The edge on a real socket, and somebody who speaks to it."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from bot.web import Metrics, Server

SECRET = "a secret that is none"


@dataclass
class Slack:
    """Stands where Bolt stands and keeps every body that reaches it."""

    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]


@dataclass
class Health:
    is_ready: bool = True

    def ready(self) -> tuple[bool, Mapping[str, str]]:
        return self.is_ready, {"database": "at head" if self.is_ready else "away"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Front:
    """The edge on a real socket."""

    slack: Slack
    health: Health
    metrics: Metrics
    server: Server
    port: int

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()

    def deliver(self, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("POST", "/slack/events", body, signed(body) if headers is None else headers)


def signed(body: bytes, *, age_s: float = 0, secret: str = SECRET, timestamp: str | None = None) -> dict[str, str]:
    moment = timestamp if timestamp is not None else str(int(time.time() - age_s))
    digest = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
