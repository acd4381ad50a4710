"""Delivery by signed HTTP requests."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.wire import Json

HTTP_OK = 200
_FORM = "application/x-www-form-urlencoded"


class RefusedByAppError(Exception):
    """The app answered with something other than 200."""

    def __init__(self, status: int, *, no_retry: bool) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.no_retry = no_retry


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's request signature, version 0: HMAC-SHA256 over ``v0:{timestamp}:{body}``."""
    base = b"v0:%d:%s" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def body_of(kind: str, payload: Json) -> tuple[str, bytes]:
    """Content type and body of a delivery: events as JSON, commands as a form, the rest as a form with one field."""
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return _FORM, urlencode(fields).encode()


class HttpDoor:
    """Posts deliveries to the app's request URL."""

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=200)
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(
        self, url: str, kind: str, payload: Json, headers: Mapping[str, str], deadline_s: float
    ) -> Json | None:
        """Deliver once and return what the app answered; None for an empty body.

        Raises:
            RefusedByAppError: any status but 200.
            TimeoutError: no answer within `deadline_s` seconds.
            aiohttp.ClientError: no connection.
        """
        if self._session is None:
            raise RuntimeError("the door is not open")
        content_type, body = body_of(kind, payload)
        timestamp = int(time.time())
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **headers,
        }
        deadline = aiohttp.ClientTimeout(total=deadline_s)
        async with self._session.post(
            url, data=body, headers=signed, timeout=deadline, allow_redirects=False
        ) as answer:
            text = await answer.text()
            if answer.status != HTTP_OK:
                raise RefusedByAppError(answer.status, no_retry=answer.headers.get("X-Slack-No-Retry") == "1")
            return _answer(text, answer.content_type)


def _answer(text: str, content_type: str) -> Json | None:
    if not text.strip():
        return None
    if content_type == "application/json":
        parsed = json.loads(text)
        return parsed if isinstance(parsed, dict) else None
    return {"text": text}
