"""Submitting and closing modals."""

from bot.sandbox.slack.acts.parts import PressAnswer, Stage, SubmitAnswer, ends
from bot.sandbox.slack.acts.pressing import shown_view
from bot.sandbox.slack.acts.state import missing_answers, values_of
from bot.sandbox.slack.methods.views import judged_view
from bot.sandbox.slack.people import TEAM_ID, Member
from bot.sandbox.slack.wire import ApiError, Json

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(stage: Stage, user: str, view_id: str, values: Json) -> SubmitAnswer:
    """A member submits a modal; the app's answer decides what they see next."""
    with stage.world.workspace.changed:
        member = stage.member(user)
        view = shown_view(stage, member, view_id)
        if view["type"] != "modal" or not view.get("submit"):
            raise ApiError("not_submittable")
        view["state"] = {"values": values_of(view["blocks"], values)}
        wrong = missing_answers(view["blocks"], view["state"]["values"])
        if wrong:
            return SubmitAnswer(ok=False, errors=wrong)
        trigger_id = stage.world.tickets.trigger(member.id, view_id)
        payload = stage.interaction("view_submission", member, trigger_id)
        payload |= {"view": dict(view), "response_urls": _addresses(stage, member, view)}
    outcome = await stage.delivery.send("interactive", payload)
    if not outcome.acked:
        return SubmitAnswer(ok=False, errors={}, error=TROUBLE)
    with stage.world.workspace.changed:
        return _follow(stage, member, view, outcome.body or {})


def _addresses(stage: Stage, member: Member, view: Json) -> list[Json]:
    """An address to answer at for each conversation that was chosen in a select which asks for one."""
    found = []
    for block in view["blocks"]:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        held = view["state"]["values"][block["block_id"]][element["action_id"]]
        channel_id = held.get("selected_conversation") or held.get("selected_channel")
        if channel_id in stage.world.workspace.channels:
            address = stage.world.tickets.address(f"app/{TEAM_ID}", channel_id=channel_id, user_id=member.id)
            place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel_id}
            found.append({**place, "response_url": address})
    return found


def _follow(stage: Stage, member: Member, view: Json, answer: Json) -> SubmitAnswer:
    """Do what the app's answer asks: nothing (close), errors, update, push or clear."""
    wish = answer.get("response_action")
    if wish == "errors":
        return _errors(view, answer.get("errors"))
    if wish not in {None, "update", "push", "clear"}:
        return SubmitAnswer(ok=False, errors={}, error=f"{TROUBLE} (invalid response_action)")
    try:
        _change(stage, member, view, answer)
    except ApiError as error:
        return SubmitAnswer(ok=False, errors={}, error=f"{TROUBLE} ({error.code}: {'; '.join(error.problems)})")
    return SubmitAnswer(ok=True, errors={})


def _change(stage: Stage, member: Member, view: Json, answer: Json) -> None:
    wish, views = answer.get("response_action"), stage.world.views
    if wish == "update":
        views.update(view, judged_view(stage.world, answer.get("view"), "modal"))
    elif wish == "push":
        views.push(member.id, judged_view(stage.world, answer.get("view"), "modal"))
    else:
        views.close(member.id, views.stacks[member.id][0] if wish == "clear" else view)


def _errors(view: Json, errors: object) -> SubmitAnswer:
    """Errors beside fields; they must name input blocks, else Slack only says that something went wrong."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        return SubmitAnswer(ok=False, errors={}, error=f"{TROUBLE} (invalid errors)")
    return SubmitAnswer(ok=False, errors={str(block): str(words) for block, words in errors.items()})


async def close(stage: Stage, user: str, view_id: str, *, all_of_them: bool = False) -> PressAnswer:
    """A member closes a modal (with `all_of_them` the whole stack); the app hears of it if it asked to."""
    with stage.world.workspace.changed:
        member = stage.member(user)
        view = shown_view(stage, member, view_id)
        stack = stage.world.views.stacks[member.id]
        first = stack[0] if all_of_them or view.get("clear_on_close") else view
        closed = stack[stack.index(first) :]
        stage.world.views.close(member.id, first)
    answer = PressAnswer(ok=True)
    for gone in reversed(closed):
        if gone.get("notify_on_close"):
            payload = stage.interaction("view_closed", member)
            payload |= {"view": dict(gone), "is_cleared": all_of_them or bool(view.get("clear_on_close"))}
            answer = ends(await stage.delivery.send("interactive", payload))
    return answer
