"""Smaller drawings of a picture, as Slack offers them: also of formats that no browser shows (HEIC, TIFF, BMP)."""

import io

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

SQUARE = (64, 80, 160)
"""Pixels; cut to a square."""
FITTED = (360, 480, 720, 800, 960, 1024)
"""Pixels of the longer side; the shape stays, and nothing is enlarged."""
ALWAYS = 360
"""This one is offered for every picture; of the larger ones those that are smaller than the picture itself."""
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
)


class NoPictureError(ValueError):
    """These bytes are no picture that can be drawn."""


def opened(content: bytes) -> Image.Image:
    """The picture, its pixels not read yet where the format allows.

    Raises:
        NoPictureError: not a picture, broken, or far too large.
    """
    try:
        if pi_heif.is_supported(content):
            picture: Image.Image = pi_heif.open_heif(content).to_pillow()
            return picture
        return Image.open(io.BytesIO(content))
    except _BROKEN as error:
        raise NoPictureError(str(error)) from error


def offered(width: int, height: int, *, browsers_show_it: bool) -> list[tuple[int, int, int]]:
    """The thumbnails of a picture: size, and width and height in pixels.

    Where no browser shows the picture itself, the largest is always offered, for there is nothing else to look at.
    """
    longer = max(width, height)
    sizes = [size for size in FITTED if size in {ALWAYS, *({} if browsers_show_it else {FITTED[-1]})} or size < longer]
    return [*((size, size, size) for size in SQUARE), *((size, *_fitted(width, height, size)) for size in sizes)]


def _fitted(width: int, height: int, size: int) -> tuple[int, int]:
    share = min(1.0, size / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def drawn(content: bytes, size: int) -> bytes:
    """A thumbnail as PNG, turned upright.

    Raises:
        NoPictureError: not a picture, broken, or far too large.
    """
    picture = opened(content)
    try:
        upright = ImageOps.exif_transpose(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
        if size in SQUARE:
            upright = ImageOps.fit(upright, (size, size))
        else:
            upright = upright.resize(_fitted(upright.width, upright.height, size))
        made = io.BytesIO()
        upright.save(made, "PNG")
    except _BROKEN as error:
        raise NoPictureError(str(error)) from error
    return made.getvalue()
