"""Slack: the token, its scopes, Socket Mode, the channels of the projects, and what Slack says of our messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import ChatError, ChatRefused
from bot.usecases.doctoring.finding import Finding, counted, fine, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.usecases.doctoring.ports import ChatCheckUp, Introduction, ProjectPlace

REINSTALL = (
    "Paste `annotate-bot manifest` over the app's manifest at https://api.slack.com/apps, reinstall the app to the "
    "workspace, and set SLACK_BOT_TOKEN to the bot token it shows."
)
NEW_APP_TOKEN = (
    "Make an app-level token with the scope connections:write (Basic Information, App-Level Tokens) and set "
    "SLACK_APP_TOKEN to it; see that Socket Mode is on."
)
TRY_LATER = (
    "See that this machine reaches SLACK_API_URL, by default https://slack.com (proxy, firewall), and try again."
)
AGAIN = "Reinstall the app to the workspace (OAuth & Permissions) and set SLACK_BOT_TOKEN to the bot token it shows."
_BY_WORD: Mapping[str, str] = {
    "invalid_auth": AGAIN,
    "token_revoked": AGAIN,
    "token_expired": AGAIN,
    "account_inactive": AGAIN,
    "not_allowed_token_type": "SLACK_BOT_TOKEN holds a token of another kind: set it to the bot token of OAuth & "
    "Permissions, not to the app-level one.",
    "missing_scope": REINSTALL,
    "channel_not_found": "If the channel was deleted, nothing needs to be done. If it is private, invite the bot "
    "(`/invite` with its name).",
}


def token(chat: ChatCheckUp) -> tuple[Finding, Introduction | None]:
    """Judge the bot token; without an introduction nothing else about Slack can be asked."""
    try:
        introduced = chat.introduce()
    except ChatError as error:
        return wrong("slack token", str(error), cure_of(error, otherwise=REINSTALL)), None
    return fine("slack token", f"accepted by workspace {introduced.team_id} as {introduced.user_id}"), introduced


def scopes(granted: frozenset[str] | None, needed: frozenset[str], optional: frozenset[str]) -> Finding:
    """Judge what was granted against the manifest."""
    if granted is None:
        return fine("slack scopes", "Slack does not say which scopes this token has")
    missing = sorted(needed - granted)
    if missing:
        return wrong("slack scopes", f"Not granted: {', '.join(missing)}", REINSTALL)
    beside = [f"without the optional {name}" for name in sorted(optional - granted)]
    beside += [f"not needed: {name}" for name in sorted(granted - needed - optional)]
    return fine("slack scopes", "; ".join([f"all {len(needed)} that are needed are granted", *beside]))


def calls(chat: ChatCheckUp, *, over_socket: bool) -> Iterator[Finding]:
    """Judge the calls that can be tried without anybody noticing."""
    if over_socket:
        yield _tried("slack socket", chat.connect, "Socket Mode accepts the app-level token", NEW_APP_TOKEN)
    yield _tried("slack files", chat.read_files, "files may be asked about", REINSTALL)
    yield _samples(chat)


def channels(chat: ChatCheckUp, team_id: str, places: Sequence[ProjectPlace]) -> Iterator[Finding]:
    """Judge the channel of each project; `team_id` is the workspace of the token."""
    if not places:
        yield fine("slack channels", "no channel is set up yet")
    for place in places:
        yield _channel(chat, place.channel_id) if place.team_id == team_id else _elsewhere(place)


def cure_of(error: ChatError, *, otherwise: str) -> str:
    """Say what to do about a failure of Slack's."""
    return _BY_WORD.get(error.error, otherwise) if isinstance(error, ChatRefused) else TRY_LATER


def _tried(name: str, call: Callable[[], None], said: str, cure: str) -> Finding:
    try:
        call()
    except ChatError as error:
        return wrong(name, str(error), cure if isinstance(error, ChatRefused) else TRY_LATER)
    return fine(name, said)


def _samples(chat: ChatCheckUp) -> Finding:
    try:
        refused = chat.refused_samples()
    except ChatError as error:
        return wrong("slack cards", str(error), cure_of(error, otherwise=REINSTALL))
    if refused is None:
        return fine("slack cards", "Slack validates no messages here")
    if not refused:
        return fine("slack cards", "Slack takes the messages it was shown")
    return wrong(
        "slack cards",
        f"Slack refuses {counted(len(refused), 'message')}: {'; '.join(refused)}",
        "Update annotate-bot; if it is up to date, report this line: it is a fault of the bot's.",
    )


def _channel(chat: ChatCheckUp, channel_id: str) -> Finding:
    try:
        facts = chat.channel(channel_id)
    except ChatError as error:
        return wrong("slack channels", f"{channel_id}: {error}", cure_of(error, otherwise=REINSTALL))
    if facts.is_archived:
        return wrong(
            "slack channels",
            f"#{facts.name} is archived.",
            "Unarchive it, or leave it: nothing is posted there, and decisions made so far are kept and written.",
        )
    if not facts.is_member:
        return wrong(
            "slack channels",
            f"The bot is not in #{facts.name} any more.",
            f"Type /invite in #{facts.name} and choose the bot; what waits is posted then.",
        )
    return fine("slack channels", f"the bot is in #{facts.name}")


def _elsewhere(place: ProjectPlace) -> Finding:
    return wrong(
        "slack channels",
        f"{place.channel_id} belongs to workspace {place.team_id}, and the token to another one.",
        f"Set SLACK_BOT_TOKEN to the bot token of workspace {place.team_id}, or give this one a database of its own.",
    )
