"""Presses on cards: verdicts and *Undo*; and on second looks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.domain.errors import Refused
from bot.domain.reviews import Verdict
from bot.slack.listening.payloads import press_of
from bot.usecases.deciding import read_review_ids

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body


def register(app: App, desk: Desk) -> None:
    app.action(re.compile(r"^decide:"))(decided(desk))
    app.action("undo")(undone(desk))
    app.action(re.compile(r"^look:"))(looked_again(desk))


_NOT_OURS = "This button was not made by this bot, or by a newer one. Nothing was changed."


def decided(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, action: Body, body: Body) -> None:
        press = press_of(action, body)
        try:
            ids = read_review_ids(action.get("value", ""))
            verdict = Verdict(action["action_id"].split(":")[1])
        except (Refused, ValueError):
            desk.tell(press, [_NOT_OURS])
        else:
            desk.decide(press, ids, verdict)
        ack()

    return heard


def undone(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, action: Body, body: Body) -> None:
        desk.undo(press_of(action, body), action.get("value", ""))
        ack()

    return heard


def looked_again(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, action: Body, body: Body) -> None:
        press = press_of(action, body)
        try:
            [look_id] = read_review_ids(action.get("value", ""))
            verdict = Verdict(action["action_id"].split(":")[1])
        except (Refused, ValueError):
            desk.tell(press, [_NOT_OURS])
        else:
            desk.look_again(press, look_id, verdict)
        ack()

    return heard
