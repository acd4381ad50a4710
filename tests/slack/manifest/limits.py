"""Our own table of a manifest's limits (Slack, "App manifests"; lengths in characters, counts of list items)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# path -> the keys Slack knows there; anything else makes it refuse the whole manifest
KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.slash_commands[]": {"command", "description", "usage_hint", "url", "should_escape"},
    "features.shortcuts[]": {"name", "type", "callback_id", "description"},
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
NEEDED = {
    "": {"display_information"},
    "display_information": {"name"},
    "features.bot_user": {"display_name"},
    "features.slash_commands[]": {"command", "description"},
    "features.shortcuts[]": {"name", "type", "callback_id", "description"},
    "settings.interactivity": {"is_enabled"},
}
LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.slash_commands": (1, 50),
    "features.slash_commands[].command": (2, 32),
    "features.slash_commands[].description": (1, 2000),
    "features.slash_commands[].usage_hint": (1, 1000),
    "features.slash_commands[].url": (1, 3000),
    "features.shortcuts": (1, 10),
    "features.shortcuts[].name": (1, 24),
    "features.shortcuts[].callback_id": (1, 255),
    "features.shortcuts[].description": (1, 150),
    "oauth_config.scopes.bot": (1, 255),
    "oauth_config.scopes.bot_optional": (1, 255),
    "settings.event_subscriptions.bot_events": (1, 100),
}
FORMS = {
    "display_information.background_color": r"#[0-9a-f]{6}",
    "features.slash_commands[].command": r"/[a-z-]+",
    "features.slash_commands[].url": r"https?://[!-~]+",
    "features.shortcuts[].type": r"message|global",
    "oauth_config.redirect_urls[]": r"https://[!-~]+",
    "oauth_config.scopes.bot[]": r"[a-z_.:]{1,50}",
    "oauth_config.scopes.bot_optional[]": r"[a-z_.:]{1,50}",
    "settings.event_subscriptions.bot_events[]": r"[a-z_.]{1,50}",
    "settings.event_subscriptions.request_url": r"https?://[!-~]+",
    "settings.interactivity.request_url": r"https?://[!-~]+",
}
SWITCHES = re.compile(r".*(_enabled|_online|should_escape|is_enabled)")
ONCE = {
    "features.slash_commands": "command",
    "features.shortcuts": "callback_id",
    "oauth_config.scopes.bot": "",
    "oauth_config.scopes.bot_optional": "",
    "settings.event_subscriptions.bot_events": "",
}


def faults(shown: Mapping[str, Any]) -> list[str]:
    """List what Slack would refuse about a manifest."""
    scopes = shown.get("oauth_config", {}).get("scopes", {})
    twice = set(scopes.get("bot", ())) & set(scopes.get("bot_optional", ()))
    return [*_faults(shown, ""), *(f"{scope} is both needed and optional" for scope in sorted(twice))]


def _faults(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - whatever stands in a manifest
    if path in LENGTHS and not LENGTHS[path][0] <= len(value) <= LENGTHS[path][1]:
        yield f"{path} has a length of {len(value)}"
    if path in FORMS and not re.fullmatch(FORMS[path], value):
        yield f"{path} is {value}"
    if SWITCHES.fullmatch(path) and not isinstance(value, bool):
        yield f"{path} is neither true nor false"
    if isinstance(value, Mapping):
        yield from (f"{path} has an unknown key {key}" for key in sorted(set(value) - KEYS.get(path, set())))
        yield from (f"{path} lacks {key}" for key in sorted(NEEDED.get(path, set()) - set(value)))
        for key, inner in value.items():
            yield from _faults(inner, f"{path}.{key}".strip("."))
    elif isinstance(value, list):
        named = [one.get(ONCE[path], "") if isinstance(one, Mapping) else one for one in value if path in ONCE]
        yield from (f"{path} names {one} twice" for one in sorted({n for n in named if named.count(n) > 1}))
        for inner in value:
            yield from _faults(inner, f"{path}[]")
