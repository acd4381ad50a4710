"""What people choose in the menu of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.files import files_of
from bot.slack.listening.payloads import press_of_shortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_bolt import Ack, App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body


def register(app: App, desk: Desk) -> None:
    for callback_id, listener in _SHORTCUTS.items():
        app.message_shortcut(callback_id)(listener(desk))


def annotated(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    """Listen to "Annotate images": also in threads, and on messages from before the project."""

    def heard(ack: Ack, body: Body) -> None:
        press, message = press_of_shortcut(body), body["message"]
        ours = bool(message.get("app_id")) and message.get("app_id") == body.get("api_app_id")
        desk.annotate(press, files_of({**message, "files": []} if ours else message, press.channel_id, press.team_id))
        ack()

    return heard


_SHORTCUTS: Mapping[str, Callable[[Desk], Any]] = {
    "annotate-images": annotated,
}
