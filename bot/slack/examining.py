"""What the doctor asks of Slack: nothing that anybody sees, and nothing that lasts.

Proven: that Slack takes the token, which scopes it has, that Socket Mode takes the app-level token, that files may be
asked about, what the channels are, and that Slack finds no fault with our messages (without their pictures: a sample
has no file). Not proven: the signing secret, which only a request of Slack's shows, and that posting succeeds.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bot.domain.errors import ChatRefused
from bot.slack import gallery
from bot.slack.client import ASK_S, web_client
from bot.slack.errors import answered, told
from bot.slack.manifest import manifest
from bot.usecases.doctoring.ports import ChannelFacts, Introduction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from slack_sdk.web import SlackResponse

_NO_FILE = "F00000000"  # of the right form, and nobody's
_NOT_THERE = frozenset({"file_not_found", "file_deleted"})
_UNKNOWN = frozenset({"unknown_method", "method_not_supported_for_channel_type", "method_deprecated"})


class SlackCheckUp:
    """Implements `usecases.doctoring.ports.ChatCheckUp` over the Web API."""

    def __init__(self, bot_token: str, app_token: str, api_url: str) -> None:
        self._client = web_client(bot_token, api_url, ASK_S)
        self._app_token = app_token

    def introduce(self) -> Introduction:
        with told("auth.test"):
            answer = self._client.auth_test()
            team_id, user_id = (answered(answer, key, str) for key in ("team_id", "user_id"))
        scopes = _header(answer, "x-oauth-scopes")
        granted = None if scopes is None else frozenset(filter(None, (one.strip() for one in scopes.split(","))))
        return Introduction(team_id, user_id, granted, _moment(_header(answer, "date")))

    def connect(self) -> None:
        with told("apps.connections.open"):
            self._client.apps_connections_open(app_token=self._app_token)

    def channel(self, channel_id: str) -> ChannelFacts:
        with told("conversations.info"):
            facts = answered(self._client.conversations_info(channel=channel_id), "channel", dict)
        return ChannelFacts(facts.get("name", channel_id), bool(facts.get("is_member")), bool(facts.get("is_archived")))

    def read_files(self) -> None:
        try:
            with told("files.info"):
                self._client.files_info(file=_NO_FILE)
        except ChatRefused as refusal:
            if refusal.error not in _NOT_THERE:
                raise

    def refused_samples(self) -> Sequence[str] | None:
        refused = []
        for name, blocks in _samples().items():
            try:
                with told("blocks.validate"):
                    self._client.blocks_validate(blocks=blocks)
            except ChatRefused as refusal:
                if refusal.error in _UNKNOWN:
                    return None
                if not refusal.error.startswith("invalid_"):
                    raise
                refused.append(f"{name} ({refusal.error})")
        return refused


def wanted_scopes() -> tuple[frozenset[str], frozenset[str]]:
    """Return the scopes that the manifest needs and those it can do without."""
    scopes: Mapping[str, list[str]] = manifest()["oauth_config"]["scopes"]
    return frozenset(scopes["bot"]), frozenset(scopes.get("bot_optional", ()))


def _samples() -> dict[str, list[dict[str, Any]]]:
    """The first sample of each kind of message, by its name, without the pictures."""
    chosen = {}
    for shelf in gallery.SHELVES:
        name, view = next(iter(shelf.samples.items()))
        for call in shelf.calls(view):
            if "blocks" in call.args:
                blocks = [block for block in call.args["blocks"] if "slack_file" not in block]
                chosen[f"{shelf.kind}, {name}"] = blocks
    return chosen


def _header(answer: SlackResponse, wanted: str) -> str | None:
    headers: Mapping[str, Any] = answer.headers
    said = next((value for name, value in headers.items() if name.lower() == wanted), None)
    return ",".join(said) if isinstance(said, list) else said


def _moment(date: str | None) -> dt.datetime | None:
    """Read an HTTP date; None for one that is none."""
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
