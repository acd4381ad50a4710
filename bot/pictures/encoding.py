"""From pixels to bytes that may leave the house."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from bot.usecases.ports import PreparedPicture

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 20_000_000  # Clarifai takes no more
_SHRINK = 0.7  # of each side per attempt: half the pixels
_Options = dict[str, int | str]
_AS_IT_CAME: _Options = {"quality": "keep"}
_SMALLER: _Options = {"quality": 85, "subsampling": "4:2:0"}


def as_png(picture: Image.Image) -> PreparedPicture | None:
    """Encode without loss; None when the result would be too large to send."""
    file = BytesIO()
    picture.save(file, "PNG")
    return _finished(picture, file, "image/png") if file.tell() <= MAX_BYTES else None


def as_jpeg(picture: Image.Image) -> PreparedPicture:
    """Encode so that recognition hardly notices; only a picture above the byte limit loses more.

    What came as JPEG keeps its own quantisation: encoding it again with the same tables changes least.
    """
    for candidate, options in _attempts(picture):
        file = BytesIO()
        try:
            candidate.save(file, "JPEG", **options)
        except (LookupError, OSError, TypeError, ValueError):
            if options != _AS_IT_CAME:
                raise
            continue  # tables that can be read but not written
        if file.tell() <= MAX_BYTES:
            return _finished(candidate, file, "image/jpeg")
    raise AssertionError("the attempts go on until one fits")


def as_card_jpeg(picture: Image.Image) -> PreparedPicture:
    """Encode for the eye: a card is looked at for seconds and loaded over a phone."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=88, optimize=True)
    return _finished(picture, file, "image/jpeg")


def _attempts(picture: Image.Image) -> Iterator[tuple[Image.Image, _Options]]:
    if picture.format == "JPEG":  # a turned or converted copy has no format
        yield picture, _AS_IT_CAME
    yield picture, {"quality": 95, "subsampling": "4:4:4"}
    yield picture, _SMALLER
    while True:
        width, height = picture.size
        picture = picture.resize((max(1, int(width * _SHRINK)), max(1, int(height * _SHRINK))), Image.Resampling.BOX)
        yield picture, _SMALLER


def _finished(picture: Image.Image, file: BytesIO, content_type: str) -> PreparedPicture:
    return PreparedPicture(file.getvalue(), content_type, *picture.size)
