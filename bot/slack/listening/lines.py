"""Command lines, the buttons that stand for one, and the lines that open a form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slack.cards import draw
from bot.slack.listening.payloads import line_of, press_of
from bot.usecases.commanding import ANNOTATE, THRESHOLDS, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.opening import Opener
    from bot.slack.listening.payloads import Body

# Buttons that stand for a command line; a value from the button fills the braces.
_BUTTONS: Mapping[str, tuple[str, str]] = {
    "go-live": (ANNOTATE, "live"),
    "try-it": (ANNOTATE, "try"),
    "bring-older": (ANNOTATE, "bring-older"),
    "undo-thresholds": (THRESHOLDS, "undo {value}"),
}


def register(app: App, desk: Desk, opener: Opener) -> None:
    for command in (ANNOTATE, THRESHOLDS):
        app.command(command)(commanded(desk, opener))
    app.action(re.compile(f"^({'|'.join(_BUTTONS)})$"))(pressed(desk, opener))
    app.action(re.compile("^line:"))(offered(desk, opener))


def commanded(desk: Desk, opener: Opener) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, command: Body) -> None:
        line = line_of(command)
        kind = desk.form_of(line)
        if kind is not None:
            opener.open(desk, kind, line, command["trigger_id"])
            ack()
            return
        message = draw(desk.answer(line, ""))
        ack(text=message.text, blocks=message.blocks)

    return heard


def pressed(desk: Desk, opener: Opener) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, action: Body, body: Body) -> None:
        command, text = _BUTTONS[action["action_id"]]
        _run(desk, opener, body, action, command, text.format(value=action.get("value", "")).strip())
        ack()

    return heard


def offered(desk: Desk, opener: Opener) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    """Listen to buttons under a private answer: their value is the whole command line."""

    def heard(ack: Ack, action: Body, body: Body) -> None:
        command, _, text = action.get("value", "").partition(" ")
        if command in {ANNOTATE, THRESHOLDS}:
            _run(desk, opener, body, action, command, text)
        ack()

    return heard


def _run(desk: Desk, opener: Opener, body: Body, action: Body, command: str, text: str) -> None:
    press = press_of(action, body)
    line = Line(press.team_id, press.channel_id, press.by, command, text)
    kind = desk.form_of(line)
    if kind is None:
        desk.run_privately(press, line)
    else:
        opener.open(desk, kind, line, body["trigger_id"])
