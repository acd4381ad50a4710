"""Files for everybody in a channel: one message, in the right place, and a true answer to whether they stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable
from bot.slack.client import SlackChat
from tests.slack.client.canned import canned, http

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.sandbox.slack import SlackSandbox

LABELS, DANA = "C0LABELS01", "U0DANA00001"
COMPLETE = "files.completeUploadExternal"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "labels"
    path.write_bytes(b"=1\n" * 100_000)
    return path


def test_two_files_come_in_one_message_that_names_who_asked(slack: SlackSandbox, chat: SlackChat, file: Path) -> None:
    ids = [chat.sharing.put(file, name) for name in ("labels.jsonl", "labels.card.md")]
    assert [chat.sharing.stands(one, LABELS) for one in ids] == [None, None]
    chat.sharing.share([(ids[0], "labels.jsonl"), (ids[1], "card")], "3 <!channel>", by=DANA, channel_id=LABELS)
    [message] = slack.messages(LABELS)
    assert message["text"] == f"<@{DANA}> asked for this: 3 &lt;!channel&gt;."
    assert [one["title"] for one in message["files"]] == ["labels.jsonl", "card"]
    assert [chat.sharing.stands(one, LABELS) for one in ids] == [True, True]
    assert chat.download(chat.file(ids[0]), limit=1_000_000) == file.read_bytes()


def test_an_answer_in_a_thread_stays_there(slack: SlackSandbox, chat: SlackChat, file: Path) -> None:
    thread = slack.say("mia", LABELS, "hello")
    file_id = chat.sharing.put(file, "labels.csv")
    chat.sharing.share([(file_id, "labels.csv")], "labels", by=DANA, channel_id=LABELS, thread_ts=thread)
    [reply] = slack.replies(LABELS, thread)
    assert reply["files"][0]["id"] == file_id


def test_a_lost_answer_is_in_doubt_and_a_look_tells(slack: SlackSandbox, chat: SlackChat, file: Path) -> None:
    file_id = chat.sharing.put(file, "labels.csv")
    slack.faults.lose_answer(COMPLETE)
    with pytest.raises(ChatInDoubt):
        chat.sharing.share([(file_id, "labels.csv")], "labels", by=DANA, channel_id=LABELS)
    assert chat.sharing.stands(file_id, LABELS)
    assert chat.sharing.stands(file_id, "C0OTHER0001") is False


def test_refused_and_busy_are_told_apart(slack: SlackSandbox, chat: SlackChat, file: Path) -> None:
    file_id = chat.sharing.put(file, "labels.csv")
    slack.faults.limit(COMPLETE, 7)
    with pytest.raises(ChatUnavailable) as busy:
        chat.sharing.share([(file_id, "labels.csv")], "labels", by=DANA, channel_id=LABELS)
    assert busy.value.retry_after_s == 7
    with pytest.raises(ChatRefused, match="channel_not_found"):
        chat.sharing.share([(file_id, "labels.csv")], "labels", by=DANA, channel_id="C0NOTTHERE1")


def test_bytes_go_to_slack_only(wait: Callable[[float], None], file: Path) -> None:
    ticket = b'{"ok": true, "file_id": "F0123456789", "upload_url": "https://elsewhere.example/up"}'
    with canned(http("200 OK", ticket)) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(ChatRefused, match="outside Slack"):
            chat.sharing.put(file, "labels.csv")
    assert len(server.requests) == 1
