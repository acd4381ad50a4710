"""Messages with files, and messages that somebody deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.listening.desk import SharedFiles

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body


def register(app: App, desk: Desk) -> None:
    app.event("message")(shared(desk))


def shared(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        if event.get("subtype") == "message_deleted":
            desk.message_deleted(event["channel"], event.get("deleted_ts", ""))
            return
        if event.get("subtype") != "file_share" or event.get("bot_id") or not event.get("files"):
            return
        files = tuple((f["id"], f.get("name") or f.get("title") or "file") for f in event["files"])
        team_id = body.get("team_id") or event.get("team", "")
        desk.take_files(
            SharedFiles(
                team_id=team_id,
                channel_id=event["channel"],
                user_id=event.get("user", ""),
                home_team_id=event.get("user_team") or event.get("team") or team_id,
                ts=event["ts"],
                thread_ts=event.get("thread_ts", ""),
                files=files,
            )
        )

    return heard
