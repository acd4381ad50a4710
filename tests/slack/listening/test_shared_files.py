"""Messages with files in the shape Slack sends them, handed over as files of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

import pytest

from bot.slack.listening import Desk, SharedFiles
from bot.slack.listening.messages import shared as hear

if TYPE_CHECKING:
    from unittest.mock import Mock

HOME, FOREIGN = "T0HOME0001", "T0OTHER001"
CHANNEL, MIA = "C0LABELS01", "U0MIA00001"
UPLOAD_TS = "1777888999.000100"


def file_share(**different: object) -> dict[str, Any]:
    """The event of a message with two files."""
    event = {
        "type": "message",
        "subtype": "file_share",
        "text": "two cats",
        "files": [
            {"id": "F0FILE0001", "name": "cat.png", "mimetype": "image/png", "size": 100},
            {"id": "F0FILE0002", "name": "cat two.png", "mimetype": "image/png", "size": 100},
        ],
        "user": MIA,
        "channel": CHANNEL,
        "ts": UPLOAD_TS,
        "event_ts": UPLOAD_TS,
        "channel_type": "channel",
        "team": HOME,
    }
    return {
        "type": "event_callback",
        "team_id": HOME,
        "api_app_id": "A0BOT00001",
        "event_id": "Ev0001",
        "event_time": 1777888999,
        "event": {k: v for k, v in {**event, **different}.items() if v is not None},
    }


@pytest.fixture
def desk() -> Mock:
    made: Mock = create_autospec(Desk, instance=True)
    return made


def shared(desk: Mock, body: dict[str, Any]) -> SharedFiles | None:
    """What the desk was handed of an event, if anything."""
    hear(desk)(event=body["event"], body=body)
    return desk.take_files.call_args.args[0] if desk.take_files.called else None


def test_a_message_with_files_is_handed_over_in_order(desk: Mock) -> None:
    assert shared(desk, file_share()) == SharedFiles(
        team_id=HOME,
        channel_id=CHANNEL,
        user_id=MIA,
        home_team_id=HOME,
        ts=UPLOAD_TS,
        thread_ts="",
        files=(("F0FILE0001", "cat.png"), ("F0FILE0002", "cat two.png")),
    )


def test_a_file_in_a_thread_keeps_its_thread(desk: Mock) -> None:
    found = shared(desk, file_share(thread_ts="1777888000.000001"))
    assert found is not None
    assert found.thread_ts == "1777888000.000001"


def test_an_upload_by_somebody_of_another_workspace_says_so(desk: Mock) -> None:
    found = shared(desk, file_share(user_team=FOREIGN, source_team=FOREIGN))
    assert found is not None
    assert (found.team_id, found.home_team_id) == (HOME, FOREIGN)


def test_a_stub_of_a_file_without_a_name_is_handed_over_all_the_same(desk: Mock) -> None:
    stub = {"id": "F0STUB0001", "mode": "file_access", "file_access": "check_file_info"}
    titled = {"id": "F0STUB0002", "name": None, "title": "cat"}
    found = shared(desk, file_share(files=[stub, titled]))
    assert found is not None
    assert found.files == (("F0STUB0001", "file"), ("F0STUB0002", "cat"))


@pytest.mark.parametrize(
    "different",
    [
        {"subtype": None},
        {"subtype": "message_changed"},
        {"subtype": "channel_join", "files": None},
        {"files": None},
        {"files": []},
        {"bot_id": "B0BOT00001"},
    ],
)
def test_other_messages_are_not_ours(desk: Mock, different: dict[str, Any]) -> None:
    assert shared(desk, file_share(**different)) is None
