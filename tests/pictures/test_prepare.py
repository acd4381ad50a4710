"""What leaves the house after a file came in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageOps

from bot.pictures import Pictures
from tests.pictures.files import decoded, encoded, photograph, png_chunk

if TYPE_CHECKING:
    from bot.usecases.ports import PictureDesk

RED = (250, 10, 10)
DESK = Pictures()


def distance(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference per pixel and colour, 0 to 255."""
    difference = np.asarray(one.convert("RGB"), dtype=int) - np.asarray(other.convert("RGB"), dtype=int)
    return float(np.abs(difference).mean())


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "PNG"])
def test_each_of_the_four_formats_is_taken_and_looks_as_before(kind: str) -> None:
    data = encoded(photograph(), kind)
    prepared = DESK.prepare(data)
    result = decoded(prepared.data)
    assert result.size == (prepared.width, prepared.height) == (160, 120)
    assert result.format == {"image/jpeg": "JPEG", "image/png": "PNG"}[prepared.content_type]
    assert distance(result, decoded(data)) < 2


def test_a_photograph_is_encoded_without_thinning_out_its_colours() -> None:
    prepared = DESK.prepare(encoded(photograph(), "WEBP"))
    result = decoded(prepared.data)
    assert prepared.content_type == "image/jpeg"
    assert [layer[1:3] for layer in result.layer] == [(1, 1)] * 3  # type: ignore[attr-defined] # JPEG files have it


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_a_jpeg_is_encoded_with_its_own_tables_and_hardly_moves(quality: int) -> None:
    data = encoded(photograph(), "JPEG", quality=quality)
    prepared = DESK.prepare(data)
    assert decoded(prepared.data).quantization == decoded(data).quantization  # type: ignore[attr-defined] # as above
    assert distance(decoded(prepared.data), decoded(data)) < 0.4
    assert len(prepared.data) < 1.05 * len(data)


def test_a_small_png_stays_a_png_bit_by_bit() -> None:
    prepared = DESK.prepare(encoded(photograph(), "PNG"))
    assert prepared.content_type == "image/png"
    assert distance(decoded(prepared.data), photograph()) == 0


def test_a_photograph_saved_as_png_leaves_as_jpeg() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (700, 700, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "PNG")
    assert len(data) > 1_000_000
    assert DESK.prepare(data).content_type == "image/jpeg"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(photograph(), "JPEG", quality=95, subsampling=0, exif=exif)
    prepared = DESK.prepare(data)
    upright = ImageOps.exif_transpose(decoded(data))
    assert (prepared.width, prepared.height) == upright.size
    assert distance(decoded(prepared.data), upright) < 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_orientation_counts_in_other_formats_too(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    prepared = DESK.prepare(encoded(photograph(), kind, exif=exif))
    assert (prepared.width, prepared.height) == (120, 160)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_place_and_every_other_word_about_the_picture_is_gone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret-description"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: "secret-date"})
    words: dict[str, object] = {"exif": exif, "icc_profile": b"secret-profile", "xmp": b"<x>secret-xmp</x>"}
    if kind == "JPEG":
        words["comment"] = b"secret-comment"
    data = encoded(photograph(), kind, **words)
    assert b"secret" in data
    prepared = DESK.prepare(data)
    assert b"secret" not in prepared.data
    assert b"Exif" not in prepared.data
    result = decoded(prepared.data)
    assert not result.getexif()
    assert not result.getexif().get_ifd(0x8825)
    assert set(result.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_text_inside_a_png_is_gone() -> None:
    data = encoded(photograph(), "PNG")
    with_text = data[:33] + png_chunk(b"tEXt", b"Author\0secret-author") + data[33:]
    assert b"secret" not in DESK.prepare(with_text).data


@pytest.mark.filterwarnings("ignore:.*EXIF")  # Pillow speaks of it, too
def test_broken_exif_does_not_make_a_photograph_unfit() -> None:
    data = encoded(photograph(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xfe" * 300)
    assert DESK.prepare(data).width == 160


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hangs_behind_a_picture_is_cut_off(kind: str) -> None:
    tail = b"<script>alert('secret')</script>PK\x03\x04" * 20
    assert b"secret" not in DESK.prepare(encoded(photograph(), kind) + tail).data


def test_a_gif_that_is_also_a_script_is_taken_as_its_picture() -> None:
    data = bytearray(encoded(photograph(), "GIF"))
    prepared = DESK.prepare(bytes(data) + b"*/=1;alert('secret');")
    assert prepared.data.startswith(b"\xff\xd8\xff")
    assert b"alert" not in prepared.data


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue", "white")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, lossless=True)
    assert Image.open(BytesIO(data)).n_frames == 4  # type: ignore[attr-defined] # animated files have it
    result = decoded(DESK.prepare(data).data)
    assert getattr(result, "n_frames", 1) == 1
    assert distance(result, frames[0]) < 4


def test_300_frames_cost_what_one_costs() -> None:
    frames = [Image.new("RGB", (40, 30), (step % 256, 0, 0)) for step in range(300)]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert len(DESK.prepare(data).data) < 1_000


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("WEBP", "RGBA"), ("GIF", "RGBA")]
)
def test_what_is_transparent_is_white(kind: str, mode: str) -> None:
    glass = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    glass.paste((0, 0, 0, 255), (0, 0, 20, 30))
    data = encoded(glass.convert(mode), kind, **({"lossless": True} if kind == "WEBP" else {}))
    prepared = DESK.prepare(data)
    result = decoded(prepared.data).convert("RGB")
    assert prepared.content_type == "image/png"
    assert result.getpixel((35, 15)) == (255, 255, 255)
    assert max(result.getpixel((5, 15))) < 3  # type: ignore[arg-type] # RGB pixels are tuples


@pytest.mark.parametrize("transparent", [0, (0, 0, 0)])
def test_a_single_transparent_colour_is_white_too(transparent: object) -> None:
    mode = "L" if transparent == 0 else "RGB"
    data = encoded(Image.new(mode, (40, 30), "black"), "PNG", transparency=transparent)
    assert decoded(DESK.prepare(data).data).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_every_way_to_store_colour_comes_out_as_grey_or_rgb(mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    result = decoded(DESK.prepare(encoded(photograph().convert(mode), kind)).data)
    assert result.mode in {"L", "RGB"}
    assert distance(result, photograph().convert(mode)) < 6


def test_deep_grey_keeps_its_shades() -> None:
    ramp = np.tile(np.linspace(0, 65_535, 256, dtype=np.uint16), (20, 1))
    result = decoded(DESK.prepare(encoded(Image.fromarray(ramp), "PNG")).data)
    shades = np.asarray(result)[0].astype(int)
    assert result.mode == "L"
    assert np.abs(shades - np.arange(256)).max() <= 1


def test_a_single_pixel_is_a_picture() -> None:
    prepared = DESK.prepare(encoded(Image.new("RGB", (1, 1), RED), "PNG"))
    assert (prepared.width, prepared.height) == (1, 1)


def test_the_desk_is_what_the_use_cases_ask_for() -> None:
    desk: PictureDesk = DESK
    assert desk.prepare(encoded(photograph(), "JPEG")).width == 160


def test_large_pictures_in_many_threads_all_get_their_turn() -> None:
    data = encoded(photograph(3600, 2400), "JPEG")
    with ThreadPoolExecutor(4) as threads:
        assert [prepared.width for prepared in threads.map(DESK.prepare, [data] * 4)] == [3600] * 4


def test_the_same_bytes_give_the_same_bytes() -> None:
    data = encoded(photograph(), "JPEG")
    assert DESK.prepare(data) == Pictures().prepare(data)
