"""Putting an emoji under a message."""

from bot.sandbox.slack.acts.parts import Stage
from bot.sandbox.slack.reactions import toggled


async def react(stage: Stage, user: str, channel: str, ts: str, name: str) -> None:
    """A member puts an emoji under a message, or takes it away again."""
    workspace = stage.world.workspace
    with workspace.changed:
        member, place = stage.member(user), workspace.channel(channel)
        message = stage.world.messages.get(place.id, ts)
        reactions, added = toggled(message.get("reactions", []), name, member.id)
        stage.world.messages.change(place.id, ts, {"reactions": reactions or None})
        event = {
            "type": "reaction_added" if added else "reaction_removed",
            "user": member.id,
            "reaction": name,
            "item_user": message["user"],
            "item": {"type": "message", "channel": place.id, "ts": ts},
            "event_ts": workspace.next_ts(),
        }
    if place.has_bot:
        await stage.delivery.event(str(event["type"]), event)
