"""files.info, files.getUploadURLExternal, files.completeUploadExternal, files.delete."""

from bot.sandbox.slack.methods.method import TIER_3, Call, Method
from bot.sandbox.slack.people import BOT_USER_ID
from bot.sandbox.slack.wire import ApiError, Json

LONGEST_NUMBER = 15
"""Digits of a length in bytes; more than any file has."""


def _info(call: Call) -> Json:
    record = call.world.files.seen_by_bot(call.text("file", "file_not_found"))
    return {
        "file": call.world.files.wire_form(record),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def _upload_url(call: Call) -> Json:
    name = call.text("filename")
    length = call.optional("length") or ""
    readable = length.isascii() and length.isdigit() and len(length) <= LONGEST_NUMBER
    if not readable or int(length) == 0:
        raise ApiError("invalid_arguments", problems=["[must be greater than 0] length"])
    file_id = call.world.files.reserve(name, int(length), call.optional("alt_txt"))
    return {
        "upload_url": f"{call.world.workspace.base_url}/upload/v1/{file_id}",
        "file_id": file_id,
    }


def _complete(call: Call) -> Json:
    wanted = call.nested("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise ApiError("invalid_arguments", problems=["missing required field: files"])
    channel = call.writable("channel_id") if call.optional("channel_id") else None
    done = [call.world.files.complete(str(one.get("id")), one.get("title")) for one in wanted]
    shared = [record for record, may_share in done if may_share]
    if channel is not None and shared:
        content: Json = {
            "text": call.optional("initial_comment") or "",
            "subtype": "file_share",
            "files": [{"id": record["id"]} for record in shared],
        }
        if thread_ts := call.optional("thread_ts"):
            content["thread_ts"] = thread_ts
        message = call.world.messages.post(channel.id, call.world.by_bot(content))
        for record in shared:
            call.world.files.share(record["id"], channel, message["ts"])
    return {"files": [call.world.files.wire_form(record) for record, _may_share in done]}


def _delete(call: Call) -> Json:
    record = call.world.files.seen_by_bot(call.text("file", "file_not_found"))
    if record["user"] != BOT_USER_ID:
        raise ApiError("cant_delete_file")
    call.world.files.delete(record["id"])
    return {}


METHODS = {
    "files.info": Method(_info, scope="files:read"),
    "files.getUploadURLExternal": Method(_upload_url, scope="files:write"),
    "files.completeUploadExternal": Method(_complete, scope="files:write"),
    "files.delete": Method(_delete, scope="files:write", per_minute=TIER_3),
}
