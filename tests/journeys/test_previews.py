"""HEIC, TIFF and BMP are taken by Slack's own large drawing of them, under the id of the original bytes."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.pictures import Pictures
from bot.sandbox.slack.thumbnails import drawn
from tests.sandbox.slack.test_thumbnails import HEIC

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def original(kind: str, width: int = 1600, height: int = 1200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (40, 90, 160)).save(out, kind)
    return out.getvalue()


def wait_for_drawings(lab: Lab) -> None:
    """Let the time pass in which Slack may still make a drawing."""
    for _ in range(4):
        lab.clock.advance(seconds=17)
        lab.settle_down()


@pytest.mark.parametrize(("name", "kind"), [("scan.tiff", "TIFF"), ("scan.bmp", "BMP")])
def test_slacks_drawing_is_sent_under_the_id_of_the_original(lab: Lab, name: str, kind: str) -> None:
    lab.set_up()
    data = original(kind)
    lab.model.plant(Pictures().prepare(drawn(data, 1024)).data, {"people": 0.5})
    ts = lab.upload((name, data))
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."
    [stored] = lab.inputs()
    assert stored.id == f"in{hashlib.sha256(data).hexdigest()[:30]}"
    assert stored.data.metadata["sha256"] == hashlib.sha256(data).hexdigest()
    [card] = lab.cards()
    [image] = [b for b in card["blocks"] if b["type"] == "image"]
    assert image["alt_text"].startswith(name)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("phone.heic", HEIC, "a HEIC"),
        ("small.bmp", original("BMP", 960, 720), "a BMP"),
        ("small.tiff", original("TIFF", 40, 30), "a TIFF"),
    ],
)
def test_without_a_large_drawing_it_says_what_to_do(lab: Lab, name: str, data: bytes, what: str) -> None:
    lab.set_up()
    ts = lab.upload((name, data), ("good.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert lab.answer_to(ts) == "2 images: 1 to review, 1 being looked at."
    wait_for_drawings(lab)
    assert lab.answer_to(ts) == (
        f"2 images: 1 to review, 1 skipped: {name} is {what} picture that Slack offers no large preview of: "
        "convert it to JPEG or PNG."
    )


def test_what_only_calls_itself_a_picture_is_skipped_at_once(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("phone.heic", b"not a picture"))
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 skipped: phone.heic is not a photograph."
