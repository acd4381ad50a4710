"""What a method of the Web API is, and how it reads its arguments."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.blockkit import message_problems
from bot.sandbox.slack.socket_mode import SocketHub
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.slack.world import World

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
"""Calls per minute, workspace and app."""


@dataclass(frozen=True)
class Call:
    """One call: the world it acts on and its arguments."""

    world: World
    sockets: SocketHub
    args: Json

    def text(self, key: str, refusal: str = "invalid_arguments") -> str:
        """A text argument that must be there.

        Raises:
            ApiError: `refusal`, when it is missing.
        """
        value = self.args.get(key)
        if not isinstance(value, str) or not value:
            raise ApiError(
                refusal, problems=[f"missing required field: {key}"] if refusal == "invalid_arguments" else ()
            )
        return value

    def optional(self, key: str) -> str | None:
        value = self.args.get(key)
        return str(value) if isinstance(value, str | int | float) and value != "" else None

    def flag(self, key: str) -> bool:
        return str(self.args.get(key)).lower() in {"true", "1"}

    def nested(self, key: str, refusal: str = "invalid_arguments") -> Any:  # noqa: ANN401 - JSON of any shape
        """A JSON argument, given as JSON or as a text that holds JSON."""
        value = self.args.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except (ValueError, RecursionError) as error:
            raise ApiError(refusal) from error

    def channel(self, key: str = "channel") -> Channel:
        """The channel named in the call; a member's id means the direct conversation with them."""
        which = self.text(key, "channel_not_found")
        if which in self.world.workspace.people:
            return self.world.workspace.direct(which)
        return self.world.workspace.channel(which)

    def writable(self, key: str = "channel") -> Channel:
        """The channel, if the app may write there.

        Raises:
            ApiError: not_in_channel, is_archived.
        """
        channel = self.channel(key)
        if channel.archived:
            raise ApiError("is_archived")
        if not channel.has_bot:
            raise ApiError("not_in_channel")
        return channel

    def blocks(self) -> list[Json] | None:
        """The blocks of the call, judged; None when it has none.

        Raises:
            ApiError: invalid_blocks with every problem, invalid_blocks_format when they are no JSON.
        """
        blocks = self.nested("blocks", "invalid_blocks_format")
        if blocks is None:
            return None
        problems = message_problems(blocks, self.world.files.showable)
        if problems:
            raise ApiError("invalid_blocks", problems=problems)
        return list(blocks)


@dataclass(frozen=True)
class Method:
    """A method: what it does, the scope it needs, its calls per minute (None: not limited by the minute)."""

    run: Callable[[Call], Json]
    scope: str | None = None
    per_minute: int | None = TIER_4
    app_token: bool = False
