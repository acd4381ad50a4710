"""From untrusted bytes to pixels: one format is tried, the size is judged before a pixel is decoded."""

from __future__ import annotations

import math
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from bot.domain.errors import NotAPhotograph
from bot.pictures.sniffing import format_of

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

    from bot.pictures.sniffing import Format

MAX_PIXELS = 50_000_000  # product limit; about 200 MB of memory once decoded
MAX_SIDE = 65_000  # pixels; a JPEG ends at 65,535

# The plugin is called itself, not Image.open: that one warns of large pictures by way of the process-wide warning
# filters, which other threads change at the same time.
_PLUGINS: dict[Format, type[ImageFile]] = {
    "GIF": GifImageFile,
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
}
# What Pillow's readers of these four formats raise at broken bytes.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    UserWarning,  # raised only where warnings are errors
    ValueError,
    struct.error,
    zlib.error,
)
_DAMAGED = "is damaged"
_CUT_OFF = "is cut off"


def opened(data: bytes) -> ImageFile:
    """Read the header of a picture and check what it declares; no pixel is decoded yet.

    Raises:
        NotAPhotograph: no picture, a broken one, or one that declares too many pixels.
    """
    plugin = _PLUGINS[format_of(data)]
    try:
        picture = plugin(BytesIO(data))
    except _BROKEN as broken:
        raise NotAPhotograph(_reason(data, broken)) from broken
    _judge_size(*picture.size)
    return picture


def loaded(picture: ImageFile, data: bytes) -> None:
    """Decode the first frame of `picture`, which was opened from `data`.

    Raises:
        NotAPhotograph: the pixels are cut off or damaged.
    """
    try:
        picture.load()
    except _BROKEN as broken:
        raise NotAPhotograph(_reason(data, broken)) from broken


def _judge_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise NotAPhotograph(_DAMAGED)
    if width * height > MAX_PIXELS:
        raise NotAPhotograph(f"declares {_megapixels(width * height)} megapixels; at most 50 are taken")
    if max(width, height) > MAX_SIDE:
        raise NotAPhotograph(f"is {max(width, height):,} pixels long; at most {MAX_SIDE:,} are taken")


def _megapixels(pixels: int) -> str:
    """Round without ever saying that 50 is more than 50."""
    millions = pixels / 1_000_000
    whole = round(millions)
    return str(whole) if whole * 1_000_000 > MAX_PIXELS else f"{math.ceil(millions * 10) / 10:g}"


def _reason(data: bytes, broken: BaseException) -> str:
    """Say whether the end is missing or something in between is wrong."""
    if isinstance(broken, EOFError) or "truncated" in str(broken).lower():
        return _CUT_OFF
    return _CUT_OFF if _ends_too_early(data) else _DAMAGED


def _ends_too_early(data: bytes) -> bool:
    if data.startswith(b"RIFF"):  # the container says how long it is
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    closing = {b"\xff": b"\xff\xd9", b"\x89": b"IEND", b"G": b"\x3b"}[data[:1]]
    return closing not in data[-16:]
