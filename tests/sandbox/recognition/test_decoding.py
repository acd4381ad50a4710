from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from bot.sandbox.recognition.decoding import decoded
from bot.sandbox.recognition.model import _middle
from bot.sandbox.recognition.recogniser import UnreadableImage

if TYPE_CHECKING:
    from collections.abc import Mapping


def encoded(picture: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def declaring(width: int, height: int) -> bytes:
    """Make a PNG of a few bytes whose header promises a large picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"\x00",
        b"<html>sorry</html>",
        b"%PDF-1.7",
        encoded(Image.new("RGB", (50, 50)))[:-30],
        encoded(Image.effect_noise((300, 300), 90), "JPEG")[:2000],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        b"II*\x00\x08\x00\x00\x00\xff\xff",
    ],
    ids=lambda image: repr(image[:12]),
)
def test_what_is_broken_or_no_picture_is_refused(image: bytes) -> None:
    with pytest.raises(UnreadableImage):
        decoded(image)


@pytest.mark.parametrize(("width", "height"), [(12_000, 9_000), (100_000, 100_000), (85_001, 1_000)])
def test_more_than_85_megapixels_are_refused_by_the_header_alone(width: int, height: int) -> None:
    with pytest.raises(UnreadableImage, match=r"85,000,000|decompression bomb"):
        decoded(declaring(width, height))


def test_more_than_20_million_bytes_are_refused() -> None:
    with pytest.raises(UnreadableImage, match="20,000,000"):
        decoded(bytes(20_000_001))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("size", [(40, 20), (4096, 2048)])
def test_a_picture_taken_with_a_turned_camera_is_turned_upright(file_format: str, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"compression": "tiff_lzw"} if file_format == "TIFF" else {}
    upright = decoded(encoded(Image.new("RGB", size, "red"), file_format, exif=exif, **options))
    assert upright.height == 2 * upright.width


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_lie_on_white(mode: str) -> None:
    glass = Image.new("RGBA", (8, 8), (0, 0, 0, 0)).convert(mode)
    if mode == "P":
        glass.info["transparency"] = glass.getpixel((0, 0))
    assert decoded(encoded(glass)).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "colour", "file_format"),
    [("L", 90, "PNG"), ("CMYK", (0, 0, 0, 165), "TIFF"), ("P", 90, "GIF"), ("RGB", (90, 90, 90), "BMP")],
)
def test_every_colour_mode_becomes_rgb(mode: str, colour: int | tuple[int, ...], file_format: str) -> None:
    picture = Image.new("L", (8, 8), 90).convert("P") if mode == "P" else Image.new(mode, (8, 8), colour)
    plain = decoded(encoded(picture, file_format))
    assert (plain.mode, plain.getpixel((4, 4))) == ("RGB", (90, 90, 90))


def test_sixteen_bits_a_channel_keep_their_brightness() -> None:
    picture = Image.fromarray(np.full((8, 8), 90 * 256, np.uint16))
    assert decoded(encoded(picture)).getpixel((4, 4)) == (90, 90, 90)


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoded(moving).getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGB", "1", "P", "L"])
def test_a_large_picture_comes_back_small_enough_to_handle(mode: str) -> None:
    picture = decoded(encoded(Image.new(mode, (6400, 4800))))
    assert picture.width in {1600, 6400}  # palettes cannot be averaged and stay as they are


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 2), (224, 224), (5000, 30)])
def test_any_shape_becomes_the_network_s_square(size: tuple[int, int]) -> None:
    square = _middle(decoded(encoded(Image.new("RGB", size, "white"))))
    assert square.shape == (1, 3, 224, 224)
    assert square == pytest.approx(np.ones((1, 3, 224, 224)))


def test_the_sample_photographs_all_decode(photographs: Mapping[str, bytes]) -> None:
    assert all(decoded(image).mode == "RGB" for image in photographs.values())
