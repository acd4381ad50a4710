from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import grpc
import pytest

from bot.clarifai import ClarifaiAccount, Patience, inputs
from bot.clarifai.fetching import MOST_BYTES, PictureSource
from bot.domain.errors import NotFound, PlatformRefused, PlatformUnavailable
from bot.usecases.ports import InputFacts, InputState, NewInput

if TYPE_CHECKING:
    from collections.abc import Iterator

META = {"permalink": "https://slack.example/p1", "uploader": "U1", "sha256": "ab" * 32}


def at(url: str) -> InputFacts:
    return InputFacts("in1", InputState.READY, url=url)


@contextmanager
def serving(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A web server with one answer; yields its address and the authorization headers it was sent."""
    seen: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("authorization", ""))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # the reader may have had enough
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/picture.png", seen
        server.shutdown()
        thread.join()


def test_an_image_keeps_its_metadata_and_becomes_ready(lab) -> None:
    assert lab.platform.add_inputs([NewInput("in1", b"picture", metadata=META)]) == {"in1": None}
    lab.sandbox.settled("team")
    facts = lab.platform.read_inputs(["in1"])["in1"]
    assert facts.state is InputState.READY
    assert facts.metadata == META
    assert facts.created_at


def test_an_image_that_stands_already_is_taken_in(lab) -> None:
    lab.upload("in1")
    assert lab.platform.add_inputs([NewInput("in1", b"in1"), NewInput("in2", b"in2")]) == {"in1": None, "in2": None}
    assert lab.platform.read_app().inputs == 2


def test_a_lost_answer_adds_no_second_image(lab) -> None:
    lab.sandbox.faults.apply_then_fail("PostInputs")
    assert lab.platform.add_inputs([NewInput("in1", b"picture")]) == {"in1": None}
    assert lab.platform.read_app().inputs == 1


def test_one_refused_image_holds_nobody_else_up(lab) -> None:
    lab.sandbox.faults.item_failure("PostInputs", "in2", 30104)
    outcomes = lab.platform.add_inputs([NewInput(f"in{number}", b"x") for number in (1, 2, 3)])
    assert outcomes["in1"] is None
    assert outcomes["in3"] is None
    assert isinstance(outcomes["in2"], PlatformRefused)


def test_an_outage_leaves_every_image_for_later(lab) -> None:
    with ClarifaiAccount(lab.sandbox.base, patience=Patience(attempts=1)) as account, lab.sandbox.faults.outage():
        outcomes = account.platform("demo", "team", "demo-key").add_inputs(
            [NewInput("in1", b"x"), NewInput("in2", b"x")]
        )
    assert [type(error) for error in outcomes.values()] == [PlatformUnavailable] * 2


def test_a_transport_that_breaks_while_reading_is_not_taken_for_gone(lab) -> None:
    lab.sandbox.faults.fail_next("ListInputs", 40001)
    with pytest.raises(PlatformRefused):
        lab.platform.read_inputs(["in1"])
    lab.sandbox.faults.fail_next("ListInputs", grpc.StatusCode.NOT_FOUND)
    assert lab.platform.read_inputs(["in1"])["in1"].state is InputState.GONE


def test_an_image_by_url_that_cannot_be_read_fails_with_the_reason(lab) -> None:
    assert lab.platform.add_inputs([NewInput("in1", None, url="http://127.0.0.1:1/none.png")]) == {"in1": None}
    lab.sandbox.settled("team")
    facts = lab.platform.read_inputs(["in1", "in9"])
    assert facts["in1"].state is InputState.FAILED
    assert facts["in1"].reason
    assert facts["in9"].state is InputState.GONE


def test_the_same_url_may_be_added_under_two_ids(lab) -> None:
    with serving(200, b"picture") as (url, _):
        outcomes = lab.platform.add_inputs([NewInput("in1", None, url=url), NewInput("in2", None, url=url)])
        lab.sandbox.settled("team")
    assert outcomes == {"in1": None, "in2": None}
    assert {one.state for one in lab.platform.read_inputs(["in1", "in2"]).values()} == {InputState.READY}


def test_requests_with_images_respect_count_and_bytes() -> None:
    small = [NewInput(f"in{number}", b"x") for number in range(130)]
    assert [len(load) for load in inputs._loads(small)] == [128, 2]
    large = [NewInput(f"in{number}", bytes(9_000_000)) for number in range(3)]
    assert [len(load) for load in inputs._loads(large)] == [2, 1]
    huge = [NewInput(f"in{number}", bytes(20_000_000)) for number in range(2)]
    assert [len(load) for load in inputs._loads(huge)] == [1, 1]


def test_a_picture_comes_back_byte_for_byte(lab) -> None:
    lab.upload("in1")
    assert lab.platform.fetch_picture(lab.platform.read_inputs(["in1"])["in1"]) == b"in1"


def test_pictures_of_a_clarifai_at_localhost_may_lie_at_its_number() -> None:
    with serving(200, b"picture") as (url, seen):
        assert PictureSource("localhost", None).fetch(url, "key") == b"picture"
    assert seen == ["Key key"]


def test_a_picture_of_just_the_limit_is_taken_and_one_byte_more_refused() -> None:
    source = PictureSource("127.0.0.1", None)
    with serving(200, bytes(MOST_BYTES)) as (url, _):
        assert len(source.fetch(url, "key")) == MOST_BYTES
    with serving(200, bytes(MOST_BYTES + 1)) as (url, _), pytest.raises(PlatformRefused, match="20 MB"):
        source.fetch(url, "key")


def test_a_download_that_breaks_off_is_for_later_and_not_half_a_picture() -> None:
    with serving(200, b"half", {"Content-Length": "8"}) as (url, _), pytest.raises(PlatformUnavailable):
        PictureSource("127.0.0.1", None).fetch(url, "key")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, PlatformRefused),
        (401, PlatformRefused),
        (404, NotFound),
        (429, PlatformUnavailable),
        (503, PlatformUnavailable),
    ],
)
def test_every_http_answer_becomes_an_error(status: int, expected: type) -> None:
    with serving(status, headers={"Location": "http://127.0.0.1:1/"}) as (url, seen), pytest.raises(expected) as caught:
        PictureSource("127.0.0.1", None).fetch(url, "key")
    assert type(caught.value) is expected
    assert len(seen) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "https://127.0.0.1:9/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/x",
        "ftp://x/y",
        "file:///etc/passwd",
        "https://[broken",
        "https://host:port/x",
    ],
)
def test_nobody_makes_us_read_our_own_network(url: str) -> None:
    with pytest.raises(PlatformRefused):
        PictureSource("api.clarifai.com", None).fetch(url, "key")


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://data.clarifai.com/orig/x", True),
        ("https://clarifai.com/x", True),
        ("http://data.clarifai.com/x", False),
        ("https://evilclarifai.com/x", False),
        ("https://clarifai.com.evil.example/x", False),
        ("https://s3.amazonaws.com/clarifai-api/x", False),
        ("https://api.clarifai.com@evil.example/x", False),
    ],
)
def test_only_clarifais_own_hosts_get_the_key(url: str, trusted: bool) -> None:
    source = PictureSource("127.0.0.1", None)
    assert source.trusts(url) is trusted


def test_an_input_without_a_picture_is_not_found(platform) -> None:
    with pytest.raises(NotFound):
        platform.fetch_picture(at(""))


def test_a_host_that_is_down_is_unavailable(platform) -> None:
    with pytest.raises(PlatformUnavailable):
        platform.fetch_picture(at("http://127.0.0.1:1/x"))


def test_an_address_that_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(PlatformRefused):
        PictureSource("127.0.0.1", None).fetch("http://127.0.0.1:1/a b\u00e9", "key")
