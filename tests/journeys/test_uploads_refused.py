"""Files that cannot become inputs: each with its reason, the rest of the message going on."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def bomb() -> bytes:
    """Return a PNG of 152 bytes that declares 12,000 x 9,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 12_000, 9_000, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(2000), 9))
    small = b"\x89PNG\r\n\x1a\n" + header + rows
    end = chunk(b"IEND", b"")
    return small + chunk(b"tEXt", bytes(152 - len(small) - len(end) - 12)) + end


@pytest.mark.fault(24)
def test_each_bad_file_is_skipped_with_its_reason_and_the_others_go_on(lab: Lab) -> None:
    assert len(bomb()) == 152
    lab.set_up()
    good = lab.picture(people=0.5)
    ts = lab.upload(
        ("empty.png", b""),
        ("half.png", lab.picture(shape=(300, 300))[:-60]),
        ("page.png", b"<!DOCTYPE html><html><body>hello</body></html>"),
        ("notes.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("bomb.png", bomb()),
        ("good.png", good),
    )
    lab.settle_down()
    said = lab.answer_to(ts)
    assert said.startswith("6 images: 1 to review, 5 skipped: ")
    assert "empty.png is empty" in said
    assert "half.png is " in said
    assert "page.png is " in said
    assert "notes.svg is not a photograph" in said
    assert "megapixel" in said.split("bomb.png", 1)[1]
    assert len(lab.inputs()) == 1


@pytest.mark.fault(25)
def test_a_file_over_the_cap_is_never_sent(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("huge.png", b"\x89PNG\r\n\x1a\n" + bytes(20_000_000)))
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 skipped: huge.png is larger than 20 MB."
    assert lab.inputs() == []


@pytest.mark.parametrize(("kind", "why"), [("connect", "another workspace"), ("remote", "outside Slack")])
def test_a_file_without_bytes_here_is_skipped(lab: Lab, kind: str, why: str) -> None:
    lab.set_up()
    ts = lab.workspace.upload_odd(lab.omar, lab.channel, "far.png", kind)
    lab.settle_down()
    assert why in lab.answer_to(ts)
    assert "1 skipped" in lab.answer_to(ts)


def test_a_file_deleted_before_it_was_taken_is_skipped(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("gone.png", lab.picture(people=0.5)), ("here.png", lab.picture(people=0.5)))
    message = lab.workspace.message(lab.channel, ts)
    assert message is not None
    lab.workspace.delete_file(message["files"][0]["id"])
    lab.settle_down()
    assert lab.answer_to(ts) == "2 images: 1 to review, 1 skipped: gone.png was deleted."
