"""views.open, update, push, publish."""

import json

from bot.sandbox.slack.blockkit import view_problems
from bot.sandbox.slack.methods.method import Call, Method
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World, with_block_ids

LARGEST_VIEW = 250_000
"""Bytes of JSON."""


def judged_view(world: World, view: object, surface: str) -> Json:
    """A view with ids in its blocks, if Slack would take it.

    Raises:
        ApiError: invalid_arguments with every problem, view_too_large.
    """
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise ApiError("view_too_large")
    problems = view_problems(view, world.files.showable, surface=surface)
    if problems or not isinstance(view, dict):
        raise ApiError("invalid_arguments", problems=problems)
    return {**view, "blocks": with_block_ids(view["blocks"])}


def _view(call: Call, surface: str = "modal") -> Json:
    return judged_view(call.world, call.nested("view"), surface)


def _open(call: Call) -> Json:
    view = _view(call)
    trigger = call.world.tickets.redeem(call.text("trigger_id", "invalid_trigger_id"))
    return {"view": call.world.views.open(trigger.user_id, view, trigger.channel_id)}


def _push(call: Call) -> Json:
    view = _view(call)
    trigger = call.world.tickets.redeem(call.text("trigger_id", "invalid_trigger_id"))
    if trigger.view_id is None:
        raise ApiError("invalid_trigger_id")
    return {"view": call.world.views.push(trigger.user_id, view)}


def _update(call: Call) -> Json:
    view = _view(call)
    shown = call.world.views.find(call.optional("view_id"), call.optional("external_id"))
    return {"view": call.world.views.update(shown, view, call.optional("hash"))}


def _publish(call: Call) -> Json:
    if not call.world.workspace.app.home_tab:
        raise ApiError("not_enabled")
    view = _view(call, "home")
    user_id = call.text("user_id", "user_not_found")
    if user_id not in call.world.workspace.people:
        raise ApiError("user_not_found")
    return {"view": call.world.views.publish(user_id, view, call.optional("hash"))}


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
