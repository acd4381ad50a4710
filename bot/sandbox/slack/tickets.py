"""What is handed out for a short while: trigger ids and response addresses."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Workspace

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_POSTS = 5


@dataclass
class Trigger:
    """The right to open one modal for `user_id`; `view_id` and `channel_id` are where it came from, if anywhere."""

    user_id: str
    made: datetime
    view_id: str | None
    channel_id: str | None
    used: bool = False


@dataclass
class ResponseAddress:
    """Where an app may answer a command or a click. `message_ts` is the clicked message, None for a command."""

    channel_id: str
    user_id: str
    made: datetime
    message_ts: str | None = None
    is_note: bool = False
    thread_ts: str | None = None
    posts: int = 0


class Tickets:
    """Trigger ids (one use, 3 s) and response addresses (5 posts, 30 min)."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._triggers: dict[str, Trigger] = {}
        self._addresses: dict[str, ResponseAddress] = {}

    def trigger(self, user_id: str, view_id: str | None = None, channel_id: str | None = None) -> str:
        now = self._workspace.clock()
        self._triggers = {key: old for key, old in self._triggers.items() if now - old.made < RESPONSE_LIFE}
        key = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[key] = Trigger(user_id, now, view_id, channel_id)
        return key

    def redeem(self, key: str) -> Trigger:
        """Use a trigger id up.

        Raises:
            ApiError: invalid_trigger_id, exchanged_trigger_id (used before), expired_trigger_id (older than 3 s).
        """
        trigger = self._triggers.get(key)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self._workspace.clock() - trigger.made > TRIGGER_LIFE:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def address(self, kind: str, **place: str | bool | None) -> str:
        """The address for an answer; `place` are the fields of `ResponseAddress`."""
        key = secrets.token_urlsafe(24)
        self._addresses[key] = ResponseAddress(made=self._workspace.clock(), **place)  # type: ignore[arg-type]
        return f"{self._workspace.base_url}/{kind}/{key}"

    def answering(self, key: str) -> ResponseAddress:
        """Count one post to an address.

        Raises:
            ApiError: expired_url (unknown or older than 30 min), used_url (after five posts).
        """
        address = self._addresses.get(key)
        if address is None or self._workspace.clock() - address.made > RESPONSE_LIFE:
            raise ApiError("expired_url")
        if address.posts >= RESPONSE_POSTS:
            raise ApiError("used_url")
        address.posts += 1
        return address


def masked(document: Json) -> Json:
    """A copy for logs, without the keys that give rights."""
    secret = {"token", "trigger_id", "response_url"}
    return {key: "…" if key in secret else value for key, value in document.items()}
