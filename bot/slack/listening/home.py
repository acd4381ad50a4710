"""The Home tab: somebody opens it, or presses a button of the cards and lists on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.domain.errors import Refused
from bot.domain.forms import FormKind
from bot.domain.reviews import Verdict
from bot.slack.cards.home import AT_HOME
from bot.slack.listening.payloads import press_of
from bot.usecases.commanding import ANNOTATE, Line
from bot.usecases.deciding import read_review_ids

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.opening import Opener
    from bot.slack.listening.payloads import Body
    from bot.usecases.deciding import Press


def register(app: App, desk: Desk, opener: Opener) -> None:
    app.event("app_home_opened")(opened(desk))
    app.action(re.compile(f"^{AT_HOME}"))(pressed(desk, opener))


def opened(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        if event.get("tab") == "home":
            desk.home_opened(body.get("team_id", ""), event["user"])

    return heard


def pressed(desk: Desk, opener: Opener) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    """Listen to every button here. The channel stands in its value; the ballot checks that the presser is in it."""

    def heard(ack: Ack, action: Body, body: Body) -> None:
        channel_id, _, value = action.get("value", "").partition("|")
        press = replace(press_of(action, body), channel_id=channel_id, beside=True, answered=True)
        kind, _, rest = action["action_id"].removeprefix(AT_HOME).partition(":")
        if kind == "decide":
            _decide(desk, press, rest.partition(":")[0], value)
        elif kind == "undo":
            desk.undo(press, value)
        else:
            _open(desk, opener, press, value, body["trigger_id"])
        ack()

    return heard


def _decide(desk: Desk, press: Press, verdict: str, value: str) -> None:
    try:
        ids, chosen = read_review_ids(value), Verdict(verdict)
    except (Refused, ValueError):
        desk.home_opened(press.team_id, press.by)  # a button of another version: what it stood on is drawn again
    else:
        desk.decide(press, ids, chosen)


def _open(desk: Desk, opener: Opener, press: Press, value: str, trigger_id: str) -> None:
    line = Line(press.team_id, press.channel_id, press.by, ANNOTATE, value.removeprefix(f"{ANNOTATE} "))
    if desk.form_of(line) is FormKind.REVIEW:
        opener.open(desk, FormKind.REVIEW, line, trigger_id, beside=True)
