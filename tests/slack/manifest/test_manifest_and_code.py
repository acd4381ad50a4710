"""Every command, shortcut and event that is handled in code is declared in the manifest, and the reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.slack.listening import Desk, make_app
from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_mock import MockerFixture

KINDS = ("command", "event", "shortcut", "global_shortcut", "message_shortcut", "options")
SCOPE_OF = {  # of what `SlackChat`, its file desk and `doctor` call; Slack, "Web API methods"
    "chat.postMessage": "chat:write",
    "files.info": "files:read",
    "files.completeUploadExternal": "files:write",
    "conversations.history": "channels:history",
    "conversations.info": "channels:read",
    "users.info": "users:read",
    "conversations.open": "im:write",
}


@pytest.fixture
def handled(mocker: MockerFixture) -> Mapping[str, set[str]]:
    """What the Bolt app was told to listen for, by kind."""
    spies = {kind: mocker.spy(App, kind) for kind in KINDS}
    make_app(WebClient("xoxb-of-nobody"), "a secret", mocker.create_autospec(Desk, instance=True))
    return {kind: {str(call.args[1]) for call in spy.call_args_list} for kind, spy in spies.items()}


def test_every_command_is_declared_and_handled(handled: Mapping[str, set[str]]) -> None:
    declared = {c["command"] for c in manifest()["features"]["slash_commands"]}
    assert declared == handled["command"]


def test_every_event_is_subscribed_and_handled(handled: Mapping[str, set[str]]) -> None:
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    # one listener for "message" serves message.channels, message.groups, ...
    assert {event.partition(".")[0] for event in subscribed} == handled["event"]


def test_every_shortcut_is_declared_and_handled(handled: Mapping[str, set[str]]) -> None:
    declared = {s["callback_id"] for s in manifest()["features"].get("shortcuts", ())}
    assert declared == handled["shortcut"] | handled["global_shortcut"] | handled["message_shortcut"]


def test_buttons_are_answered_so_interactivity_is_on() -> None:
    assert manifest()["settings"]["interactivity"]["is_enabled"] is True


def test_every_call_has_its_scope_and_no_scope_is_idle() -> None:
    scopes: set[str] = set(manifest()["oauth_config"]["scopes"]["bot"])
    assert set(SCOPE_OF.values()) <= scopes
    beside = {"commands", "groups:history", "groups:read", "metadata.message:read"}  # no method of their own
    assert scopes - set(SCOPE_OF.values()) == beside
