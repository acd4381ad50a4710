"""From the bytes somebody sent to an upright RGB picture, within Clarifai's limits."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
from PIL import Image, ImageOps

from bot.sandbox.recognition.recogniser import LARGEST_PIXELS, UnreadableImage, refuse_too_many_bytes

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
# twice what the two halves of the model look at: a short side of 256 pixels, a long side of 800
_SHORT_SIDE_NEEDED, _LONG_SIDE_NEEDED = 512, 1600
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # palettes and the like cannot be averaged
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)


def decoded(image: bytes) -> Image.Image:
    """Decode `image`: first frame, EXIF orientation applied, transparency over white, RGB, large ones reduced.

    Raises:
        UnreadableImage: no picture, a broken one, over 20,000,000 bytes or 85 megapixels.
    """
    refuse_too_many_bytes(image)
    try:
        with warnings.catch_warnings():
            # Pillow's own alarm is as loud as ours is strict; what it says about colour profiles helps nobody here
            warnings.simplefilter("ignore")
            return _decoded(image)
    except UnreadableImage:
        raise
    except _BROKEN as error:
        raise UnreadableImage(f"not a picture that can be read: {error}") from error


def _decoded(image: bytes) -> Image.Image:
    with Image.open(io.BytesIO(image), formats=_FORMATS) as picture:
        width, height = picture.size
        if width * height > LARGEST_PIXELS:
            raise UnreadableImage(f"{width} x {height} pixels are more than {LARGEST_PIXELS:,}")
        factor = _spare(picture.size)
        picture.draft(None, (width // factor, height // factor))
        picture.load()
        factor = _spare(picture.size)
        smaller = picture.reduce(factor) if factor > 1 and picture.mode in _REDUCIBLE else picture
        ImageOps.exif_transpose(smaller, in_place=True)
        return _rgb(smaller)


def _spare(size: tuple[int, int]) -> int:
    """Say by which whole factor a picture may shrink before any part of the model could notice."""
    return max(1, min(min(size) // _SHORT_SIDE_NEEDED, max(size) // _LONG_SIDE_NEEDED))


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        cut_out = picture.convert("RGBA")
        white = Image.new("RGB", cut_out.size, "white")
        white.paste(cut_out, mask=cut_out)
        return white
    return picture.convert("RGB")
