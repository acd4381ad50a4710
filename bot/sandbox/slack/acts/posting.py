"""Writing, uploading, deleting, and coming and going: what reaches the app as events."""

from collections.abc import Sequence

from bot.sandbox.slack.acts.parts import Stage
from bot.sandbox.slack.people import APP_ID, BOT_USER_ID, TEAM_ID
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel

CONNECT_STUB: Json = {"mode": "file_access", "file_access": "check_file_info"}


async def say(stage: Stage, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
    """A member writes; return the `ts`."""
    content: Json = {"text": text}
    return await _post(stage, user, channel, content, thread_ts)


async def upload(
    stage: Stage, user: str, channel: str, files: Sequence[tuple[str, bytes]], text: str, thread_ts: str | None
) -> str:
    """A member drops files into one message; return its `ts`."""
    with stage.world.workspace.changed:
        member = stage.member(user)
        records = [stage.world.files.add(member.id, name, content) for name, content in files]
    return await _share(stage, user, channel, records, text, thread_ts)


async def upload_odd(stage: Stage, user: str, channel: str, name: str, kind: str) -> str:
    """A member shares a file that has no bytes here.

    Args:
        stage: where it happens.
        user: who shares.
        channel: where.
        name: of the file.
        kind: ``connect`` (a stub from another organisation) or ``remote`` (a link to another service).
    """
    stub: Json = {"mode": "external", "is_external": True, "external_type": "gdrive", "name": name, "size": 0}
    if kind == "connect":
        stub = CONNECT_STUB
    elif kind != "remote":
        raise ApiError("invalid_arguments")
    with stage.world.workspace.changed:
        record = stage.world.files.add_odd(stage.member(user).id, stub)
    return await _share(stage, user, channel, [record], "", None)


async def _share(
    stage: Stage, user: str, channel: str, records: Sequence[Json], text: str, thread_ts: str | None
) -> str:
    content: Json = {"text": text, "subtype": "file_share", "files": [{"id": record["id"]} for record in records]}
    return await _post(stage, user, channel, content, thread_ts)


async def _post(stage: Stage, user: str, channel: str, content: Json, thread_ts: str | None) -> str:
    workspace = stage.world.workspace
    with workspace.changed:
        member, place = stage.member(user), workspace.channel(channel)
        if place.archived:
            raise ApiError("is_archived")
        workspace.let_in(member.id, place)
        message = {"user": member.id, "team": TEAM_ID, **content}
        if thread_ts is not None:
            message["thread_ts"] = thread_ts
        message = stage.world.messages.post(place.id, message)
        for file in message.get("files", []):
            stage.world.files.share(file["id"], place, message["ts"])
        event = _message_event(stage, place, message)
    if place.has_bot:
        await stage.delivery.event(f"message.{'im' if place.direct_with else 'channels'}", event)
        await _tell_of_files(stage, message, place)
        if f"<@{BOT_USER_ID}>" in message["text"]:
            mention = {key: event[key] for key in event if key not in {"subtype", "channel_type", "upload"}}
            await stage.delivery.event("app_mention", {**mention, "type": "app_mention"})
    return str(message["ts"])


async def _tell_of_files(stage: Stage, message: Json, place: Channel) -> None:
    """The other event of an upload, one per file, for apps that subscribed to it."""
    for file in message.get("files", []):
        about = {"file_id": file["id"], "user_id": message["user"], "channel_id": place.id}
        event = {"type": "file_shared", "file": {"id": file["id"]}, "event_ts": message["ts"], **about}
        await stage.delivery.event("file_shared", event)


def _message_event(stage: Stage, place: Channel, message: Json) -> Json:
    event = stage.world.on_wire(message)
    for file in event.get("files", []):
        if file.get("mode") == CONNECT_STUB["mode"]:
            file.clear()
            file.update({"id": message["files"][0]["id"], **CONNECT_STUB})
    about = {"channel": place.id, "event_ts": message["ts"], "channel_type": place.kind}
    if "files" in event:
        about |= {"upload": False, "display_as_bot": False}
    return {**event, **about}


async def delete_message(stage: Stage, channel: str, ts: str) -> None:
    """A message is deleted by hand, whoever wrote it."""
    workspace = stage.world.workspace
    with workspace.changed:
        place = workspace.channel(channel)
        gone = stage.world.messages.delete(place.id, ts)
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": ts,
            "channel": place.id,
            "channel_type": place.kind,
            "previous_message": stage.world.on_wire(gone),
            "ts": workspace.next_ts(),
        }
        event["event_ts"] = event["ts"]
    if place.has_bot:
        await stage.delivery.event("message.channels", event)


async def delete_file(stage: Stage, file_id: str) -> None:
    """A member deletes a file; messages keep a tombstone."""
    with stage.world.workspace.changed:
        gone = stage.world.files.delete(file_id)
        for channel_id, places in gone["shares"].get("public", {}).items():
            for place in places:
                stage.world.workspace.announce({"type": "changed", "channel": channel_id, "ts": place["ts"]})
        ts = stage.world.workspace.next_ts()
    await stage.delivery.event("file_deleted", {"type": "file_deleted", "file_id": file_id, "event_ts": ts})


async def join(stage: Stage, channel: str, inviter: str) -> None:
    """The bot is invited to a channel."""
    workspace = stage.world.workspace
    with workspace.changed:
        place, member = workspace.channel(channel), stage.member(inviter)
        place.members.add(BOT_USER_ID)
        event = _membership(stage, place, "member_joined_channel")
        event["inviter"] = member.id
    await stage.delivery.event("member_joined_channel", event)


def _membership(stage: Stage, place: Channel, kind: str) -> Json:
    workspace = stage.world.workspace
    workspace.keep_channel(place)
    workspace.announce({"type": "delivery"})
    return {
        "type": kind,
        "user": BOT_USER_ID,
        "channel": place.id,
        "channel_type": "C",
        "team": TEAM_ID,
        "event_ts": workspace.next_ts(),
    }


async def kick(stage: Stage, channel: str) -> None:
    """The bot is removed from a channel."""
    with stage.world.workspace.changed:
        place = stage.world.workspace.channel(channel)
        place.members.discard(BOT_USER_ID)
        event = _membership(stage, place, "channel_left")
    await stage.delivery.event("channel_left", event)


async def archive(stage: Stage, channel: str, user: str) -> None:
    """A channel is archived."""
    with stage.world.workspace.changed:
        place = stage.world.workspace.channel(channel)
        place.archived = True
        event = {**_membership(stage, place, "channel_archive"), "user": stage.member(user).id, "api_app_id": APP_ID}
    await stage.delivery.event("channel_archive", event)


async def open_home(stage: Stage, user: str, tab: str = "home") -> None:
    """A member opens the app's Home or Messages tab."""
    with stage.world.workspace.changed:
        member = stage.member(user)
        direct = stage.world.workspace.direct(member.id)
        event: Json = {
            "type": "app_home_opened",
            "user": member.id,
            "channel": direct.id,
            "tab": tab,
            "event_ts": stage.world.workspace.next_ts(),
        }
        if member.id in stage.world.views.homes:
            event["view"] = stage.world.views.homes[member.id]
    await stage.delivery.event("app_home_opened", event)
