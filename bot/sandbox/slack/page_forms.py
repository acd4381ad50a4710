"""What the local page is told, as JSON."""

from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID, FULL_MEMBERS, GROUPS, TEAM_ID, TEAM_NAME, Member
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.slack.world import World

_FILE_KEYS = ("id", "name", "mimetype", "size", "mode", "original_w", "original_h")


def message_form(world: World, message: Json) -> Json:
    """A message as the page draws it."""
    is_bot = message.get("bot_id") == BOT_ID
    member = world.workspace.people.get(message["user"])
    name = world.workspace.app.name if is_bot else (member.name if member else "Slackbot")
    return {
        "ts": message["ts"],
        "user": message["user"],
        "name": name,
        "is_bot": is_bot or member is None,
        "text": message.get("text", ""),
        "blocks": message.get("blocks", []),
        "thread_ts": message.get("thread_ts"),
        "files": [_file_form(world, file["id"]) for file in message.get("files", [])],
        "edited": message.get("edited"),
        "reactions": message.get("reactions", []),
        "attachments": message.get("attachments", []),
    }


def _file_form(world: World, file_id: str) -> Json:
    file = world.file_on_wire(file_id)
    known = {key: file[key] for key in _FILE_KEYS if key in file}
    return {"name": "This file was deleted", "mimetype": "", "size": 0, "drawable": "thumb_1024" in file} | known


def top_level_form(world: World, channel: Channel, message: Json) -> Json:
    replies = world.messages.replies(channel.id, message["ts"])
    form = message_form(world, message)
    return {**form, "reply_count": len(replies), "replies": [message_form(world, reply) for reply in replies]}


def conversation_form(world: World, member: Member, channel: Channel) -> Json:
    """A channel's messages and the member's notes in it."""
    messages = world.messages.top_level(channel.id)
    notes = [n for n in world.messages.notes if n["to"] == member.id and n["channel"] == channel.id]
    return {
        "messages": [top_level_form(world, channel, message) for message in messages],
        "ephemerals": [message_form(world, note) for note in notes],
    }


def mark_read(world: World, member: Member, channel: Channel) -> None:
    messages = world.messages.top_level(channel.id)
    if messages and channel.read.get(member.id) != messages[-1]["ts"]:
        channel.read[member.id] = messages[-1]["ts"]
        world.workspace.keep_channel(channel)


def _channel_form(world: World, member: Member, channel: Channel) -> Json:
    last = channel.read.get(member.id, "")
    others = [m for m in world.messages.top_level(channel.id) if m["ts"] > last and m["user"] != member.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "bot_is_member": channel.has_bot,
        "is_im": channel.direct_with is not None,
        "is_archived": channel.archived,
        "unread": len(others),
    }


def state_form(world: World, member: Member) -> Json:
    """What the page needs before it can draw anything."""
    app = world.workspace.app
    visible = [c for c in world.workspace.channels.values() if c.direct_with in {None, member.id}]
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "me": member.page_form(),
        "members": [other.page_form() for other in FULL_MEMBERS],
        "groups": [{"id": group.id, "handle": group.handle} for group in GROUPS],
        "channels": [_channel_form(world, member, channel) for channel in visible],
        "commands": [
            {"command": c["command"], "description": c.get("description", ""), "usage_hint": c.get("usage_hint", "")}
            for c in app.commands
        ],
        "shortcuts": [dict(shortcut) for shortcut in app.shortcuts],
        "bot": {"id": BOT_USER_ID, "name": app.name, "home_tab": app.home_tab},
    }


def change_form(world: World, change: Json) -> Json | None:
    """An announced change with everything the page needs to draw it; None when it is gone again."""
    kind = change["type"]
    if kind in {"message", "changed"}:
        message = world.messages.find(change["channel"], change["ts"])
        return None if message is None else {**change, "message": message_form(world, message)}
    if kind == "ephemeral":
        note = world.messages.note(change["user"], change["ts"])
        return None if note is None else {**change, "message": message_form(world, note)}
    return change
