"""The shortcut _Why this label?_ on an upload or a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.listening.payloads import asked_of

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body

WHY = "why-this-label"


def register(app: App, desk: Desk) -> None:
    app.message_shortcut(WHY)(asked(desk))


def asked(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(ack: Ack, body: Body) -> None:
        message = body["message"]
        desk.explain(asked_of(body), message["ts"], message.get("thread_ts", ""))
        ack()

    return heard
