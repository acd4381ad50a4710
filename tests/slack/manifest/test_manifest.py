"""The manifest against our own table of its limits, in both of its forms."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.errors import Refused
from bot.slack.manifest import ENDPOINT, manifest
from tests.slack.manifest.limits import faults

HOST = "https://bot.example"
PROJECT = Path(__file__).resolve().parents[3]

both = pytest.mark.parametrize("shown", [manifest(), manifest(HOST)], ids=["socket", "http"])


@both
def test_slack_would_take_it(shown: dict[str, Any]) -> None:
    assert faults(shown) == []


@both
def test_without_oauth_there_is_nowhere_to_come_back_to(shown: dict[str, Any]) -> None:
    assert "redirect_urls" not in shown["oauth_config"]


def everything() -> dict[str, Any]:
    """A manifest with all that the table knows."""
    shown = manifest(HOST)
    shown["features"]["shortcuts"] = [
        {"name": "Annotate these images", "type": "message", "callback_id": "annotate", "description": "Label them"}
    ]
    shown["features"]["app_home"]["home_tab_enabled"] = True
    shown["oauth_config"]["scopes"]["bot_optional"] = ["reactions:write"]
    shown["oauth_config"]["redirect_urls"] = [f"{HOST}/slack/oauth_redirect"]
    return shown


def test_what_comes_next_fits_as_well() -> None:
    assert faults(everything()) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("display_information.name", "n" * 36, "display_information.name has a length of 36"),
        ("display_information.colour", "red", "display_information has an unknown key colour"),
        ("display_information.background_color", "red", "display_information.background_color is red"),
        ("features.app_home.home_tab", True, "features.app_home has an unknown key home_tab"),
        ("features.app_home.home_tab_enabled", "yes", "features.app_home.home_tab_enabled is neither true nor false"),
        ("features.shortcuts.0.name", "n" * 25, "features.shortcuts[].name has a length of 25"),
        ("features.shortcuts.0.type", "channel", "features.shortcuts[].type is channel"),
        ("features.shortcuts.0.description", "d" * 151, "features.shortcuts[].description has a length of 151"),
        ("features.shortcuts.0.url", HOST, "features.shortcuts[] has an unknown key url"),
        ("features.shortcuts", [], "features.shortcuts has a length of 0"),
        ("features.slash_commands.0.command", "/A", "features.slash_commands[].command is /A"),
        ("features.slash_commands.1.command", "/annotate", "features.slash_commands names /annotate twice"),
        ("oauth_config.scopes.bot_optional", ["chat:write"], "chat:write is both needed and optional"),
        ("oauth_config.scopes.bot_optional", ["Chat"], "oauth_config.scopes.bot_optional[] is Chat"),
        ("oauth_config.scopes.user", ["chat:write"], "oauth_config.scopes has an unknown key user"),
        ("oauth_config.redirect_urls", ["http://bot.example"], "oauth_config.redirect_urls[] is http://bot.example"),
    ],
)
def test_the_table_sees_what_slack_would_refuse(path: str, value: object, fault: str) -> None:
    shown = copy.deepcopy(everything())
    at: Any = shown
    *way, last = path.split(".")
    for key in way:
        at = at[int(key) if key.isdecimal() else key]
    at[last] = value
    assert faults(shown) == [fault]


@pytest.mark.parametrize("missing", ["name", "type", "callback_id", "description"])
def test_a_shortcut_needs_all_of_its_keys(missing: str) -> None:
    shown = everything()
    del shown["features"]["shortcuts"][0][missing]
    assert faults(shown) == [f"features.shortcuts[] lacks {missing}"]


def test_every_event_has_the_scope_it_needs() -> None:
    needed = {
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "channel_archive": "channels:read",
        "channel_left": "channels:read",
        "channel_unarchive": "channels:read",
        "member_joined_channel": "channels:read",
        "group_archive": "groups:read",
        "group_left": "groups:read",
        "group_unarchive": "groups:read",
    }
    shown = manifest()
    scopes = shown["oauth_config"]["scopes"]["bot"]
    assert {needed[event] for event in shown["settings"]["event_subscriptions"]["bot_events"]} <= set(scopes)


def test_the_file_at_the_top_is_the_socket_mode_manifest() -> None:
    assert manifest() == yaml.safe_load((PROJECT / "manifest.yml").read_text("utf-8"))
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_for_http_everything_is_sent_to_one_address() -> None:
    shown, endpoint = manifest(f"{HOST}/"), HOST + ENDPOINT
    assert shown["settings"]["socket_mode_enabled"] is False
    assert shown["settings"]["event_subscriptions"]["request_url"] == endpoint
    assert shown["settings"]["interactivity"]["request_url"] == endpoint
    assert {c["url"] for c in shown["features"]["slash_commands"]} == {endpoint}


@pytest.mark.parametrize("address", ["https://bot.example:8443", f"{HOST}/team-one", "http://127.0.0.1:3000"])
def test_a_port_a_path_and_this_computer_are_taken(address: str) -> None:
    assert manifest(address)["settings"]["interactivity"]["request_url"] == address + ENDPOINT


def test_an_address_with_the_endpoint_is_taken_as_it_is() -> None:
    assert manifest(HOST + ENDPOINT) == manifest(HOST)


def test_deriving_one_manifest_leaves_the_other_alone() -> None:
    manifest(HOST)
    assert "url" not in manifest()["features"]["slash_commands"][0]


BAD = {
    "bot.example": "is no web address",
    "ftp://bot.example": "is no web address",
    "": "is no web address",
    "https://": "is no web address",
    "https:///slack": "is no web address",
    "https://bot example": "is no web address",
    "https://bot.example\nhttps://other.example": "is no web address",
    "https://b\u00f6t.example": "is no web address",
    "https://bot.example:http": "is no web address",
    "https://bot.example:70000": "is no web address",
    "https://bot.example:0": "is no web address",
    "https://[::1": "is no web address",
    "http://bot.example": "does not begin with https://",
    "https://somebody@bot.example": "holds more than a host and a path",
    "https://bot.example?team=1": "holds more than a host and a path",
    "https://bot.example/#here": "holds more than a host and a path",
    f"https://bot.example/{'x' * 2000}": "is longer than 2000 characters",
}


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_slack_would_not_call_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(Refused) as refused:
        manifest(address)
    said = str(refused.value)
    assert BAD[address] in said
    assert said.endswith("Write for example: --http https://your.host")
    assert "\n" not in said


def test_on_the_command_line_that_is_exit_status_2() -> None:
    command = [sys.executable, "-m", "bot", "manifest", "--http", "bot.example"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("annotate-bot: --http 'bot.example' is no web address")
