"""Fetching a file with the bot's token, which is shown to Slack's own hosts and to nobody else."""

from __future__ import annotations

import http.client
import io
import ssl
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn, cast
from urllib.parse import quote, urlsplit

from bot.domain.errors import ChatUnavailable, NotAPhotograph
from bot.slack.errors import told

if TYPE_CHECKING:
    import socket
    from urllib.parse import SplitResult

    from _typeshed import WriteableBuffer as Buffer

SLACK_API = "https://slack.com/api/"
FILE_HOSTS = frozenset({"files.slack.com", "slack-files.com"})
DOWNLOAD_S = 30.0  # for one whole file
_CHUNK = 64 * 1024  # bytes
_PORTS = {"http": 80, "https": 443}
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True)
class Hosts:
    """Where the token may go: Slack's file hosts, and the one place (scheme, host, port) of another Web API."""

    own: tuple[str, str, int] | None = None

    @classmethod
    def of(cls, api_url: str) -> Hosts:
        return cls() if api_url.rstrip("/") == SLACK_API.rstrip("/") else cls(_place(api_url))

    def may_see_the_token(self, address: str) -> bool:
        place = _place(address)
        if place is None:
            return False
        return place == self.own or ((place[0], place[2]) == ("https", 443) and place[1] in FILE_HOSTS)


def _place(address: str) -> tuple[str, str, int] | None:
    """Return (scheme, host, port) of a web address; None when it is none, or carries a name and password."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or not address.isascii():
        return None
    return parts.scheme, parts.hostname, port


def fetch(address: str, token: str, *, limit: int, page_expected: bool = False) -> bytes:
    """Return the bytes at `address`, following no redirect, within DOWNLOAD_S from the first byte sent to the last.

    `page_expected`: the file itself is an HTML page, so that one is no sign of a login.

    Raises:
        NotAPhotograph: more than `limit` bytes, a login page, a redirect or a refusal.
        ChatUnavailable: Slack cannot be reached, is busy, or broke off.
    """
    parts = urlsplit(address)
    ends_at = time.monotonic() + DOWNLOAD_S
    connection = _connection(parts)
    try:
        with told("the download of a file"):
            response = _asked(connection, parts, token, ends_at)
            _check(response, page_expected=page_expected)
            return _whole(response, limit)
    finally:
        connection.close()


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=DOWNLOAD_S, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=DOWNLOAD_S)


def _asked(
    connection: http.client.HTTPConnection, parts: SplitResult, token: str, ends_at: float
) -> http.client.HTTPResponse:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")  # a name with a blank in it, from whoever forgot
    target = path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Authorization": f"Bearer {token}", "Connection": "close"})
    response = http.client.HTTPResponse(cast("socket.socket", _Wire(connection.sock, ends_at)), method="GET")
    response.begin()
    return response


class _Wire(io.RawIOBase):
    """A socket as `HTTPResponse` reads it: under one deadline, however slowly the bytes come."""

    def __init__(self, source: socket.socket, ends_at: float) -> None:
        super().__init__()
        self._source = source
        self._ends_at = ends_at

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the file took too long")
        self._source.settimeout(left_s)
        return self._source.recv_into(buffer)


def _check(response: http.client.HTTPResponse, *, page_expected: bool) -> None:
    """Return if the file itself follows."""
    status = response.status
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ChatUnavailable(f"Slack did not hand out a file: HTTP {status}")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        _skip("Slack asks for a login")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        _skip("it is no longer there")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        _skip("Slack points to another address")
    if status != HTTPStatus.OK:
        _skip(f"Slack answers with HTTP {status}")
    # Without a token that counts Slack answers 200 and a page to log in with.
    if response.headers.get_content_type() == "text/html" and not page_expected:
        _skip("Slack asks for a login")


def _skip(why: str) -> NoReturn:
    raise NotAPhotograph(f"could not be downloaded: {why}")


def _whole(response: http.client.HTTPResponse, limit: int) -> bytes:
    """Read to the end, holding no more than `limit` bytes and one chunk."""
    data, announced = bytearray(), response.length
    if announced is not None and announced > limit:
        _too_large(limit)
    for chunk in iter(lambda: response.read1(_CHUNK), b""):
        data += chunk
        if len(data) > limit:
            _too_large(limit)
    if announced is not None and len(data) < announced:
        raise http.client.IncompleteRead(b"", announced - len(data))
    return bytes(data)


def _too_large(limit: int) -> NoReturn:
    raise NotAPhotograph(f"is larger than {limit / 1_000_000:g} MB")
