"""The manifest against our own table of its limits (Slack, "App manifests"; lengths in characters)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.slack.manifest import ENDPOINT, manifest

HOST = "https://bot.example"

# path -> the keys Slack knows there; anything else makes it refuse the whole manifest
KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "oauth_config": {"scopes", "redirect_urls"},
    "oauth_config.scopes": {"bot", "bot_optional"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"bot_events", "request_url"},
    "settings.interactivity": {"is_enabled", "request_url"},
}
LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.slash_commands": (1, 50),
    "oauth_config.scopes.bot": (1, 255),
    "settings.event_subscriptions.bot_events": (1, 100),
}
COMMAND = {"command": (2, 32), "description": (1, 2000), "usage_hint": (1, 1000), "url": (1, 3000)}
SHORTCUT = {"name": 24, "callback_id": 255, "description": 150}

both = pytest.mark.parametrize("shown", [manifest(), manifest(HOST)], ids=["socket", "http"])


def at(shown: dict[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever stands there
    for key in filter(None, path.split(".")):
        shown = shown[key]
    return shown


@both
def test_it_holds_no_key_that_slack_does_not_know(shown: dict[str, Any]) -> None:
    for path, known in KEYS.items():
        assert set(at(shown, path)) <= known, path


@both
def test_every_length_is_within_its_limits(shown: dict[str, Any]) -> None:
    for path, (least, most) in LENGTHS.items():
        assert least <= len(at(shown, path)) <= most, path


@both
def test_every_command_is_within_its_limits(shown: dict[str, Any]) -> None:
    for command in shown["features"]["slash_commands"]:
        assert set(command) <= {*COMMAND, "should_escape"}
        assert {"command", "description"} <= set(command)
        assert re.fullmatch(r"/[a-z-]+", command["command"])
        for key, (least, most) in COMMAND.items():
            assert least <= len(command.get(key, "-")) <= most, key


@both
def test_every_shortcut_is_within_its_limits(shown: dict[str, Any]) -> None:
    shortcuts = shown["features"]["shortcuts"]
    assert 1 <= len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert set(shortcut) == {*SHORTCUT, "type"}
        assert shortcut["type"] in {"message", "global"}
        for key, most in SHORTCUT.items():
            assert 1 <= len(shortcut[key]) <= most, key


@both
def test_scopes_and_events_are_words_and_stand_once(shown: dict[str, Any]) -> None:
    for listed in (shown["oauth_config"]["scopes"]["bot"], shown["settings"]["event_subscriptions"]["bot_events"]):
        assert len(set(listed)) == len(listed)
        assert all(re.fullmatch(r"[a-z_.:]{1,50}", word) for word in listed)


@both
def test_the_colour_is_one(shown: dict[str, Any]) -> None:
    assert re.fullmatch("#[0-9a-f]{6}", shown["display_information"]["background_color"])


def test_every_event_has_the_scope_it_needs() -> None:
    needed = {
        "app_mention": "app_mentions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
    }
    shown = manifest()
    scopes = shown["oauth_config"]["scopes"]["bot"]
    assert {needed[event] for event in shown["settings"]["event_subscriptions"]["bot_events"]} <= set(scopes)


def test_the_file_at_the_top_is_the_socket_mode_manifest() -> None:
    top = Path(__file__).resolve().parents[3] / "manifest.yml"
    assert manifest() == yaml.safe_load(top.read_text("utf-8"))
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_for_http_everything_is_sent_to_one_address() -> None:
    shown, endpoint = manifest(f"{HOST}/"), HOST + ENDPOINT
    assert shown["settings"]["socket_mode_enabled"] is False
    assert shown["settings"]["event_subscriptions"]["request_url"] == endpoint
    assert shown["settings"]["interactivity"]["request_url"] == endpoint
    assert {c["url"] for c in shown["features"]["slash_commands"]} == {endpoint}


def test_an_address_with_the_endpoint_is_taken_as_it_is() -> None:
    assert manifest(HOST + ENDPOINT) == manifest(HOST)


def test_deriving_one_manifest_leaves_the_other_alone() -> None:
    manifest(HOST)
    assert "url" not in manifest()["features"]["slash_commands"][0]


@pytest.mark.parametrize("address", ["bot.example", "ftp://bot.example", ""])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        manifest(address)
