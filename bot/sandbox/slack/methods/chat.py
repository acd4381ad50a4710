"""chat.postMessage, update, postEphemeral, delete, getPermalink; reactions.add, remove."""

from bot.sandbox.slack.blockkit import message_problems
from bot.sandbox.slack.methods.method import TIER_2, TIER_3, Call, Method
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID
from bot.sandbox.slack.reactions import toggled
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel
from bot.sandbox.slack.world import with_block_ids

LONGEST_TEXT = 40_000
MOST_ATTACHMENTS = 100


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
        content["attachments"] = _judged_attachments(call, attachments)
    return content


def _judged_attachments(call: Call, attachments: object) -> list[Json]:
    """Attachments whose blocks Slack would take.

    Raises:
        ApiError: invalid_attachments, too_many_attachments, invalid_blocks.
    """
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    for place, one in enumerate(attachments):
        problems = message_problems(one.get("blocks", []), call.world.files.showable)
        if problems:
            where = f"[json-pointer:/attachments/{place}"
            raise ApiError("invalid_blocks", problems=[said.replace("[json-pointer:", where) for said in problems])
    return attachments


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
    return _set_reaction(call, wanted=True, refusal="already_reacted")


def _unreact(call: Call) -> Json:
    return _set_reaction(call, wanted=False, refusal="no_reaction")


def _set_reaction(call: Call, *, wanted: bool, refusal: str) -> Json:
    channel = call.writable()
    message = call.world.messages.get(channel.id, call.text("timestamp", "message_not_found"))
    name = call.text("name", "invalid_name")
    reactions, added = toggled(message.get("reactions", []), name, BOT_USER_ID)
    if added != wanted:
        raise ApiError(refusal)
    call.world.messages.change(channel.id, message["ts"], {"reactions": reactions or None})
    return {}


METHODS = {
    "chat.postMessage": Method(_post_message, scope="chat:write", per_minute=None),
    "chat.update": Method(_update, scope="chat:write", per_minute=TIER_3),
    "chat.postEphemeral": Method(_post_ephemeral, scope="chat:write"),
    "chat.delete": Method(_delete, scope="chat:write", per_minute=TIER_3),
    "chat.getPermalink": Method(_permalink, per_minute=None),
    "reactions.add": Method(_react, scope="reactions:write", per_minute=TIER_3),
    "reactions.remove": Method(_unreact, scope="reactions:write", per_minute=TIER_2),
}
