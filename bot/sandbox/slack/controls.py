"""What a person at the page may do to the world around the app: make Slack fail, move the clock, stop a part."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.page_speech import RefusedError
from bot.sandbox.slack.socket_mode import SocketHub
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace

MOST_TIMES = 1000
LONGEST_LATENCY_MS = 10_000
FURTHEST = timedelta(days=31)
LONGEST_STOP_S = 600
MORNING = time(9, 5)
"""A little after nine, when most apps that write every day have written."""


class Switch(Protocol):
    """Stops a part of the bot, or lets it come back; returns when it has."""

    def __call__(self, part: str, *, on: bool) -> None: ...


@dataclass(frozen=True)
class BotControls:
    """The two callbacks of whoever runs the bot, and what each part of it that can be stopped does, in words."""

    advance: Callable[[timedelta], None]
    switch: Switch
    parts: Mapping[str, str]


@dataclass
class Controls:
    """Everything the page's panel shows and moves; lives in the server's loop."""

    workspace: Workspace
    faults: Faults
    pace: Pace
    sockets: SocketHub
    delivery: Delivery
    bot: BotControls | None
    stopped: set[str] = field(default_factory=set)
    _returns: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def shown(self) -> Json:
        """The state of the panel."""
        parts = self.bot.parts if self.bot else {}
        return {
            "now": self.workspace.clock().isoformat(),
            "clock": self.bot is not None,
            "parts": [{"name": n, "about": a, "runs": n not in self.stopped} for n, a in parts.items()],
            "outage": self.faults.outage,
            "latency_ms": round(self.faults.latency_s * 1000),
            "rate_limits": self.pace.on,
            "left": self.faults.left,
            "delivery": self.delivery.way,
            "connections": self.sockets.connected,
        }

    async def fault(self, wish: Json) -> None:
        """Set one switch: ``kind`` says which, the other keys how."""
        kind, times = wish.get("kind"), _whole(wish, "times", 1, MOST_TIMES)
        if kind in {"refresh", "warning"}:
            await self.sockets.refresh("warning" if kind == "warning" else "refresh_requested")
        elif kind == "close":
            await self.sockets.close()
        elif kind in {"limit", "fail"}:
            self._plant(kind, str(wish.get("method") or "*"), times)
        elif kind in {"duplicate", "drop"}:
            (self.faults.duplicate_deliveries if kind == "duplicate" else self.faults.drop_deliveries)(times)
        else:
            self._turn(kind, wish)
        self.workspace.announce({"type": "controls"})

    def _plant(self, kind: str, method: str, times: int) -> None:
        if kind == "limit":
            self.faults.limit(method, retry_after_s=1, times=times)
        else:
            self.faults.fail(method, "internal_error", times)

    def _turn(self, kind: object, wish: Json) -> None:
        """The switches that stay as they are set."""
        if kind == "outage":
            self.faults.outage = wish.get("on") is True
        elif kind == "latency":
            self.faults.latency_s = _whole(wish, "ms", 0, LONGEST_LATENCY_MS) / 1000
        elif kind == "rate_limits":
            self.pace.on = wish.get("on") is True
        elif kind == "clear":
            self.faults.clear()
        else:
            raise RefusedError(f"There is no such fault: {kind}.")

    async def advance(self, wish: Json) -> None:
        """Move the bot's clock forward by ``minutes``, or to the next morning of the member ``morning_of``."""
        if member := wish.get("morning_of"):
            by = until_morning(self.workspace.clock(), ZoneInfo(self.workspace.member(str(member)).tz))
        else:
            by = timedelta(minutes=_whole(wish, "minutes", 1, int(FURTHEST / timedelta(minutes=1))))
        await asyncio.get_running_loop().run_in_executor(None, self._bot().advance, by)
        self.workspace.announce({"type": "controls"})

    async def switch(self, wish: Json) -> None:
        """Stop a part (``on`` false), for ``for_s`` seconds or until it is switched on; or let it come back."""
        part, for_s = str(wish.get("part")), _whole(wish, "for_s", 0, LONGEST_STOP_S)
        if part not in self._bot().parts:
            raise RefusedError(f"There is no such part: {part}.")
        waiting = self._returns.pop(part, None)
        if waiting is not None:
            waiting.cancel()
        await self._switch(part, on=wish.get("on") is True)
        if part in self.stopped and for_s:
            self._returns[part] = asyncio.create_task(self._come_back(part, for_s))

    async def _come_back(self, part: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self._switch(part, on=True)

    async def _switch(self, part: str, *, on: bool) -> None:
        bot = self._bot()
        self.stopped = self.stopped - {part} if on else self.stopped | {part}
        await asyncio.get_running_loop().run_in_executor(None, lambda: bot.switch(part, on=on))
        self.workspace.announce({"type": "controls"})

    def _bot(self) -> BotControls:
        if self.bot is None:
            raise RefusedError("The bot does not run beside this page, so it cannot be moved from here.")
        return self.bot

    async def close(self) -> None:
        """Nothing comes back by itself any more."""
        waiting = list(self._returns.values())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def until_morning(now: datetime, zone: ZoneInfo) -> timedelta:
    """How long it is until the next `MORNING` in `zone`; a whole day may have 23 or 25 hours."""
    today = now.astimezone(zone).date()
    mornings = (datetime.combine(today + timedelta(days=days), MORNING, zone).astimezone(UTC) for days in (0, 1))
    return next(morning - now for morning in mornings if morning > now)


def _whole(wish: Json, key: str, least: int, most: int) -> int:
    value = wish.get(key, least)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RefusedError(f"{key} must be a whole number from {least} to {most}.")
    return value
