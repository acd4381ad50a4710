"""Mentions and shortcuts in the shape Slack sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.listening.messages import mentioned
from bot.slack.listening.shortcuts import annotated
from bot.usecases.commanding import ANNOTATE, THRESHOLDS, Line

if TYPE_CHECKING:
    from unittest.mock import Mock


HOME = "T0HOME0001"
CHANNEL, MIA = "C0LABELS01", "U0MIA00001"


def mention(text: str, **different: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event of a message that addresses the bot, and its body."""
    event = {"type": "app_mention", "user": MIA, "text": text, "ts": "1777889000.1", "channel": CHANNEL, **different}
    bot = {"team_id": HOME, "user_id": "U0BOT00001", "is_bot": True}
    return event, {"team_id": HOME, "event_id": "Ev0001", "event": event, "authorizations": [bot]}


@pytest.mark.parametrize(
    ("text", "command", "line"),
    [
        ("<@U0BOT00001> status", ANNOTATE, "status"),
        ("hello <@U0BOT00001|annotate>, status", ANNOTATE, "status"),
        ("<@U0DANA0001> see <@U0BOT00001> list people", ANNOTATE, "list people"),
        ("<@U0BOT00001> digest 09:00 <#C0TEAM0001|team>", ANNOTATE, "digest 09:00 <#C0TEAM0001|team>"),
        ("<@U0BOT00001> /annotate-thresholds people 0.9", THRESHOLDS, "people 0.9"),
        ("<@U0BOT00001>\nstatus", ANNOTATE, "status"),
        ("<@U0BOT00001>", ANNOTATE, ""),
    ],
)
def test_a_mention_is_read_as_a_command_line(desk: Mock, text: str, command: str, line: str) -> None:
    event, body = mention(text, thread_ts="1777888000.1")
    mentioned(desk)(event=event, body=body)
    desk.mentioned.assert_called_once_with("Ev0001", Line(HOME, CHANNEL, MIA, command, line, "1777888000.1"), None)


def test_a_mention_with_files_brings_them_along(desk: Mock) -> None:
    event, body = mention("<@U0BOT00001> these", files=[{"id": "F0FILE0001", "name": "cat.png"}])
    mentioned(desk)(event=event, body=body)
    assert desk.mentioned.call_args.args[2].files == (("F0FILE0001", "cat.png"),)


@pytest.mark.parametrize("different", [{"bot_id": "B0OTHER001"}, {"user": None}])
def test_what_other_programs_say_is_no_mention(desk: Mock, different: dict[str, Any]) -> None:
    event, body = mention("<@U0BOT00001> status", **different)
    mentioned(desk)(event=event, body=body)
    desk.mentioned.assert_not_called()


def message_action(**different: object) -> dict[str, Any]:
    """A shortcut chosen on a message, with everything Slack sends along."""
    message = {"type": "message", "user": "U0OMAR0001", "ts": "1777888000.1", "files": [{"id": "F0FILE0001"}]}
    return {
        "type": "message_action",
        "callback_id": "annotate-images",
        "team": {"id": HOME, "domain": "home"},
        "user": {"id": MIA, "name": "mia", "team_id": HOME},
        "api_app_id": "A0BOT00001",
        "channel": {"id": CHANNEL, "name": "labels"},
        "message_ts": "1777888000.1",
        "message": {**message, **different},
        "action_ts": "1777889000.1",
        "trigger_id": "1.2.abc",
        "response_url": "https://hooks.example.com/app/1",
    }


def test_a_shortcut_brings_who_chose_it_and_whose_message_it_is(desk: Mock, ack: Mock) -> None:
    annotated(desk)(ack=ack, body=message_action())
    press, files = desk.annotate.call_args.args
    assert (press.by, files.user_id, files.files) == (MIA, "U0OMAR0001", (("F0FILE0001", "file"),))
    ack.assert_called_once_with()


def test_a_message_of_our_own_brings_no_files(desk: Mock, ack: Mock) -> None:
    annotated(desk)(ack=ack, body=message_action(app_id="A0BOT00001"))
    assert desk.annotate.call_args.args[1].files == ()
    annotated(desk)(ack=ack, body=message_action(app_id="A0OTHER001"))
    assert desk.annotate.call_args.args[1].files != ()


def test_the_same_shortcut_delivered_again_has_the_same_key(desk: Mock, ack: Mock) -> None:
    for _ in range(2):
        annotated(desk)(ack=ack, body=message_action())
    first, second = (call.args[0] for call in desk.annotate.call_args_list)
    assert first == second
