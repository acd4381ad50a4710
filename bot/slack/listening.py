"""What Slack delivers, turned into the team's words: one listener per kind of delivery, thin and without network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.domain.errors import Refused
from bot.domain.reviews import Verdict
from bot.domain.views import NoteView
from bot.slack.cards import draw
from bot.usecases.commanding import ANNOTATE, THRESHOLDS, Line
from bot.usecases.deciding import Press, read_review_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slack_bolt import Ack
    from slack_sdk import WebClient

Body = dict[str, Any]


@dataclass(frozen=True)
class SharedFiles:
    """A message with files in a channel: (file id, name) each."""

    team_id: str
    channel_id: str
    user_id: str
    home_team_id: str
    ts: str
    thread_ts: str
    files: tuple[tuple[str, str], ...]


class Desk(Protocol):
    """What the listeners hand deliveries to. Each call commits before it returns, and none touches the network."""

    def decide(self, press: Press, review_ids: Sequence[int], verdict: Verdict) -> None: ...

    def undo(self, press: Press, input_id: str) -> None: ...

    def answer(self, line: Line, home_team_id: str) -> Sequence[str]: ...

    def run_privately(self, press: Press, line: Line) -> None:
        """Do what a button stands for, once, and have its answer told to the person by a job."""

    def take_files(self, shared: SharedFiles) -> None: ...

    def message_deleted(self, channel_id: str, ts: str) -> None:
        """Somebody deleted a message of the channel, perhaps one of ours."""

    def tell(self, press: Press, lines: Sequence[str]) -> None: ...


# Buttons that stand for a command line; a value from the button fills the braces.
_BUTTONS: Mapping[str, tuple[str, str]] = {
    "go-live": (ANNOTATE, "live"),
    "try-it": (ANNOTATE, "try"),
    "bring-older": (ANNOTATE, "bring-older"),
    "undo-thresholds": (THRESHOLDS, "undo {value}"),
}


def make_app(client: WebClient, signing_secret: str, desk: Desk) -> App:
    """Make the Bolt app. Listeners run inline and commit before Slack is answered; one that raises is not acked."""
    installed = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)
    client.token = None  # it comes with `installed`; given twice, Bolt warns at every start
    client.proxy = None  # slack_sdk reads HTTPS_PROXY and overlooks NO_PROXY; left alone, urllib minds both
    app = App(
        client=client,
        authorize=lambda: installed,  # one workspace; Bolt's own way asks Slack (auth.test) before the first listener
        signing_secret=signing_secret or "not used in Socket Mode",
        process_before_response=True,
    )
    for command in (ANNOTATE, THRESHOLDS):
        app.command(command)(_commanded(desk))
    app.action(re.compile(r"^decide:"))(_decided(desk))
    app.action("undo")(_undone(desk))
    app.action(re.compile(f"^({'|'.join(_BUTTONS)})$"))(_pressed(desk))
    app.event("message")(_shared(desk))
    return app


def _commanded(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def commanded(ack: Ack, command: Body) -> None:
        line = Line(
            command["team_id"], command["channel_id"], command["user_id"], command["command"], command.get("text", "")
        )
        message = draw(NoteView(tuple(desk.answer(line, ""))))
        ack(text=message.text, blocks=message.blocks)

    return commanded


def _decided(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def decided(ack: Ack, action: Body, body: Body) -> None:
        press = press_of(action, body)
        try:
            ids = read_review_ids(action.get("value", ""))
            verdict = Verdict(action["action_id"].split(":")[1])
        except (Refused, ValueError):
            desk.tell(press, ["This button was not made by this bot, or by a newer one. Nothing was changed."])
        else:
            desk.decide(press, ids, verdict)
        ack()

    return decided


def _undone(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def undone(ack: Ack, action: Body, body: Body) -> None:
        desk.undo(press_of(action, body), action.get("value", ""))
        ack()

    return undone


def _pressed(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def pressed(ack: Ack, action: Body, body: Body) -> None:
        press = press_of(action, body)
        command, text = _BUTTONS[action["action_id"]]
        text = text.format(value=action.get("value", "")).strip()
        desk.run_privately(press, Line(press.team_id, press.channel_id, press.by, command, text))
        ack()

    return pressed


def _shared(desk: Desk) -> Any:  # noqa: ANN401 - Bolt calls it by its parameters' names
    def shared(event: Body, body: Body) -> None:
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

    return shared


def press_of(action: Body, body: Body) -> Press:
    """Read who pressed what and where; a second delivery of the same press gets the same key."""
    channel = (body.get("channel") or body.get("container") or {}).get("id") or body["container"].get("channel_id", "")
    user = body["user"]
    message = (body.get("container") or {}).get("message_ts", "")
    key = f"{action.get('action_ts', '')}:{user['id']}:{action['action_id']}:{channel}:{message}"
    team = (body.get("team") or {}).get("id") or user.get("team_id", "")
    return Press(key[:250], team, channel, user["id"], user.get("team_id", ""))
