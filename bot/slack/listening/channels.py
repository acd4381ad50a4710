"""The bot comes into a channel or is gone from it; channels are archived and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.listening.desk import Desk
    from bot.slack.listening.payloads import Body

GONE = ("channel_left", "group_left", "channel_archive", "group_archive")
BACK = ("member_joined_channel", "channel_unarchive", "group_unarchive")


def register(app: App, desk: Desk) -> None:
    for event in GONE:
        app.event(event)(gone(desk))
    for event in BACK:
        app.event(event)(back(desk))


def gone(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        desk.channel_gone(body["team_id"], event["channel"], event["type"])

    return heard


def back(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def heard(event: Body, body: Body) -> None:
        ours = {one.get("user_id") for one in body.get("authorizations") or ()}
        if event["type"] != "member_joined_channel" or event.get("user") in ours:
            desk.channel_back(body["team_id"], event["channel"])

    return heard
