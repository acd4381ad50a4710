"""Downloading an input's picture: capped while it streams, without redirects, the key for Clarifai's hosts only."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from bot.domain.errors import NotFound, PlatformError, PlatformRefused, PlatformUnavailable

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20_000_000
DEADLINE_S = 12.0  # for the whole download
SILENCE_S = 5.0  # for one step of it
CHUNK = 65_536
CLARIFAI = "clarifai.com"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
BUSY_STATUSES = frozenset({408, 425, 429})
GONE_STATUSES = frozenset({404, 410})


class PictureSource:
    """Fetches pictures for the Clarifai at `host`.

    Clarifai's own hosts (over TLS) and `host` get the key. Any other address comes from whoever added the input
    outside of the channel, so it must be https and public: nobody may make us read our own network.
    """

    def __init__(self, host: str, root_certificates: Path | None) -> None:
        self._host = host
        self._tls = ssl.create_default_context()
        if root_certificates:
            self._tls.load_verify_locations(root_certificates)

    def fetch(self, url: str, key: str) -> bytes:
        """Download `url`, at most 20,000,000 bytes.

        Raises:
            NotFound: there is no such picture, or no address.
            PlatformRefused: it is too large, moved, forbidden, or at an address we do not read from.
            PlatformUnavailable: the host cannot be reached or is busy.
        """
        if not url:
            raise NotFound("Clarifai keeps no picture of this input.")
        give_up = time.monotonic() + DEADLINE_S
        parts = _split(url)
        trusted = self.trusts(url)
        connection = self._connection(parts, trusted=trusted)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("GET", path, headers={"authorization": f"Key {key}"} if trusted else {})
            with connection.getresponse() as response:
                return _body(response, give_up)
        except OSError as failure:
            raise PlatformUnavailable(f"The picture could not be downloaded from {parts.hostname}.") from failure
        except (ValueError, http.client.InvalidURL) as failure:
            raise PlatformRefused(f"The picture's address on {parts.hostname} cannot be asked for.") from failure
        except http.client.HTTPException as failure:
            raise PlatformUnavailable(f"The answer of {parts.hostname} could not be read.") from failure
        finally:
            connection.close()

    def trusts(self, url: str) -> bool:
        """Say whether the key may be sent with a request for `url`."""
        parts = _split(url)
        host = parts.hostname or ""
        at_clarifai = host == CLARIFAI or host.endswith(f".{CLARIFAI}")
        at_home = host == self._host or {host, self._host} <= LOOPBACK
        return at_home or (at_clarifai and parts.scheme == "https")

    def _connection(self, parts: SplitResult, *, trusted: bool) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host:
            raise PlatformRefused(f"The picture's address is not one of the web: {parts.scheme}.")
        if not trusted and (parts.scheme != "https" or not _is_public(host, parts.port or 443)):
            raise PlatformRefused(f"The picture lies at {host}, which is neither Clarifai nor a public https address.")
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, parts.port, timeout=SILENCE_S)
        return http.client.HTTPSConnection(host, parts.port, timeout=SILENCE_S, context=self._tls)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as failure:
        raise PlatformRefused("The picture's address is not one of the web.") from failure
    return parts


def _is_public(host: str, port: int) -> bool:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as failure:
        raise PlatformUnavailable(f"The picture's host {host} is not known.") from failure
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)


def _body(response: http.client.HTTPResponse, give_up: float) -> bytes:
    if response.status != http.client.OK:
        raise _error(response.status)
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            raise PlatformRefused("The picture is larger than 20 MB.")
        if time.monotonic() > give_up:
            raise PlatformUnavailable("The download of the picture took too long.")
    if response.length:
        raise PlatformUnavailable("The download of the picture broke off.")
    return bytes(body)


def _error(status: int) -> PlatformError:
    message = f"The picture could not be downloaded: HTTP {status}."
    if status in GONE_STATUSES:
        return NotFound(message)
    if status in BUSY_STATUSES or status >= http.client.INTERNAL_SERVER_ERROR:
        return PlatformUnavailable(message)
    return PlatformRefused(message)
