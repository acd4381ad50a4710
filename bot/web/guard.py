"""Nothing parses a byte from the network before Slack's signature on it was checked."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from bot.web.answers import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY = 1_048_576  # bytes; Slack's largest payloads are about a tenth of it
_WINDOW_S = 300  # Slack, "Verifying requests from Slack": older may be a replay
_LONGEST_TIMESTAMP = 12  # digits; int() of thousands of digits costs time and then raises
_log = logging.getLogger(__name__)


def guard(slack: WSGIApplication, *, signing_secret: str, now_s: Callable[[], float] = time.time) -> WSGIApplication:
    """Let only requests signed by Slack through to `slack`, with exactly the bytes that were signed.

    A body above 1 MiB is answered 413 after reading at most the cap and one byte; whatever else is odd is answered
    401. A request repeated inside the five minutes passes: telling repeats apart needs the database.
    """
    key = signing_secret.encode()

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = _read(environ)
        if body is None:
            return answer(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not is_signed(environ, body, key=key, now_s=now_s()):
            _log.info("guard: refused a request that Slack has not signed")
            return answer(start_response, HTTPStatus.UNAUTHORIZED)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return slack(environ, start_response)

    return guarded


def is_signed(environ: WSGIEnvironment, body: bytes, *, key: bytes, now_s: float) -> bool:
    """Say whether the headers carry Slack's signature (version v0) of `body`, made within five minutes of `now_s`.

    Source: Slack, "Verifying requests from Slack".
    """
    timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    claimed = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
    if not _is_plain_number(timestamp) or abs(now_s - int(timestamp)) > _WINDOW_S:
        return False
    expected = "v0=" + hmac.new(key, b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    # as bytes: compare_digest raises at text outside ASCII, and the header is the stranger's choice
    return hmac.compare_digest(expected.encode(), claimed.encode("utf-8", "replace"))


def _is_plain_number(text: str) -> bool:
    return len(text) <= _LONGEST_TIMESTAMP and text.isascii() and text.isdigit()


def _read(environ: WSGIEnvironment) -> bytes | None:
    """Read the body; None when it is above the cap.

    Without a Content-Length there is a body only where it comes in chunks or the server marks its end: elsewhere
    reading would wait for a connection that stays open.
    """
    declared = str(environ.get("CONTENT_LENGTH", "") or "")
    if declared:
        return _declared(environ["wsgi.input"], declared)
    chunked = str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower() == "chunked"
    if not chunked and not environ.get("wsgi.input_terminated"):
        return b""
    body = _up_to(environ["wsgi.input"], MAX_BODY + 1)
    return body if len(body) <= MAX_BODY else None


def _declared(stream: InputStream, declared: str) -> bytes | None:
    if not (declared.isascii() and declared.isdigit()):
        return b""
    if len(declared) > len(str(MAX_BODY)) or int(declared) > MAX_BODY:
        return None
    return _up_to(stream, int(declared))


def _up_to(stream: InputStream, limit: int) -> bytes:
    """Read until the end or `limit` bytes; one read may bring fewer than it was asked for."""
    body = bytearray()
    while len(body) < limit and (chunk := stream.read(limit - len(body))):
        body += chunk
    return bytes(body)
