"""Files that cannot become an Input, and the words in which that is told."""

from __future__ import annotations

import contextlib
import random
import warnings
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.errors import NotAPhotograph
from bot.pictures import Pictures, capped
from tests.pictures.files import encoded, photograph, png_that_declares

DESK = Pictures()
KINDS = ["JPEG", "PNG", "WEBP", "GIF"]


def reason(data: bytes) -> str:
    with pytest.raises(NotAPhotograph) as refused:
        DESK.prepare(data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"Buy milk and eggs\n", "is not a photograph"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a photograph"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<svg/>", "is not a photograph"),
        (b"<?xml version='1.0'?><note/>", "is not a photograph"),
        (b"\xef\xbb\xbf\n <!DOCTYPE HTML><title>Sign in</title>", "is a web page, not a picture"),
        (b"<html><body>404", "is a web page, not a picture"),
        (b"<!-- made by hand --><HTML>", "is a web page, not a picture"),
        (b"%PDF-1.7\n", "is a PDF document, not a photograph"),
        (b"PK\x03\x04....", "is an archive, not a photograph"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "is a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "is an AVIF picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "is a video, not a photograph"),
        (b"RIFF\x04\0\0\0WAVE", "is not a photograph"),
        (encoded(photograph(), "BMP"), "is a BMP picture"),
        (encoded(photograph(), "TIFF"), "is a TIFF picture"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(data: bytes, told: str) -> None:
    assert reason(data) == told


def test_152_bytes_that_declare_108_megapixels_are_refused_without_a_warning() -> None:
    bomb = png_that_declares(12_000, 9_000)
    assert len(bomb) == 152
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reason(bomb) == "declares 108 megapixels; at most 50 are taken"


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [
        (30_000, 30_000, "declares 900 megapixels; at most 50 are taken"),
        (2_147_483_647, 2_147_483_647, "declares 4611686014132 megapixels; at most 50 are taken"),
        (5_000, 10_001, "declares 50.1 megapixels; at most 50 are taken"),
        (70_000, 2, "is 70,000 pixels long; at most 65,000 are taken"),
        (0, 5, "is damaged"),
    ],
)
def test_the_size_is_judged_before_any_pixel(width: int, height: int, told: str) -> None:
    assert reason(png_that_declares(width, height)) == told


def test_exactly_fifty_megapixels_are_not_too_many() -> None:
    assert reason(png_that_declares(5_000, 10_000)) in {"is damaged", "is cut off"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_file_that_ends_too_early_is_cut_off(kind: str, share: float) -> None:
    data = encoded(photograph(), kind)
    assert reason(data[: max(13, int(len(data) * share))]) == "is cut off"


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_refuses_what_the_input_refuses(kind: str) -> None:
    data = encoded(photograph(), kind)
    with pytest.raises(NotAPhotograph, match="cut off"):
        DESK.for_card(data[: len(data) // 2])
    with pytest.raises(NotAPhotograph, match="web page"):
        DESK.for_card(b"<html>")


@settings(deadline=None, max_examples=300)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32), places=st.integers(1, 40))
def test_whatever_is_broken_is_either_taken_or_refused(kind: str, seed: int, places: int) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable damage, no secret
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x011A] = 6, "a garden", 72.0
    data = bytearray(encoded(photograph(48, 36), kind, exif=exif))
    for _ in range(places):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    for treat in (DESK.prepare, DESK.for_card):
        with contextlib.suppress(NotAPhotograph):
            assert treat(bytes(data)).data


@given(
    beginning=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"]),
    rest=st.binary(),
)
def test_noise_behind_the_right_beginning_is_refused(beginning: bytes, rest: bytes) -> None:
    with pytest.raises(NotAPhotograph):
        DESK.prepare(beginning + rest)


def test_reading_stops_at_the_cap() -> None:
    asked = count()

    with pytest.raises(NotAPhotograph, match=r"^is larger than 20 MB$"):
        capped((bytes(1_000_000) for _ in asked), 20_000_000)
    assert next(asked) == 21


def test_a_file_of_exactly_the_limit_is_read_whole() -> None:
    assert capped([b"ab", b"", b"c"], 3) == b"abc"
    assert capped([], 0) == b""
    with pytest.raises(NotAPhotograph):
        capped([b"ab", b"cd"], 3)


def test_a_picture_above_the_sending_limit_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    monkeypatch.setattr("bot.pictures.encoding.MAX_BYTES", 30_000)
    prepared = DESK.prepare(encoded(noise, "JPEG", quality=90))
    assert len(prepared.data) <= 30_000
    assert 50 < prepared.width == prepared.height < 400
