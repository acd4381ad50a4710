"""What is pressed on the Home tab, where payloads name no channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

import pytest

from bot.domain.forms import FormKind
from bot.domain.reviews import Verdict
from bot.slack.listening import Desk
from bot.slack.listening.home import opened, pressed

if TYPE_CHECKING:
    from unittest.mock import Mock

    from pytest_mock import MockerFixture

TEAM, HERE, MIA = "T0HOME0001", "C0LABELS01", "U0MIA00001"


@pytest.fixture
def desk() -> Mock:
    made: Mock = create_autospec(Desk, instance=True)
    made.form_of.side_effect = lambda line: FormKind.REVIEW if line.text.startswith("review") else None
    return made


@pytest.fixture
def press(desk: Mock, opener: Mock, mocker: MockerFixture) -> Any:  # noqa: ANN401 - a function of the test
    def press(action_id: str, value: str) -> None:
        ack = mocker.stub("ack")
        action = {"type": "button", "action_id": action_id, "value": value, "action_ts": "1.1"}
        body = {
            "team": {"id": TEAM},
            "user": {"id": MIA, "team_id": TEAM},
            "container": {"type": "view", "view_id": "V1"},
            "view": {"type": "home"},
            "trigger_id": "1.2.x",
        }
        pressed(desk, opener)(ack=ack, action=action, body=body)
        ack.assert_called_once_with()

    return press


def test_a_verdict_is_pressed_in_the_channel_of_its_button(desk: Mock, press: Any) -> None:  # noqa: ANN401
    press("home:decide:approve:all", f"{HERE}|1,2")
    (pressed_as, ids, verdict), _ = desk.decide.call_args
    assert (pressed_as.team_id, pressed_as.channel_id, pressed_as.by) == (TEAM, HERE, MIA)
    assert pressed_as.beside  # so that the ballot asks whether she is in the channel
    assert pressed_as.answered
    assert (ids, verdict) == ([1, 2], Verdict.APPROVE)


def test_an_undo_names_its_picture(desk: Mock, press: Any) -> None:  # noqa: ANN401
    press("home:undo:in1", f"{HERE}|in1")
    (pressed_as, input_id), _ = desk.undo.call_args
    assert (pressed_as.channel_id, pressed_as.beside, input_id) == (HERE, True, "in1")


def test_a_session_opens_as_asked_for_beside_the_channel(opener: Mock, desk: Mock, press: Any) -> None:  # noqa: ANN401
    press("home:line:review in1", f"{HERE}|/annotate review in1")
    (_, kind, line, trigger), more = opener.open.call_args
    assert (kind, line.channel_id, line.text, trigger) == (FormKind.REVIEW, HERE, "review in1", "1.2.x")
    assert more == {"beside": True}
    desk.run_privately.assert_not_called()


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("home:decide:approve:1", f"{HERE}|one"),
        ("home:decide:maybe:1", f"{HERE}|1"),
        ("home:decide:approve:1", ""),
        ("home:line:pause", f"{HERE}|/annotate pause"),
        ("home:", ""),
    ],
)
def test_a_button_that_is_none_of_ours_does_nothing(
    desk: Mock,
    opener: Mock,
    press: Any,  # noqa: ANN401
    action_id: str,
    value: str,
) -> None:
    press(action_id, value)
    desk.decide.assert_not_called()
    desk.undo.assert_not_called()
    desk.run_privately.assert_not_called()
    opener.open.assert_not_called()


@pytest.mark.parametrize(("tab", "drawn"), [("home", True), ("messages", False)])
def test_only_the_home_tab_is_drawn(desk: Mock, tab: str, *, drawn: bool) -> None:
    opened(desk)(event={"type": "app_home_opened", "user": MIA, "tab": tab}, body={"team_id": TEAM})
    assert desk.home_opened.called is drawn
