"""What a stranger can send to /slack/events, and what the one who knows the secret can."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.guard import MAX_BODY, guard, is_signed
from tests.web.front import SECRET, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tests.web.front import Front

CLICK = b"payload=%7B%22type%22%3A%22block_actions%22%7D"


def spoken(front: Front, raw: bytes, *, end: bool = False) -> bytes:
    """Send `raw` as it stands and return everything that is answered until the other side closes."""
    with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
        connection.sendall(raw)
        if end:
            connection.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := connection.recv(65_536):
            heard += piece
        return heard


def request(headers: Mapping[str, str], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n{lines}\r\n".encode() + body


def in_chunks(body: bytes, size: int = 7) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("body", [CLICK, b"", "token=x&text=grüße".encode(), bytes(range(256)), b"x" * MAX_BODY])
def test_a_signed_request_reaches_slack_with_its_exact_bytes(front: Front, body: bytes) -> None:
    assert front.deliver(body).status == 200
    assert front.slack.bodies == [body]


@pytest.mark.parametrize("age_s", [295, -295])
def test_a_clock_that_is_almost_five_minutes_off_is_forgiven(front: Front, age_s: int) -> None:
    assert front.deliver(CLICK, signed(CLICK, age_s=age_s)).status == 200


REFUSED = {
    "no headers": {},
    "signed with another secret": signed(CLICK, secret="another"),
    "signed for another body": signed(CLICK + b" "),
    "301 s old": signed(CLICK, age_s=301),
    "an hour in the future": signed(CLICK, age_s=-3600),
    "a timestamp in words": signed(CLICK, timestamp="yesterday"),
    "a timestamp in superscript digits": {"X-Slack-Request-Timestamp": "\xb2\xb2", "X-Slack-Signature": "v0=00"},
    "an endless timestamp": signed(CLICK, timestamp="9" * 5000),
    "a negative timestamp": signed(CLICK, timestamp="-1"),
    "not a number": signed(CLICK, timestamp="nan"),
    "an empty timestamp": signed(CLICK, timestamp=""),
    "no signature": {"X-Slack-Request-Timestamp": signed(CLICK)["X-Slack-Request-Timestamp"]},
    "no timestamp": {"X-Slack-Signature": signed(CLICK)["X-Slack-Signature"]},
    "an empty signature": signed(CLICK) | {"X-Slack-Signature": ""},
    "a signature outside ASCII": signed(CLICK) | {"X-Slack-Signature": "v0=\xe9\xff"},
    "another version": signed(CLICK) | {"X-Slack-Signature": signed(CLICK)["X-Slack-Signature"].replace("v0", "v1")},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
def test_what_slack_has_not_signed_is_401_and_reaches_nobody(front: Front, headers: Mapping[str, str]) -> None:
    answer = front.deliver(CLICK, headers)
    assert (answer.status, answer.body) == (401, b"Unauthorized\n")
    assert front.slack.bodies == []


def test_an_unsigned_body_of_broken_json_is_not_parsed(front: Front) -> None:
    answer = front.deliver(b"payload=%7Bbroken", {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 401
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize("size", [MAX_BODY + 1, 2_000_000, 50_000_000])
def test_a_large_body_is_413_even_when_signed(front: Front, size: int) -> None:
    answer = front.deliver(b"x" * size)
    assert answer.status == 413
    assert len(answer.body) < 200
    assert b"Traceback" not in answer.body
    assert front.slack.bodies == []


def test_a_large_body_is_refused_before_it_is_sent(front: Front) -> None:
    assert b" 413 " in spoken(front, request({"Content-Length": "50000000"}, b""), end=True)


def test_a_body_in_chunks_arrives_whole(front: Front) -> None:
    raw = request(signed(CLICK) | {"Transfer-Encoding": "chunked"}, in_chunks(CLICK))
    assert b" 200 OK" in spoken(front, raw)
    assert front.slack.bodies == [CLICK]


def test_a_large_body_in_chunks_is_413(front: Front) -> None:
    body = b"x" * 2_000_000
    raw = request(signed(body) | {"Transfer-Encoding": "chunked"}, in_chunks(body, 100_000))
    assert b" 413 " in spoken(front, raw)
    assert front.slack.bodies == []


def test_a_content_length_that_says_too_little_is_401(front: Front) -> None:
    raw = request(signed(CLICK) | {"Content-Length": str(len(CLICK) - 1)}, CLICK)
    assert b" 401 " in spoken(front, raw)
    assert front.slack.bodies == []


def test_a_content_length_that_says_too_much_reaches_nobody_and_the_next_request_is_served(front: Front) -> None:
    spoken(front, request(signed(CLICK) | {"Content-Length": str(len(CLICK) + 1)}, CLICK), end=True)
    assert front.deliver(CLICK).status == 200
    assert front.slack.bodies == [CLICK]


def test_a_content_length_that_is_no_number_is_refused(front: Front) -> None:
    assert b" 400 " in spoken(front, request(signed(CLICK) | {"Content-Length": "many"}, CLICK))
    assert front.slack.bodies == []


class Meter(io.BytesIO):
    """A body that gives at most 1,000 bytes at a time and counts them; as other servers than waitress hand it over."""

    asked = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(min(1_000, size if size is not None and size >= 0 else 1_000))
        self.asked += len(piece)
        return piece


def guarded(body: bytes, **environ: str) -> tuple[str, int, list[bytes]]:
    """Ask the guard without a server; return the status, the bytes read, and what reached Slack."""
    reached: list[bytes] = []
    statuses: list[str] = []

    def slack(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reached.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [])
        return []

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda _: None

    meter = Meter(body)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed(body).items()}
    list(guard(slack, signing_secret=SECRET)({"wsgi.input": meter} | headers | environ, start_response))
    return statuses[0], meter.asked, reached


def test_no_byte_is_read_when_the_declared_length_is_above_the_cap() -> None:
    status, read, reached = guarded(b"x" * (MAX_BODY + 1), CONTENT_LENGTH=str(MAX_BODY + 1))
    assert (status[:3], read, reached) == ("413", 0, [])


def test_of_an_endless_chunked_body_no_more_than_the_cap_and_one_byte_is_read() -> None:
    status, read, reached = guarded(b"x" * (3 * MAX_BODY), HTTP_TRANSFER_ENCODING="chunked")
    assert (status[:3], read, reached) == ("413", MAX_BODY + 1, [])


def test_short_reads_are_put_together() -> None:
    body = b"x" * 2_500
    assert guarded(body, CONTENT_LENGTH="2500") == ("200 OK", 2_500, [body])
    assert guarded(body, HTTP_TRANSFER_ENCODING="chunked") == ("200 OK", 2_500, [body])


@pytest.mark.parametrize("length", ["-5", "+7", "1e3", "\xb2", "9" * 5_000])
def test_an_odd_content_length_raises_nothing(length: str) -> None:
    status, read, reached = guarded(CLICK, CONTENT_LENGTH=length)
    assert (status[:3] in {"401", "413"}, read, reached) == (True, 0, [])


def test_without_a_length_and_without_chunks_nothing_is_read() -> None:
    assert guarded(CLICK)[:2] == ("401 Unauthorized", 0)


def test_the_window_is_exactly_five_minutes_on_both_sides() -> None:
    headers = signed(CLICK, timestamp="1000000")
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    accepted = [now for now in range(999_600, 1_000_400) if is_signed(environ, CLICK, key=SECRET.encode(), now_s=now)]
    assert (accepted[0], accepted[-1], len(accepted)) == (999_700, 1_000_300, 601)


def test_slacks_own_published_example_verifies() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    environ = {
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": "1531420618",
        "HTTP_X_SLACK_SIGNATURE": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    assert is_signed(environ, body, key=b"8f742231b10e8888abcd99yyyzzz85a5", now_s=1531420618)


@given(timestamp=st.text(), signature=st.text(), body=st.binary())
def test_whatever_a_stranger_claims_is_refused_without_an_error(timestamp: str, signature: str, body: bytes) -> None:
    environ = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp, "HTTP_X_SLACK_SIGNATURE": signature}
    assert not is_signed(environ, body, key=SECRET.encode(), now_s=0.0)
