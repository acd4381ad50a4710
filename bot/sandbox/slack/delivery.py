"""Getting things to the app: over a socket or by HTTP, once or (events only) again."""

import asyncio
import secrets
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.http_delivery import HttpDoor, RefusedByAppError
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.people import APP_ID, BOT_USER_ID, TEAM_ID
from bot.sandbox.slack.socket_mode import ConnectionLostError, SocketHub
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace

ACK_DEADLINE_S = 3.0
RETRY_DELAYS_S = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended: acknowledged (with the answer's body), or not, and then why, in Slack's words."""

    acked: bool
    body: Json | None = None
    error: str | None = None
    retry_reason: str | None = None
    may_retry: bool = True


class Delivery:
    """Sends payloads to the app.

    `retry_delays_s` are the waits before each further try of an event; nothing else is tried again.
    """

    def __init__(
        self, workspace: Workspace, sockets: SocketHub, door: HttpDoor, faults: Faults, journal: Journal
    ) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._door = door
        self._faults = faults
        self._journal = journal
        self._retries: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.request_url: str | None = None
        self.retry_delays_s: tuple[float, ...] = RETRY_DELAYS_S
        self.ack_deadline_s = ACK_DEADLINE_S

    @property
    def connected(self) -> bool:
        return self.request_url is not None or self._sockets.connected > 0

    @property
    def way(self) -> str:
        return "http" if self.request_url else "socket"

    async def close(self) -> None:
        """Leave what is still to be tried again to the next process."""
        self._workspace.listeners.remove(self._look)
        for task in tuple(self._retries):
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)

    async def send(self, kind: str, payload: Json, *, attempt: int = 0, reason: str | None = None) -> Outcome:
        """Deliver once and wait for the acknowledgement, 3 s at most. Takes no lock: the app may call meanwhile."""
        started = time.perf_counter()
        if self._faults.latency_s:
            await asyncio.sleep(self._faults.latency_s)
        outcome = await self._dropped() if self._faults.take_drop() else await self._try(kind, payload, attempt, reason)
        name = payload.get("command") or payload.get("event", {}).get("type") or payload.get("type") or kind
        self._journal.delivered(str(name), payload, outcome.error, (time.perf_counter() - started) * 1000)
        return outcome

    async def _dropped(self) -> Outcome:
        return Outcome(acked=False, error="operation_timeout", retry_reason="http_timeout")

    async def _try(self, kind: str, payload: Json, attempt: int, reason: str | None) -> Outcome:
        try:
            if self.request_url:
                headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason or ""} if attempt else {}
                body = await self._door.send(self.request_url, kind, payload, headers, self.ack_deadline_s)
            else:
                body = await self._sockets.send(_envelope(kind, payload, attempt, reason), self.ack_deadline_s)
        except TimeoutError:
            return Outcome(acked=False, error="operation_timeout", retry_reason="http_timeout")
        except RefusedByAppError as error:
            name = f"http_status_{error.status}"
            return Outcome(acked=False, error=name, retry_reason="http_error", may_retry=not error.no_retry)
        except (ConnectionLostError, aiohttp.ClientError):
            return Outcome(acked=False, error="dispatch_failed", retry_reason="connection_failed")
        except ValueError:
            return Outcome(acked=False, error="dispatch_failed", retry_reason="unknown_error")
        return Outcome(acked=True, body=body)

    async def verify(self) -> bool:
        """Ask the request URL to echo a challenge, as Slack does when somebody enters it; events wait for nobody."""
        if self.request_url is None:
            return False
        challenge = secrets.token_hex(16)
        token = self._workspace.app.verification_token
        payload = {"type": "url_verification", "token": token, "challenge": challenge}
        outcome = await self.send("events_api", payload)
        return outcome.acked and challenge in (outcome.body or {}).values()

    async def event(self, subscription: str, event: Json) -> Outcome | None:
        """Deliver an event the app subscribed to; tried again in the background when it is not acknowledged.

        Returns how the first try ended; None when the app does not listen to `subscription`.
        """
        if subscription not in self._workspace.app.events:
            return None
        payload = self._event_callback(event)
        with self._workspace.changed:
            self._workspace.archive.keep("undelivered", payload["event_id"], payload)
        outcome = await self.send("events_api", payload)
        if self._faults.take_duplicate():
            await self.send("events_api", payload, attempt=1, reason="http_timeout")
        if not outcome.acked and outcome.may_retry:
            self._behind(self._again(payload, outcome.retry_reason))
        else:
            self._settled(payload)
        return outcome

    def _behind(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._retries.add(task)
        task.add_done_callback(self._retries.discard)

    async def _again(self, payload: Json, reason: str | None) -> None:
        for attempt, delay_s in enumerate(self.retry_delays_s, start=1):
            await asyncio.sleep(delay_s)
            outcome = await self.send("events_api", payload, attempt=attempt, reason=reason)
            reason = outcome.retry_reason
            if outcome.acked or not outcome.may_retry:
                break
        self._settled(payload)

    def _settled(self, payload: Json) -> None:
        with self._workspace.changed:
            self._workspace.archive.drop("undelivered", payload["event_id"])

    async def resume(self) -> None:
        """Go on with the events a process before this one could not deliver, as soon as somebody is connected."""
        self._loop = asyncio.get_running_loop()
        self._workspace.listeners.append(self._look)
        self._look({"type": "delivery"})
        with self._workspace.changed:
            left = self._workspace.archive.all("undelivered")
        for payload in sorted(left.values(), key=lambda payload: str(payload["event"]["event_ts"])):
            self._behind(self._when_connected(payload))

    def _look(self, change: Json) -> None:
        if change["type"] == "delivery" and self.connected and self._loop is not None:
            self._loop.call_soon_threadsafe(self._arrived.set)

    async def _when_connected(self, payload: Json) -> None:
        await self._arrived.wait()
        await self._again(payload, "connection_failed")

    def _event_callback(self, event: Json) -> Json:
        return {
            "token": self._workspace.app.verification_token,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.new_id("Ev"),
            "event_time": self._workspace.now_s(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }


def _envelope(kind: str, payload: Json, attempt: int, reason: str | None) -> Json:
    envelope: Json = {"type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"}
    if kind == "events_api":
        envelope |= {"retry_attempt": attempt, "retry_reason": reason or ""}
    return envelope
