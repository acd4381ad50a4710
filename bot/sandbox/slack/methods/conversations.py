"""conversations.info, list, members, open, history, replies."""

import base64
import binascii
from collections.abc import Sequence

from bot.sandbox.slack.methods.method import TIER_2, TIER_3, Call, Method
from bot.sandbox.slack.people import BOT_USER_ID
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel

MOST_MESSAGES = 999
MOST_OTHERS = 1000
USUAL_PAGE = 100


def channel_form(channel: Channel) -> Json:
    """A conversation as Slack shows it."""
    if channel.direct_with:
        return {"id": channel.id, "is_im": True, "user": channel.direct_with, "is_archived": False, "created": 1}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_member": channel.has_bot,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "creator": "U0DANA00001",
        "created": 1,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _page(call: Call, items: Sequence[object], most: int) -> tuple[Sequence[object], str]:
    """One page of `items` and the cursor of the next; an empty cursor ends it."""
    try:
        limit = min(most, max(1, int(call.optional("limit") or USUAL_PAGE)))
        start = int(base64.b64decode(call.optional("cursor") or "MA==", validate=True))
    except (ValueError, binascii.Error) as error:
        raise ApiError("invalid_cursor" if call.optional("cursor") else "invalid_limit") from error
    end = start + limit
    return items[start:end], base64.b64encode(str(end).encode()).decode() if end < len(items) else ""


def _info(call: Call) -> Json:
    channel = call.channel()
    form = channel_form(channel)
    if not call.flag("include_num_members"):
        form.pop("num_members", None)
    return {"channel": form}


def _list(call: Call) -> Json:
    kinds = (call.optional("types") or "public_channel").split(",")
    wanted = [
        channel_form(channel)
        for channel in call.world.workspace.channels.values()
        if ("im" if channel.direct_with else "public_channel") in kinds
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = _page(call, wanted, MOST_OTHERS)
    return {"channels": list(page), "response_metadata": {"next_cursor": cursor}}


def _members(call: Call) -> Json:
    page, cursor = _page(call, sorted(call.channel().members), MOST_OTHERS)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def _open(call: Call) -> Json:
    users = (call.optional("users") or "").split(",")
    if users == [""]:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("not_enough_users")
    if users[0] == BOT_USER_ID:
        raise ApiError("cannot_dm_bot")
    channel = call.world.workspace.direct(users[0])
    return {"channel": channel_form(channel) if call.flag("return_im") else {"id": channel.id}}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    needed = "im:history" if channel.direct_with else "channels:history"
    if not call.world.workspace.app.may(needed):
        raise ApiError("missing_scope", needed=needed)
    return channel


def _shown(call: Call, messages: Sequence[object]) -> list[Json]:
    shown = [call.world.on_wire(message) for message in messages if isinstance(message, dict)]
    if not call.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return shown


def _within(call: Call, messages: list[Json]) -> list[Json]:
    """The messages between `oldest` and `latest`, the ends only with `inclusive`."""
    try:
        oldest, latest = float(call.optional("oldest") or 0), float(call.optional("latest") or "inf")
    except ValueError as error:
        raise ApiError("invalid_ts_oldest") from error
    if call.flag("inclusive"):
        return [message for message in messages if oldest <= float(message["ts"]) <= latest]
    return [message for message in messages if oldest < float(message["ts"]) < latest]


def _history(call: Call) -> Json:
    channel = _readable(call)
    newest_first = list(reversed(_within(call, call.world.messages.top_level(channel.id))))
    page, cursor = _page(call, newest_first, MOST_MESSAGES)
    answer: Json = {"messages": _shown(call, page), "has_more": bool(cursor), "pin_count": 0}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _replies(call: Call) -> Json:
    channel = _readable(call)
    parent = call.world.messages.find(channel.id, call.text("ts", "thread_not_found"))
    if parent is None:
        raise ApiError("thread_not_found")
    replies = _within(call, call.world.messages.replies(channel.id, parent["ts"]))
    page, cursor = _page(call, [parent, *replies], MOST_MESSAGES)
    answer: Json = {"messages": _shown(call, page), "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


METHODS = {
    "conversations.info": Method(_info, scope="channels:read", per_minute=TIER_3),
    "conversations.list": Method(_list, scope="channels:read", per_minute=TIER_2),
    "conversations.members": Method(_members, scope="channels:read"),
    "conversations.open": Method(_open, scope="im:write", per_minute=TIER_3),
    "conversations.history": Method(_history, per_minute=TIER_3),
    "conversations.replies": Method(_replies, per_minute=TIER_3),
}
