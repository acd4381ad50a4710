"""Messages with files, messages that address the bot, and messages that somebody deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.files import files_of
from bot.slack.listening.payloads import line_of_mention

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body


def register(app: App, desk: Desk) -> None:
    app.event("message")(shared(desk))
    app.event("app_mention")(mentioned(desk))


def shared(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        if event.get("subtype") == "message_deleted":
            desk.message_deleted(event["channel"], event.get("deleted_ts", ""))
            return
        if event.get("subtype") != "file_share" or event.get("bot_id") or not event.get("files"):
            return
        desk.take_files(files_of(event, event["channel"], body.get("team_id", "")))

    return heard


def mentioned(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        if event.get("bot_id") or not event.get("user"):
            return
        files = files_of(event, event["channel"], body.get("team_id", ""))
        desk.mentioned(body["event_id"], line_of_mention(event, body), files if files.files else None)

    return heard
