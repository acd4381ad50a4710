"""The app as it is installed in the workspace: its manifest, its tokens, what it may do."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.archive import Archive
from bot.sandbox.slack.people import APP_ID, BOT_ID, BOT_USER_ID
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class InstalledApp:
    """One app in one workspace; `scopes` is None when the manifest names none, and then nothing is withheld."""

    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    name: str
    scopes: frozenset[str] | None
    events: frozenset[str]
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    home_tab: bool

    def may(self, scope: str | None) -> bool:
        return scope is None or self.scopes is None or scope in self.scopes

    def command(self, name: str) -> Json | None:
        return next((command for command in self.commands if command["command"] == name), None)

    def shortcut(self, callback_id: str) -> Json | None:
        return next((shortcut for shortcut in self.shortcuts if shortcut["callback_id"] == callback_id), None)

    def profile(self) -> Json:
        """The `bot_profile` of messages the app posts."""
        return {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER_ID, "name": self.name, "deleted": False}


def install(manifest: Mapping[str, Any], archive: Archive) -> InstalledApp:
    """Install the app, with the tokens it had before when `archive` remembers them."""
    features = manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes")
    granted = None if scopes is None else frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])])
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    return InstalledApp(
        **_tokens(archive),
        name=features.get("bot_user", {}).get("display_name", "annotate"),
        scopes=granted,
        events=frozenset(events),
        commands=tuple(features.get("slash_commands", [])),
        shortcuts=tuple(features.get("shortcuts", [])),
        home_tab=bool(features.get("app_home", {}).get("home_tab_enabled", False)),
    )


def _tokens(archive: Archive) -> dict[str, str]:
    known = archive.all("identity").get("tokens")
    if known is None:
        known = {
            "bot_token": f"xoxb-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}",
            "app_token": f"xapp-1-{APP_ID}-{secrets.token_hex(16)}",
            "signing_secret": secrets.token_hex(16),
            "verification_token": secrets.token_hex(12),
        }
        archive.keep("identity", "tokens", known)
    return known
