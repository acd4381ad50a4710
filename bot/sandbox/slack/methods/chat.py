"""chat.postMessage, update, postEphemeral, delete, getPermalink; reactions.add."""

from bot.sandbox.slack.methods.method import TIER_3, Call, Method
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.slack.world import with_block_ids

LONGEST_TEXT = 40_000


def _content(call: Call) -> Json:
    text = call.optional("text") or ""
    blocks = call.blocks()
    attachments = call.nested("attachments", "invalid_attachments")
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    content: Json = {"text": text[:LONGEST_TEXT]}
    if blocks:
        content["blocks"] = blocks
    if attachments:
        content["attachments"] = attachments
    return content


def _metadata(call: Call) -> Json | None:
    metadata = call.nested("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    fits = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not fits or not isinstance(metadata.get("event_type"), str):
        raise ApiError("invalid_metadata_format")
    return dict(metadata)


def _post_message(call: Call) -> Json:
    channel = call.writable()
    content = _content(call)
    metadata = _metadata(call)
    if metadata is not None:
        content["metadata"] = metadata
    if thread_ts := call.optional("thread_ts"):
        content["thread_ts"] = thread_ts
        if call.flag("reply_broadcast"):
            content["subtype"] = "thread_broadcast"
    message = call.world.messages.post(channel.id, call.world.by_bot(content))
    return {"channel": channel.id, "ts": message["ts"], "message": call.world.on_wire(message)}


def _own_message(call: Call, channel: Channel, refusal: str) -> Json:
    message = call.world.messages.get(channel.id, call.text("ts", "message_not_found"))
    if message.get("bot_id") != BOT_ID:
        raise ApiError(refusal)
    return message


def _update(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    message = _own_message(call, channel, "cant_update_message")
    changes: Json = {}
    blocks = call.blocks()
    if blocks is not None:
        changes["blocks"] = with_block_ids(blocks) if blocks else None
    text = call.optional("text")
    if text is not None:
        changes["text"] = text[:LONGEST_TEXT]
    elif blocks is None and not call.args.get("attachments"):
        raise ApiError("no_text")
    metadata = _metadata(call)
    if metadata is not None:
        changes["metadata"] = metadata
    changes["edited"] = {"user": BOT_USER_ID, "ts": f"{call.world.workspace.now_s()}.000000"}
    call.world.messages.change(channel.id, message["ts"], changes)
    return {
        "channel": channel.id,
        "ts": message["ts"],
        "text": message["text"],
        "message": call.world.on_wire(message),
    }


def _post_ephemeral(call: Call) -> Json:
    channel = call.writable()
    user_id = call.text("user", "user_not_found")
    if user_id not in call.world.workspace.people:
        raise ApiError("user_not_found")
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(call)
    if thread_ts := call.optional("thread_ts"):
        content["thread_ts"] = thread_ts
    note = call.world.messages.add_note(channel.id, user_id, call.world.by_bot(content))
    return {"message_ts": note["ts"]}


def _delete(call: Call) -> Json:
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    call.world.messages.delete(channel.id, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


def _permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.world.messages.get(channel.id, call.text("message_ts", "message_not_found"))
    return {"channel": channel.id, "permalink": permalink(call.world.workspace.base_url, channel.id, message)}


def permalink(base_url: str, channel_id: str, message: Json) -> str:
    """The address of a message, as Slack writes it."""
    link = f"{base_url}/archives/{channel_id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts")
    return link if thread in {None, message["ts"]} else f"{link}?thread_ts={thread}&cid={channel_id}"


def _react(call: Call) -> Json:
    channel = call.writable()
    message = call.world.messages.get(channel.id, call.text("timestamp", "message_not_found"))
    name = call.text("name", "invalid_name")
    reactions = message.setdefault("reactions", [])
    if any(reaction["name"] == name and BOT_USER_ID in reaction["users"] for reaction in reactions):
        raise ApiError("already_reacted")
    changed = [*reactions, {"name": name, "users": [BOT_USER_ID], "count": 1}]
    call.world.messages.change(channel.id, message["ts"], {"reactions": changed})
    return {}


METHODS = {
    "chat.postMessage": Method(_post_message, scope="chat:write", per_minute=None),
    "chat.update": Method(_update, scope="chat:write", per_minute=TIER_3),
    "chat.postEphemeral": Method(_post_ephemeral, scope="chat:write"),
    "chat.delete": Method(_delete, scope="chat:write", per_minute=TIER_3),
    "chat.getPermalink": Method(_permalink, per_minute=None),
    "reactions.add": Method(_react, scope="reactions:write", per_minute=TIER_3),
}
