"""Reading who did what and where out of Slack's payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.usecases.commanding import Line
from bot.usecases.deciding import Press

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Body = dict[str, Any]


def press_of(action: Body, body: Body) -> Press:
    """Read who pressed what and where; a second delivery of the same press gets the same key."""
    channel = (body.get("channel") or body.get("container") or {}).get("id") or body["container"].get("channel_id", "")
    user = body["user"]
    message = (body.get("container") or {}).get("message_ts", "")
    key = f"{action.get('action_ts', '')}:{user['id']}:{action['action_id']}:{channel}:{message}"
    team = (body.get("team") or {}).get("id") or user.get("team_id", "")
    return Press(key[:250], team, channel, user["id"], user.get("team_id", ""))


def asked_of(body: Body) -> Press:
    """Read who used a shortcut on which message; a second delivery of the same gets the same key."""
    user, channel = body["user"], body["channel"]["id"]
    key = f"{body.get('action_ts', '')}:{user['id']}:{body['callback_id']}:{channel}:{body['message']['ts']}"
    team = (body.get("team") or {}).get("id") or user.get("team_id", "")
    return Press(key[:250], team, channel, user["id"], user.get("team_id", ""))


def line_of(command: Body) -> Line:
    """Read a command line as somebody typed it."""
    where = (command["team_id"], command["channel_id"], command["user_id"])
    return Line(*where, command["command"], command.get("text", ""))


def values_of(view: Body) -> Mapping[str, str | Sequence[str]]:
    """Read what stands in the fields of a form, by block id: "" and [] for what was left empty."""
    blocks = view.get("state", {}).get("values", {})
    return {block: _value(next(iter(elements.values()))) for block, elements in blocks.items() if elements}


def _value(element: Body) -> str | Sequence[str]:
    chosen = element.get("selected_options")
    if chosen is not None:
        return [option["value"] for option in chosen]
    option = element.get("selected_option")
    if option is not None:
        return str(option["value"])
    for name in ("value", "selected_conversation", "selected_channel", "selected_user", "selected_time"):
        if element.get(name) is not None:
            return str(element[name])
    return [] if element["type"].startswith(("multi_", "checkboxes")) else ""
