"""Payloads in the shape Slack sends them, turned into the team's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.reviews import Verdict
from bot.slack.listening import press_of
from bot.slack.listening.cards import decided, undone
from bot.slack.listening.lines import commanded
from bot.slack.listening.lines import pressed as line_pressed
from bot.usecases.commanding import ANNOTATE, THRESHOLDS, Line
from bot.usecases.deciding import Press

if TYPE_CHECKING:
    from unittest.mock import Mock


HOME, FOREIGN = "T0HOME0001", "T0OTHER001"
CHANNEL, MIA = "C0LABELS01", "U0MIA00001"
CARD_TS = "1777888999.000100"


def action(action_id: str, value: str = "", action_ts: str = "1777889000.123456") -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action_id,
        "block_id": "b1",
        "text": {"type": "plain_text", "text": "Approve man", "emoji": True},
        "value": value,
        "action_ts": action_ts,
    }


def block_actions(pressed: dict[str, Any], **different: object) -> dict[str, Any]:
    """A press on a message, with everything Slack sends along."""
    return {
        "type": "block_actions",
        "team": {"id": HOME, "domain": "home"},
        "user": {"id": MIA, "username": "mia", "name": "mia", "team_id": HOME},
        "api_app_id": "A0BOT00001",
        "container": {
            "type": "message",
            "message_ts": CARD_TS,
            "channel_id": CHANNEL,
            "is_ephemeral": False,
        },
        "trigger_id": "1.2.abc",
        "channel": {"id": CHANNEL, "name": "labels"},
        "message": {"ts": CARD_TS, "text": "man on cat.png", "blocks": []},
        "state": {"values": {}},
        "response_url": "https://hooks.example.com/actions/1",
        "actions": [pressed],
        **different,
    }


def test_a_press_says_who_where_and_of_which_workspace() -> None:
    pressed = action("decide:approve:1", "1")
    press = press_of(pressed, block_actions(pressed))
    assert (press.team_id, press.channel_id, press.by, press.home_team_id) == (HOME, CHANNEL, MIA, HOME)


def test_the_same_press_delivered_again_has_the_same_key() -> None:
    pressed = action("decide:approve:1", "1")
    assert press_of(pressed, block_actions(pressed)) == press_of(
        dict(pressed), block_actions(pressed, trigger_id="9.9")
    )


@pytest.mark.parametrize(
    ("pressed", "different"),
    [
        (action("decide:approve:1", "1", action_ts="1777889001.000001"), {}),
        (action("decide:reject:1", "1"), {}),
        (action("decide:approve:1", "1"), {"user": {"id": "U0OMAR0001", "team_id": HOME}}),
        (action("decide:approve:1", "1"), {"channel": {"id": "C0OTHER001"}}),
        (
            action("decide:approve:1", "1"),
            {"container": {"type": "message", "message_ts": "1.2", "channel_id": CHANNEL}},
        ),
    ],
)
def test_another_press_has_another_key(pressed: dict[str, Any], different: dict[str, Any]) -> None:
    usual = action("decide:approve:1", "1")
    assert press_of(pressed, block_actions(pressed, **different)).key != press_of(usual, block_actions(usual)).key


def test_a_key_fits_its_column() -> None:
    pressed = action("decide:approve:" + "9" * 240, "1")
    assert len(press_of(pressed, block_actions(pressed)).key) <= 250


def test_a_person_of_another_workspace_is_recognised() -> None:
    pressed = action("undo", "in1")
    press = press_of(pressed, block_actions(pressed, user={"id": "U0X0000001", "team_id": FOREIGN}))
    assert (press.team_id, press.home_team_id) == (HOME, FOREIGN)


def test_a_press_in_an_organisation_without_a_team_takes_the_persons() -> None:
    pressed = action("undo", "in1")
    assert press_of(pressed, block_actions(pressed, team=None)).team_id == HOME


def test_a_press_without_a_channel_of_its_own_takes_the_containers() -> None:
    pressed = action("undo", "in1")
    body = block_actions(pressed)
    del body["channel"]
    assert press_of(pressed, body).channel_id == CHANNEL


def test_a_press_on_a_home_tab_has_no_channel() -> None:
    pressed = action("undo", "in1")
    body = block_actions(pressed, container={"type": "view", "view_id": "V0VIEW0001"})
    del body["channel"], body["message"]
    assert press_of(pressed, body).channel_id == ""


@pytest.mark.parametrize(
    ("action_id", "verdict"),
    [("decide:approve:7", Verdict.APPROVE), ("decide:reject:all", Verdict.REJECT), ("decide:unsure:7", Verdict.UNSURE)],
)
def test_a_verdict_reaches_the_desk_before_the_answer(desk: Mock, ack: Mock, action_id: str, verdict: Verdict) -> None:
    pressed = action(action_id, "7,8")
    desk.decide.side_effect = lambda *_: ack.assert_not_called()
    decided(desk)(ack=ack, action=pressed, body=block_actions(pressed))
    desk.decide.assert_called_once_with(press_of(pressed, block_actions(pressed)), [7, 8], verdict)
    ack.assert_called_once_with()


def test_a_verdict_that_cannot_be_stored_is_not_acknowledged(desk: Mock, ack: Mock) -> None:
    pressed = action("decide:approve:7", "7")
    desk.decide.side_effect = ConnectionError
    with pytest.raises(ConnectionError):
        decided(desk)(ack=ack, action=pressed, body=block_actions(pressed))
    ack.assert_not_called()


@pytest.mark.parametrize(
    ("action_id", "value"),
    [("decide:approve:7", "seven"), ("decide:approve:7", ""), ("decide:praise:7", "7"), ("decide:approve:7", "0")],
)
def test_a_button_of_somebody_else_changes_nothing_and_says_so(
    desk: Mock, ack: Mock, action_id: str, value: str
) -> None:
    pressed = action(action_id, value)
    decided(desk)(ack=ack, action=pressed, body=block_actions(pressed))
    desk.decide.assert_not_called()
    [told] = desk.tell.call_args.args[1]
    assert "Nothing was changed" in told
    ack.assert_called_once_with()


def test_undo_carries_the_input(desk: Mock, ack: Mock) -> None:
    pressed = action("undo", "in" + "a" * 30)
    undone(desk)(ack=ack, action=pressed, body=block_actions(pressed))
    desk.undo.assert_called_once_with(press_of(pressed, block_actions(pressed)), "in" + "a" * 30)
    ack.assert_called_once_with()


@pytest.mark.parametrize(
    ("action_id", "value", "command", "text"),
    [
        ("go-live", "", ANNOTATE, "live"),
        ("try-it", "", ANNOTATE, "try"),
        ("bring-older", "", ANNOTATE, "bring-older"),
        ("undo-thresholds", "12", THRESHOLDS, "undo 12"),
    ],
)
def test_other_buttons_stand_for_command_lines(
    desk: Mock, opener: Mock, ack: Mock, action_id: str, value: str, command: str, text: str
) -> None:
    pressed = action(action_id, value)
    line_pressed(desk, opener)(ack=ack, action=pressed, body=block_actions(pressed))
    press, line = desk.run_privately.call_args.args
    assert isinstance(press, Press)
    assert line == Line(HOME, CHANNEL, MIA, command, text)
    ack.assert_called_once_with()


def test_a_command_line_arrives_whole_and_is_answered_in_the_acknowledgement(
    desk: Mock, opener: Mock, ack: Mock
) -> None:
    command = {
        "team_id": HOME,
        "team_domain": "home",
        "channel_id": CHANNEL,
        "channel_name": "labels",
        "user_id": MIA,
        "user_name": "mia",
        "command": "/annotate",
        "text": "setup vehicle&gt;car",
        "api_app_id": "A0BOT00001",
        "response_url": "https://hooks.example.com/commands/1",
        "trigger_id": "1.2.abc",
    }
    commanded(desk, opener)(ack=ack, command=command)
    assert desk.answer.call_args.args[0] == Line(HOME, CHANNEL, MIA, "/annotate", "setup vehicle&gt;car")
    assert ack.call_args.kwargs["text"] == "done"
    del command["text"]
    commanded(desk, opener)(ack=ack, command=command)
    assert desk.answer.call_args.args[0].text == ""
