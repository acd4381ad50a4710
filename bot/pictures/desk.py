"""The picture desk: the one door for pictures on their way in and out."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image

from bot.pictures.decoding import loaded, opened
from bot.pictures.developing import developed, is_see_through
from bot.pictures.drawing import draw_box
from bot.pictures.encoding import as_card_jpeg, as_jpeg, as_png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageFile import ImageFile

    from bot.pictures.drawing import Box
    from bot.usecases.ports import PreparedPicture

_FEW_BYTES = 1_000_000  # a screenshot or a drawing; larger PNGs are photographs in the wrong format
_CARD_SIDE = 1600  # pixels
_LARGE = 8_000_000  # pixels; larger pictures take turns, so that many threads do not add up their memory


class Pictures:
    """Prepares pictures; safe to call from several threads. Implements `bot.usecases.ports.PictureDesk`."""

    def __init__(self) -> None:
        self._one_large_picture = Lock()

    def prepare(self, data: bytes) -> PreparedPicture:
        """Turn the bytes of a file into an upright picture without metadata, at most 20,000,000 bytes.

        Raises:
            NotAPhotograph: the reason, as it is told to the person.
        """
        picture = opened(data)
        with picture, self._turn(picture):
            loaded(picture, data)
            lossless = _deserves_png(picture, data)
            upright = developed(picture)
            return (as_png(upright) if lossless else None) or as_jpeg(upright)

    def for_card(self, data: bytes, boxes: Sequence[Box] = ()) -> PreparedPicture:
        """Make a picture of at most 1,600 pixels a side, with `boxes` outlined.

        Raises:
            NotAPhotograph: the bytes are no picture.
        """
        picture = opened(data)
        picture.draft("RGB", (_CARD_SIDE, _CARD_SIDE))  # a large JPEG is decoded at a fraction of its size
        with picture, self._turn(picture):
            loaded(picture, data)
            upright = developed(picture)
            upright.thumbnail((_CARD_SIDE, _CARD_SIDE), Image.Resampling.LANCZOS)
        card = upright.convert("RGB")
        for box in boxes:
            draw_box(card, box)
        return as_card_jpeg(card)

    def _turn(self, picture: ImageFile) -> AbstractContextManager[object]:
        return self._one_large_picture if _is_large(picture) else nullcontext()


def _deserves_png(picture: ImageFile, data: bytes) -> bool:
    """Say whether to stay lossless: screenshots and drawings, unless they are so large that it takes seconds."""
    drawn = picture.format == "PNG" and len(data) <= _FEW_BYTES
    return (drawn or is_see_through(picture)) and not _is_large(picture)


def _is_large(picture: ImageFile) -> bool:
    return picture.width * picture.height > _LARGE
