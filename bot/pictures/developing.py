"""From whatever a file decodes to, to an upright picture in grey or RGB on white."""

from __future__ import annotations

import struct

import numpy as np
from PIL import Image

_ORIENTATION = 0x0112  # EXIF tag
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SEE_THROUGH_MODES = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
_DEEP_GREY_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})


def is_see_through(picture: Image.Image) -> bool:
    """Say whether the picture can have transparent pixels."""
    return picture.mode in _SEE_THROUGH_MODES or "transparency" in picture.info


def developed(picture: Image.Image) -> Image.Image:
    """Return `picture` upright, as "L" or "RGB", transparency flattened on white, without metadata."""
    turn = _TURNS.get(_orientation(picture))
    flat = _flattened(picture)
    upright = flat if turn is None else flat.transpose(turn)
    upright.info = {}
    return upright


def _orientation(picture: Image.Image) -> int:
    """Read the EXIF orientation, 1 to 8; broken EXIF does not make a photograph unfit."""
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except (LookupError, OSError, SyntaxError, TypeError, UserWarning, ValueError, struct.error):
        return 1
    return value if isinstance(value, int) else 1


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode in _DEEP_GREY_MODES:
        return _eight_bits(picture)
    if is_see_through(picture):
        return _on_white(picture if picture.mode == "RGBA" else picture.convert("RGBA"))
    if picture.mode in {"L", "RGB"}:
        return picture  # no copy: a large one is 200 MB
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    return paper


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Keep the upper byte of 16-bit grey: Pillow's own conversion clips everything above 255 to white."""
    deep = np.asarray(picture)
    return Image.fromarray((deep.clip(0, 0xFFFF) >> 8).astype(np.uint8))
