"""Files: what is said about them, their bytes, and pictures of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import ChatRefused, ChatUnavailable, NotAPhotograph
from bot.domain.views import CardView
from bot.slack import downloads
from bot.slack.client import SlackChat
from bot.slack.downloads import Hosts
from bot.usecases.chat import Mark, PostKind, SlackFile
from tests.slack.client.canned import canned, http

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.slack import SlackSandbox

    Wait = Callable[[float], None]

LABELS = "C0LABELS01"
MB = 1_000_000


def shared(slack: SlackSandbox, name: str, data: bytes) -> str:
    slack.upload("omar", LABELS, [(name, data)])
    return str(slack.messages(LABELS)[-1]["files"][0]["id"])


def test_a_file_is_described_and_downloaded(slack: SlackSandbox, chat: SlackChat, png: bytes) -> None:
    file = chat.file(shared(slack, "cat.png", png))
    assert (file.name, file.mimetype, file.size, file.problem) == ("cat.png", "image/png", len(png), "")
    assert chat.download(file, limit=MB) == png


def test_a_deleted_file_says_so(slack: SlackSandbox, chat: SlackChat, png: bytes) -> None:
    file_id = shared(slack, "cat.png", png)
    slack.delete_file(file_id)
    assert chat.file(file_id).problem == "was deleted"


def test_a_file_nobody_knows_says_so(chat: SlackChat) -> None:
    assert "deleted" in chat.file("F0NOTTHERE1").problem


@pytest.mark.parametrize(("kind", "problem"), [("remote", "is stored outside Slack"), ("connect", "another workspace")])
def test_files_from_elsewhere_say_so(slack: SlackSandbox, chat: SlackChat, kind: str, problem: str) -> None:
    slack.upload_odd("omar", LABELS, "cat.png", kind)
    file_id = slack.messages(LABELS)[-1]["files"][0]["id"]
    assert problem in chat.file(file_id).problem


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (b'"mode": "hidden_by_limit"', "is hidden by the storage limit of this workspace"),
        (b'"mode": "tombstone"', "was deleted"),
        (b'"mode": "hosted", "size": 20000001', "is larger than 20 MB"),
        (b'"mode": "hosted", "size": 20000000', ""),
        (b'"mode": "hosted", "file_access": "access_denied"', "cannot be seen from here"),
    ],
)
def test_other_reasons_are_in_plain_words(wait: Wait, fields: bytes, problem: str) -> None:
    with canned(http("200 OK", b'{"ok": true, "file": {"id": "F1", "name": "a.png", %s}}' % fields)) as server:
        assert SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/").file("F1").problem == problem


@pytest.mark.parametrize(
    ("fields", "preview"),
    [
        (b'"thumb_960": "/s", "thumb_960_w": 960, "thumb_960_h": 720', ""),
        (b'"thumb_1024": "/l", "thumb_1024_w": 1024, "thumb_1024_h": 768, "thumb_960": "/s", "thumb_960_w": 960', "/l"),
        (b'"thumb_1024": "/l", "thumb_1024_w": 768, "thumb_1024_h": 1024', "/l"),
        (b'"thumb_1024": "/l", "thumb_1024_w": 800, "thumb_1024_h": 600', ""),
        (b'"thumb_1024": "/l"', ""),
        (b'"thumb_1024": "", "thumb_1024_w": 1024', ""),
        (b'"thumb_pdf": "/p", "thumb_pdf_w": 2000', ""),
    ],
)
def test_only_a_large_drawing_of_slacks_is_a_preview(wait: Wait, fields: bytes, preview: str) -> None:
    with canned(http("200 OK", b'{"ok": true, "file": {"id": "F1", "name": "a.heic", %s}}' % fields)) as server:
        assert SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/").file("F1").preview_url == preview


def test_a_stopped_slack_is_no_reason_to_skip_a_file(slack: SlackSandbox, chat: SlackChat) -> None:
    slack.faults.break_down("files.info")
    with pytest.raises(ChatUnavailable):
        chat.file("F0123456789")


def test_without_a_good_token_slack_asks_for_a_login(
    slack: SlackSandbox, chat: SlackChat, wait: Wait, png: bytes
) -> None:
    file = chat.file(shared(slack, "cat.png", png))
    with pytest.raises(NotAPhotograph, match="Slack asks for a login"):
        SlackChat("xoxb-wrong", wait, api_url=slack.api_url).download(file, limit=MB)


def file_at(address: str, mimetype: str = "image/png") -> SlackFile:
    return SlackFile("F1", "cat.png", mimetype, 3, address)


def test_the_token_is_sent_to_the_host_of_the_file(wait: Wait) -> None:
    with canned(http("200 OK", b"abc", kind="image/png")) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        assert chat.download(file_at(f"{server.url}/files/a.png?x=1"), limit=3) == b"abc"
    assert b"GET /files/a.png?x=1 HTTP/1.1" in server.requests[0]
    assert b"Authorization: Bearer xoxb-1" in server.requests[0]


def test_the_token_is_sent_nowhere_else(wait: Wait) -> None:
    with canned(http("200 OK", b"abc", kind="image/png")) as server:
        chat = SlackChat("xoxb-1", wait)
        with pytest.raises(NotAPhotograph, match="not stored at Slack"):
            chat.download(file_at(f"{server.url}/a.png"), limit=3)
    assert server.requests == []


def test_a_redirect_is_not_followed(wait: Wait) -> None:
    with (
        canned(http("200 OK", b"abc", kind="image/png")) as elsewhere,
        canned(http("302 Found", extra=f"Location: {elsewhere.url}/b.png\r\n")) as server,
    ):
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(NotAPhotograph, match="another address"):
            chat.download(file_at(f"{server.url}/a.png"), limit=3)
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        http("200 OK", b"abcd", kind="image/png"),
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
    ],
)
def test_a_file_over_the_cap_is_stopped(wait: Wait, answer: bytes) -> None:
    with canned(answer) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(NotAPhotograph, match="is larger than"):
            chat.download(file_at(f"{server.url}/a.png"), limit=3)
        assert chat.download(file_at(f"{server.url}/a.png"), limit=4) == b"abcd"


def test_an_endless_file_is_stopped_at_the_cap_before_it_ends(wait: Wait) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    with canned(head + b"x" * 200_000, hold=True) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(NotAPhotograph, match=r"larger than 0\.1 MB"):
            chat.download(file_at(f"{server.url}/a.png"), limit=100_000)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
        http("503 Service Unavailable"),
        http("429 Too Many Requests"),
        b"",
    ],
)
def test_a_download_that_broke_off_is_tried_later(wait: Wait, answer: bytes) -> None:
    with canned(answer) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(ChatUnavailable):
            chat.download(file_at(f"{server.url}/a.png"), limit=100)


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nabc"]
)
def test_a_download_that_stands_still_ends_at_its_deadline(
    wait: Wait, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "DOWNLOAD_S", 0.2)
    with canned(head, hold=True) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        with pytest.raises(ChatUnavailable):
            chat.download(file_at(f"{server.url}/a.png"), limit=100)


def test_a_shared_web_page_is_no_login_page(wait: Wait) -> None:
    page = http("200 OK", b"<p>mine</p>", kind="text/html; charset=utf-8")
    with canned(page) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        assert chat.download(file_at(f"{server.url}/a.html", "text/html"), limit=100) == b"<p>mine</p>"
        with pytest.raises(NotAPhotograph, match="login"):
            chat.download(file_at(f"{server.url}/a.png"), limit=100)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com/files-pri/T1-F1/cat.png",
        "https://slack-files.com/T1-F1",
        "https://FILES.slack.com:443/x",
    ],
)
def test_slacks_file_hosts_may_see_the_token(address: str) -> None:
    assert Hosts.of(downloads.SLACK_API).may_see_the_token(address)
    assert Hosts.of("http://127.0.0.1:9000/api/").may_see_the_token(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://evil.example/files.slack.com",
        "https://user:pw@files.slack.com/x",
        "https://slack.com/x",
        "http://127.0.0.1:9001/x",
        "https://127.0.0.1:9000/x",
        "http://localhost:9000/x",
        "file:///etc/passwd",
        "https://files.slack.com:port/x",
        "//files.slack.com/x",
        "",
    ],
)
def test_nobody_else_may(address: str) -> None:
    assert not Hosts.of("http://127.0.0.1:9000/api/").may_see_the_token(address)


def test_a_picture_of_ours_is_ready_to_be_shown_when_the_upload_returns(
    slack: SlackSandbox, chat: SlackChat, png: bytes
) -> None:
    file_id = chat.upload_picture(png, "cat.png")
    card = CardView("in1", "cat.png", "", "", file_id, ())
    chat.post(LABELS, card, Mark(PostKind.CARD, "card:1"))
    [message] = slack.messages(LABELS)  # the upload itself is shared nowhere
    assert message["blocks"][0]["slack_file"]["id"] == file_id


def test_a_picture_that_is_never_processed_is_given_up(slack: SlackSandbox, png: bytes) -> None:
    slack.tune(processing_time_s=3600)
    waits: list[float] = []
    chat = SlackChat(slack.bot_token, waits.append, api_url=slack.api_url)
    with pytest.raises(ChatUnavailable, match="still processing"):
        chat.upload_picture(png, "cat.png")
    assert 5 <= sum(waits) <= 10


def test_an_upload_address_outside_slack_is_refused(wait: Wait) -> None:
    ticket = b'{"ok": true, "file_id": "F1", "upload_url": "https://evil.example/u"}'
    with canned(http("200 OK", ticket)) as server, pytest.raises(ChatRefused):
        SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/").upload_picture(b"abc", "a.png")


def test_an_upload_that_is_not_taken_is_tried_later(wait: Wait) -> None:
    with canned(http("500 Internal Server Error")) as files:
        ticket = f'{{"ok": true, "file_id": "F1", "upload_url": "{files.url}/u"}}'
        answers = [http("200 OK", ticket.encode()), http("500 Internal Server Error")]
        files._answers[:] = answers
        with pytest.raises(ChatUnavailable):
            SlackChat("xoxb-1", wait, api_url=f"{files.url}/api/").upload_picture(b"abc", "a.png")
