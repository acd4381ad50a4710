"""Slash commands and shortcuts."""

from bot.sandbox.slack.acts.escaping import command_text
from bot.sandbox.slack.acts.parts import PressAnswer, SlashAnswer, Stage, ends, require
from bot.sandbox.slack.blockkit import message_problems
from bot.sandbox.slack.delivery import Outcome
from bot.sandbox.slack.people import APP_ID, TEAM_DOMAIN, TEAM_ID, Member
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel


async def slash(stage: Stage, user: str, channel: str, command: str, text: str) -> SlashAnswer:
    """A member types a command; the answer is what they see within the 3 s Slack waits."""
    workspace = stage.world.workspace
    with workspace.changed:
        member, place = stage.member(user), workspace.channel(channel)
        known = workspace.app.command(command)
        if known is None:
            return _slackbot(stage, member, place, f"`{command}` is not a valid command.")
        workspace.let_in(member.id, place)
        typed = command_text(workspace, text, should_escape=bool(known.get("should_escape")))
        payload = _payload(stage, member, place, command, typed)
    outcome = await stage.delivery.send("slash_commands", payload)
    with workspace.changed:
        if not outcome.acked:
            timed_out = outcome.error == "operation_timeout"
            error = "operation_timeout" if timed_out else "dispatch_failed"
            return _slackbot(stage, member, place, f'{command} failed with the error "{error}"')
        return _answered(stage, member, place, outcome)


def _payload(stage: Stage, member: Member, place: Channel, command: str, text: str) -> Json:
    """The form fields of a command; all of them are texts."""
    tickets = stage.world.tickets
    return {
        "token": stage.world.workspace.app.verification_token,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": place.id,
        "channel_name": "directmessage" if place.direct_with else place.name,
        "user_id": member.id,
        "user_name": member.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": tickets.address(f"commands/{TEAM_ID}", channel_id=place.id, user_id=member.id),
        "trigger_id": tickets.trigger(member.id, channel_id=place.id),
    }


def _slackbot(stage: Stage, member: Member, place: Channel, text: str) -> SlashAnswer:
    stage.world.messages.add_note(place.id, member.id, {"user": "USLACKBOT", "text": text})
    return SlashAnswer("error", text)


def _answered(stage: Stage, member: Member, place: Channel, outcome: Outcome) -> SlashAnswer:
    body = outcome.body or {}
    text, blocks = str(body.get("text") or ""), body.get("blocks")
    if not text and not blocks:
        return SlashAnswer("ok", "")
    problems = message_problems(blocks, stage.world.files.showable) if blocks is not None else []
    if problems:
        return _slackbot(stage, member, place, f"The app's answer was refused: invalid_blocks, {problems[0]}")
    content = stage.world.by_bot({"text": text, **({"blocks": blocks} if blocks else {})})
    if body.get("response_type") == "in_channel":
        stage.world.messages.post(place.id, content)
    else:
        stage.world.messages.add_note(place.id, member.id, content)
    return SlashAnswer("ok", text, content.get("blocks"))


async def shortcut(
    stage: Stage, user: str, callback_id: str, channel: str | None = None, ts: str | None = None
) -> PressAnswer:
    """A member uses a shortcut; with a message it is a message shortcut."""
    workspace = stage.world.workspace
    with workspace.changed:
        member = stage.member(user)
        offered = require(workspace.app.shortcut(callback_id), "unknown_shortcut")
        kind = "message_action" if offered["type"] == "message" else "shortcut"
        place = workspace.channel(channel) if channel else None
        trigger_id = stage.world.tickets.trigger(member.id, channel_id=place.id if place else None)
        payload = stage.interaction(kind, member, trigger_id)
        payload |= {"callback_id": callback_id, "action_ts": workspace.next_ts()}
        if kind == "message_action":
            if place is None or ts is None:
                raise ApiError("message_not_found")
            payload |= _about_message(stage, member, place, ts)
    outcome = await stage.delivery.send("interactive", payload)
    if not outcome.acked:
        stage.complain(member, str(offered["name"]), outcome)
    return ends(outcome)


def _about_message(stage: Stage, member: Member, place: Channel, ts: str) -> Json:
    message = stage.world.messages.get(place.id, ts)
    address = stage.world.tickets.address(
        f"app/{TEAM_ID}", channel_id=place.id, user_id=member.id, thread_ts=message.get("thread_ts")
    )
    return {
        "message_ts": ts,
        "message": stage.world.on_wire(message),
        "channel": {"id": place.id, "name": place.name},
        "response_url": address,
    }
