"""What each failure of Slack or of the wire means for the work at hand."""

from __future__ import annotations

import datetime as dt
import socket
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable
from bot.domain.views import AnnouncementView
from bot.slack.client import SlackChat
from bot.usecases.chat import Mark, PostKind
from tests.slack.client.canned import canned, http

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.slack import SlackSandbox

    Wait = Callable[[float], None]

LABELS = "C0LABELS01"
MARK = Mark(PostKind.CARD, "card:1")
HELLO = AnnouncementView(("Hello.",))


def test_too_many_requests_is_later_and_says_when(slack: SlackSandbox, chat: SlackChat) -> None:
    slack.faults.limit("chat.postMessage", retry_after_s=7)
    with pytest.raises(ChatUnavailable) as later:
        chat.post(LABELS, HELLO, MARK)
    assert later.value.retry_after_s == 7
    assert slack.messages(LABELS) == []


def test_a_lost_answer_to_a_post_is_doubt_and_the_message_can_be_found(slack: SlackSandbox, chat: SlackChat) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(ChatInDoubt):
        chat.post(LABELS, HELLO, MARK)
    [message] = slack.messages(LABELS)
    posted_at = dt.datetime.fromtimestamp(float(message["ts"]), dt.UTC)
    assert chat.find(LABELS, MARK, since=posted_at) == message["ts"]


def test_a_lost_answer_to_an_update_is_merely_later(slack: SlackSandbox, chat: SlackChat) -> None:
    ts = chat.post(LABELS, HELLO, MARK)
    slack.faults.lose_answer("chat.update")
    with pytest.raises(ChatUnavailable):
        chat.update(LABELS, ts, HELLO, MARK)


def test_a_post_waits_one_second_for_an_answer(slack: SlackSandbox, chat: SlackChat) -> None:
    with slack.faults.hold("chat.postMessage"), pytest.raises(ChatInDoubt):
        chat.post(LABELS, HELLO, MARK)


@pytest.mark.parametrize("word", ["channel_not_found", "not_in_channel", "is_archived", "invalid_blocks"])
def test_slacks_own_no_is_final(slack: SlackSandbox, chat: SlackChat, word: str) -> None:
    slack.faults.fail("chat.postMessage", word)
    with pytest.raises(ChatRefused) as refused:
        chat.post(LABELS, HELLO, MARK)
    assert refused.value.error == word


@pytest.mark.parametrize("word", ["internal_error", "fatal_error"])
def test_slacks_own_accident_leaves_a_post_in_doubt(slack: SlackSandbox, chat: SlackChat, word: str) -> None:
    slack.faults.fail("chat.postMessage", word)
    with pytest.raises(ChatInDoubt):
        chat.post(LABELS, HELLO, MARK)
    slack.faults.fail("users.info", word)
    with pytest.raises(ChatUnavailable):
        chat.person(slack.team_id, slack.members[0].id)


@pytest.mark.parametrize("word", ["ratelimited", "service_unavailable", "request_timeout"])
def test_what_slack_did_not_do_is_later(slack: SlackSandbox, chat: SlackChat, word: str) -> None:
    slack.faults.fail("chat.postMessage", word)
    with pytest.raises(ChatUnavailable):
        chat.post(LABELS, HELLO, MARK)


def test_a_broken_proxy_leaves_a_post_in_doubt(slack: SlackSandbox, chat: SlackChat) -> None:
    slack.faults.break_down("chat.postMessage", status=502)
    with pytest.raises(ChatInDoubt):
        chat.post(LABELS, HELLO, MARK)


def test_a_refused_connection_did_nothing(wait: Wait) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(ChatUnavailable):
        SlackChat("xoxb-1", wait, api_url=f"http://127.0.0.1:{port}/api/").post(LABELS, HELLO, MARK)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        http("200 OK", b"<html>"),
        http("200 OK", b'{"ok": true}'),
        http("200 OK", b'"ok"'[:2]),
        http("500 Internal Server Error", b"oops"),
        b"nonsense\r\n\r\n",
    ],
)
def test_half_an_answer_leaves_a_post_in_doubt(wait: Wait, answer: bytes) -> None:
    with canned(answer) as server, pytest.raises(ChatInDoubt):
        SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/").post(LABELS, HELLO, MARK)


def test_a_retry_after_that_is_no_number_means_one_second(wait: Wait) -> None:
    limited = http("429 Too Many Requests", b"{}", extra="Retry-After: soon\r\n")
    with canned(limited) as server, pytest.raises(ChatUnavailable) as later:
        SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/").post(LABELS, HELLO, MARK)
    assert later.value.retry_after_s == 1.0


def test_a_message_of_an_error_holds_no_token(wait: Wait) -> None:
    with canned(b"") as server, pytest.raises(ChatInDoubt) as doubt:
        SlackChat("xoxb-secret", wait, api_url=f"{server.url}/api/").post(LABELS, HELLO, MARK)
    assert "secret" not in str(doubt.value)
