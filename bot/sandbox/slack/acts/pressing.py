"""Clicks on messages, notes, Home tabs and modals; suggestions for external selects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.acts.parts import PressAnswer, Stage, ends, require
from bot.sandbox.slack.acts.state import STATE_KEY, held, option_of, options_of, values_of
from bot.sandbox.slack.blockkit import suggestion_problems
from bot.sandbox.slack.delivery import Outcome
from bot.sandbox.slack.people import TEAM_ID, Member
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import elements_of, every_block


@dataclass(frozen=True)
class Wanted:
    """What is to be pressed: by visible text (exact, or the only one it begins), or by its ids.

    `value` chooses where there is a choice: an option's value, a date, or a whole state of the element.
    """

    label: str | None = None
    action_id: str | None = None
    block_id: str | None = None
    value: Any = None


@dataclass(frozen=True)
class Target:
    """An interactive element in its block, with the option that a label named."""

    block: Json
    element: Json
    option: Json | None = None

    @property
    def label(self) -> str:
        text = self.option["text"] if self.option else self.element.get("text") or {}
        return str(text.get("text", "")) if isinstance(text, dict) else ""


def targets(blocks: list[Json]) -> Iterator[Target]:
    """Everything in `blocks` that can be pressed; menus also once for each option."""
    for block in every_block(blocks):
        for element in elements_of(block):
            yield Target(block, element)
            for option in options_of(element):
                yield Target(block, element, option)


def find(blocks: list[Json], wanted: Wanted) -> Target:
    """The one element that is meant.

    Raises:
        ApiError: no_such_button, ambiguous_button.
    """
    fitting = [target for target in targets(blocks) if _ids_fit(target, wanted)]
    if wanted.label is None:
        fitting = [target for target in fitting if target.option is None]
    else:
        exact = [target for target in fitting if target.label == wanted.label]
        fitting = exact or [target for target in fitting if target.label.startswith(wanted.label)]
    if not fitting:
        raise ApiError("no_such_button")
    if len(fitting) > 1:
        raise ApiError("ambiguous_button")
    return fitting[0]


def _ids_fit(target: Target, wanted: Wanted) -> bool:
    return wanted.action_id in {None, target.element["action_id"]} and wanted.block_id in {
        None,
        target.block["block_id"],
    }


def action_of(target: Target, value: Any, action_ts: str) -> Json:  # noqa: ANN401 - a page may send any JSON
    """The entry of ``actions`` for a press."""
    element = target.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": target.block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        action["text"] = element["text"]
        action |= {key: element[key] for key in ("value", "style") if key in element}
    elif element["type"] == "overflow":
        chosen = value.get("selected_option") if isinstance(value, dict) and "selected_option" in value else value
        action["selected_option"] = target.option or require(option_of(element, chosen), "no_such_option")
    elif element["type"] in STATE_KEY:
        action |= held(element, target.option or value)
    else:
        action |= {"value": value}
    return action


async def press(
    stage: Stage, user: str, channel: str, ts: str, wanted: Wanted, seen: Json | None = None
) -> PressAnswer:
    """A member presses something on a message or on a note of theirs.

    With `seen`, an earlier drawing of the message, they press what stood there then: a page is always a little behind.
    """
    workspace = stage.world.workspace
    with workspace.changed:
        member, place = stage.member(user), workspace.channel(channel)
        note = stage.world.messages.note(member.id, ts)
        message = note or stage.world.messages.get(place.id, ts)
        target = find((seen or message).get("blocks", []), wanted)
        payload = _from_message(stage, member, place.id, message, is_note=note is not None)
        payload["actions"] = [action_of(target, wanted.value, workspace.next_ts())]
        payload["state"] = {"values": values_of(message.get("blocks", []), _answer_of(target, payload["actions"][0]))}
    return await _deliver(stage, member, target, payload)


def _answer_of(target: Target, action: Json) -> Json:
    return {target.block["block_id"]: {target.element["action_id"]: action}}


async def _deliver(stage: Stage, member: Member, target: Target, payload: Json) -> PressAnswer:
    outcome = await stage.delivery.send("interactive", payload)
    if not outcome.acked:
        stage.complain(member, target.label or "That", outcome)
    return ends(outcome)


def _from_message(stage: Stage, member: Member, channel_id: str, message: Json, *, is_note: bool) -> Json:
    place = stage.world.workspace.channels[channel_id]
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel_id,
        "is_ephemeral": is_note,
    }
    thread_ts = message.get("thread_ts")
    if thread_ts is not None:
        container["thread_ts"] = thread_ts
    address = stage.world.tickets.address(
        f"actions/{TEAM_ID}",
        channel_id=channel_id,
        user_id=member.id,
        message_ts=message["ts"],
        is_note=is_note,
        thread_ts=thread_ts,
    )
    payload = stage.interaction("block_actions", member, stage.world.tickets.trigger(member.id, channel_id=channel_id))
    payload |= {
        "container": container,
        "channel": {"id": channel_id, "name": "directmessage" if place.direct_with else place.name},
        "response_url": address,
    }
    if not is_note:
        payload["message"] = stage.world.on_wire(message)
    return payload


def shown_view(stage: Stage, member: Member, view_id: str) -> Json:
    """A modal or the Home tab a member has before them.

    Raises:
        ApiError: not_found.
    """
    home = stage.world.views.homes.get(member.id)
    if home is not None and home["id"] == view_id:
        return home
    for view in stage.world.views.stacks[member.id]:
        if view["id"] == view_id:
            return view
    raise ApiError("not_found")


async def press_in_view(stage: Stage, user: str, view_id: str, wanted: Wanted, values: Json) -> PressAnswer:
    """A member presses something in a modal or on the Home tab; `values` is what they filled in so far."""
    workspace = stage.world.workspace
    with workspace.changed:
        member = stage.member(user)
        view = shown_view(stage, member, view_id)
        target = find(view["blocks"], wanted)
        action = action_of(target, wanted.value, workspace.next_ts())
        trigger_id = stage.world.tickets.trigger(member.id, view_id if view["type"] == "modal" else None)
        state = {"values": values_of(view["blocks"], {**values, **_answer_of(target, action)})}
        view["state"] = state
        payload = stage.interaction("block_actions", member, trigger_id)
        payload |= {"container": {"type": "view", "view_id": view_id}, "view": dict(view), "actions": [action]}
    return await _deliver(stage, member, target, payload)


async def suggestions(stage: Stage, user: str, place: Json, wanted: Wanted) -> list[Json]:
    """What the app suggests for an external select while a member types `wanted.value`.

    `place` is a `view_id`, or `channel` and `ts`.
    """
    workspace = stage.world.workspace
    with workspace.changed:
        member = stage.member(user)
        if view_id := place.get("view_id"):
            view = shown_view(stage, member, str(view_id))
            about: Json = {"container": {"type": "view", "view_id": view_id}, "view": dict(view)}
            blocks = view["blocks"]
        else:
            channel = workspace.channel(str(place.get("channel")))
            message = stage.world.messages.note(member.id, str(place.get("ts"))) or stage.world.messages.get(
                channel.id, str(place.get("ts"))
            )
            about = _from_message(stage, member, channel.id, message, is_note="to" in message)
            blocks = message.get("blocks", [])
        target = find(blocks, wanted)
        payload = {**about, **stage.interaction("block_suggestion", member)}
        payload |= {"action_id": target.element["action_id"], "block_id": target.block["block_id"]}
        payload["value"] = str(wanted.value or "")
        payload.pop("response_url", None)
        payload.pop("trigger_id", None)
    return _suggested(await stage.delivery.send("interactive", payload))


def _suggested(outcome: Outcome) -> list[Json]:
    """The options an app answered; none where Slack would refuse the answer, which then shows no results."""
    body = {key: value for key, value in (outcome.body or {}).items() if value is not None}
    if suggestion_problems(body):
        return []
    groups = [group["options"] for group in body.get("option_groups", [])]
    return [*body.get("options", []), *(option for group in groups for option in group)]
