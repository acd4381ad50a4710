"""What happens inside forms: they are sent, closed, pressed in, typed in, and asked for suggestions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.domain.forms import FieldErrors, NextForm
from bot.slack.forms import FORM, draw_form
from bot.slack.listening.payloads import values_of

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body

MOST_SUGGESTIONS = 100  # of Slack's
LONGEST_OPTION, LONGEST_VALUE = 75, 150  # characters


def register(app: App, desk: Desk) -> None:
    app.view_submission(FORM)(sent(desk))
    app.view_closed(FORM)(closed(desk))
    app.action(re.compile("^field:"))(touched(desk))
    app.options(re.compile("^field:"))(typed(desk))


def sent(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, view: Body) -> None:
        answer = desk.submit(view["private_metadata"], values_of(view))
        if isinstance(answer, FieldErrors):
            ack(response_action="errors", errors=dict(answer.errors))
        elif isinstance(answer, NextForm):
            ack(response_action="update", view=draw_form(view["private_metadata"], answer.view))
        else:
            ack(response_action="clear")

    return heard


def closed(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, view: Body) -> None:
        desk.form_closed(view["private_metadata"])
        ack()

    return heard


def touched(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, action: Body, body: Body) -> None:
        view = body.get("view") or {}
        if view.get("callback_id") == FORM:
            desk.touch(view["private_metadata"], action["action_id"].removeprefix("field:"), values_of(view))
        ack()

    return heard


def typed(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, payload: Body, body: Body) -> None:
        form_id = (body.get("view") or {}).get("private_metadata", "")
        names = desk.suggest(form_id, payload["action_id"].removeprefix("field:"), payload.get("value", ""))
        ack(options=[_option(name) for name in names[:MOST_SUGGESTIONS]])

    return heard


def _option(name: str) -> Body:
    return {"text": {"type": "plain_text", "text": name[:LONGEST_OPTION]}, "value": name[:LONGEST_VALUE]}
