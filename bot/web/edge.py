"""The routes. Whatever is not named here does not exist."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from prometheus_client import CONTENT_TYPE_LATEST

from bot.web.answers import answer
from bot.web.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    JSON = str | int | float | bool | Mapping[str, "JSON"] | Sequence["JSON"] | None

_JSON = "application/json"
_READING = frozenset({"GET", "HEAD"})


class Health(Protocol):
    """Says how the bot is."""

    def ready(self) -> tuple[bool, Mapping[str, JSON]]:
        """Return whether requests can be served, and what is known about each part."""


def edge(
    slack: WSGIApplication, *, signing_secret: str | None, health: Health, metrics: Callable[[], bytes]
) -> WSGIApplication:
    """Put together everything that answers HTTP.

    Without a `signing_secret` (Socket Mode) nothing is taken at /slack/events: it does not exist then.
    """
    reading = _readings(health, metrics)
    guarded = guard(slack, signing_secret=signing_secret) if signing_secret else None

    def routed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == "/slack/events" and guarded:
            return guarded(environ, start_response) if method == "POST" else _wrong_method(start_response)
        if path not in reading:
            return answer(start_response, HTTPStatus.NOT_FOUND)
        if method not in _READING:
            return _wrong_method(start_response)
        body = reading[path](start_response)
        return body if method == "GET" else []

    return routed


def _readings(health: Health, metrics: Callable[[], bytes]) -> dict[str, Callable[[StartResponse], Iterable[bytes]]]:
    def live(start_response: StartResponse) -> Iterable[bytes]:
        return answer(start_response, HTTPStatus.OK, b'{"live": true}\n', content_type=_JSON)

    def ready(start_response: StartResponse) -> Iterable[bytes]:
        is_ready, facts = health.ready()
        body = json.dumps({"ready": is_ready, **facts}, default=str).encode() + b"\n"
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return answer(start_response, status, body, content_type=_JSON)

    def figures(start_response: StartResponse) -> Iterable[bytes]:
        return answer(start_response, HTTPStatus.OK, metrics(), content_type=CONTENT_TYPE_LATEST)

    return {"/health/live": live, "/health/ready": ready, "/metrics": figures}


def _wrong_method(start_response: StartResponse) -> Iterable[bytes]:
    return answer(start_response, HTTPStatus.METHOD_NOT_ALLOWED)
