"""What becomes of the text people type after a command before the app gets it."""

import re

from bot.sandbox.slack.wire import ApiError
from bot.sandbox.slack.workspace import Workspace

_LINK = re.compile(r"(?<!\S)https?://[^\s<>]+")
_NAME = re.compile(r"(?<!\S)([@#])([\w.-]+)")


def command_text(workspace: Workspace, text: str, *, should_escape: bool) -> str:
    """The text of a command as the app receives it.

    ``&``, ``<`` and ``>`` arrive as entities (as in messages; remembered, not confirmed for commands). With
    `should_escape` also links and the names of members and channels are wrapped: ``#team`` becomes ``<#C…|team>``.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not should_escape:
        return escaped
    named = _NAME.sub(lambda found: _wrapped(workspace, found), escaped)
    return _LINK.sub(lambda found: f"<{found.group()}>", named)


def _wrapped(workspace: Workspace, found: re.Match[str]) -> str:
    sign, name = found.groups()
    try:
        known = workspace.channel(name).id if sign == "#" else workspace.member(name).id
    except ApiError:
        return found.group()
    return f"<{sign}{known}|{name}>"
