"""The Slack app as its manifest declares it: for Socket Mode as `manifest.yml` stands, for HTTP derived from it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

ENDPOINT = "/slack/events"  # events, commands and interactivity alike
_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "manifest.yml"


def manifest(http: str | None = None) -> dict[str, Any]:
    """Return the manifest; with `http` ("https://your.host") the one of an app that Slack calls there.

    Raises:
        ValueError: `http` is no web address.
    """
    loaded: dict[str, Any] = yaml.safe_load(_text())
    return loaded if http is None else _over_http(loaded, _endpoint(http))


def _text() -> str:
    """Read the file: packed beside this module in a wheel, at the top of a checkout."""
    packed = resources.files("bot.slack") / "manifest.yml"
    return packed.read_text("utf-8") if packed.is_file() else _IN_CHECKOUT.read_text("utf-8")


def _endpoint(http: str) -> str:
    if not http.startswith(("https://", "http://")):
        raise ValueError(f"{http} is no web address. Write for example: https://your.host")
    base = http.rstrip("/")
    return base if base.endswith(ENDPOINT) else base + ENDPOINT


def _over_http(loaded: dict[str, Any], endpoint: str) -> dict[str, Any]:
    for command in loaded["features"]["slash_commands"]:
        command["url"] = endpoint
    settings = loaded["settings"]
    settings["event_subscriptions"]["request_url"] = endpoint
    settings["interactivity"]["request_url"] = endpoint
    settings["socket_mode_enabled"] = False
    return loaded
