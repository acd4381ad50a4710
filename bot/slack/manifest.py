"""The Slack app as its manifest declares it: for Socket Mode as `manifest.yml` stands, for HTTP derived from it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.domain.errors import Refused

ENDPOINT = "/slack/events"  # events, commands and interactivity alike
LONGEST_ADDRESS = 2000  # characters; ours, a third below what a command's url may have
_ADDRESS = re.compile(r"https?://[!-~]+")  # ASCII without blanks; other host names are written in punycode
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # a stand-in of Slack on this computer calls these
_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "manifest.yml"


def manifest(http: str | None = None) -> dict[str, Any]:
    """Return the manifest; with `http` ("https://your.host") the one of an app that Slack calls there.

    Raises:
        Refused: Slack would not call `http`; the message says why.
    """
    loaded: dict[str, Any] = yaml.safe_load(_text())
    return loaded if http is None else _over_http(loaded, _endpoint(http))


def _text() -> str:
    """Read the file: packed beside this module in a wheel, at the top of a checkout."""
    packed = resources.files("bot.slack") / "manifest.yml"
    return packed.read_text("utf-8") if packed.is_file() else _IN_CHECKOUT.read_text("utf-8")


def _endpoint(http: str) -> str:
    problem = _problem(http)
    if problem:
        raise Refused(f"--http {http!r} {problem}. Write for example: --http https://your.host")
    base = http.rstrip("/")
    return base if base.endswith(ENDPOINT) else base + ENDPOINT


def _problem(http: str) -> str:
    """Say what is wrong with a web address; empty for one that Slack can call."""
    try:
        parts = urlsplit(http)
        port = parts.port
    except ValueError:
        return "is no web address"
    if not _ADDRESS.fullmatch(http) or not parts.hostname or port == 0:
        return "is no web address"
    if parts.scheme != "https" and parts.hostname not in _HERE:
        return "does not begin with https://, and Slack calls nothing else"
    if {"@", "?", "#"} & set(http):
        return "holds more than a host and a path"
    return f"is longer than {LONGEST_ADDRESS} characters" if len(http) > LONGEST_ADDRESS else ""


def _over_http(loaded: dict[str, Any], endpoint: str) -> dict[str, Any]:
    for command in loaded["features"]["slash_commands"]:
        command["url"] = endpoint
    settings = loaded["settings"]
    settings["event_subscriptions"]["request_url"] = endpoint
    settings["interactivity"]["request_url"] = endpoint
    settings["socket_mode_enabled"] = False
    return loaded
