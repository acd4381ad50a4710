"""The three forms of a file, each written as the pictures come."""

from __future__ import annotations

import json
import tempfile
from shutil import copyfileobj
from typing import TYPE_CHECKING, BinaryIO, Protocol

from bot.domain.errors import Refused
from bot.domain.exports import Form
from bot.domain.exports.coco import boxes, categories, image
from bot.domain.exports.sheets import csv_head, csv_lines, json_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.exports import Picture

_COCO_NOTE = "Boxes are in shares of the picture (width and height are 1); without a region the box is all of it."


class TooLarge(Refused):
    """The file would be larger than it may be."""


class Room:
    """How many bytes may still be written; None for any number."""

    def __init__(self, limit: int | None) -> None:
        self._left = limit

    def write(self, out: BinaryIO, text: str) -> None:
        """Write text as UTF-8.

        Raises:
            TooLarge: it has no room.
        """
        data = text.encode()
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise TooLarge("The file is larger than it may be.")
        out.write(data)


class Sheet(Protocol):
    """One file being written."""

    def add(self, picture: Picture) -> None: ...

    def end(self) -> None: ...


class JsonSheet:
    """One JSON object a line."""

    def __init__(self, out: BinaryIO, room: Room, _concepts: Sequence[tuple[str, str]]) -> None:
        self._out, self._room = out, room

    def add(self, picture: Picture) -> None:
        self._room.write(self._out, "".join(json_line(pair.line) for pair in picture.pairs))

    def end(self) -> None:
        """Every line is whole by itself."""


class CsvSheet:
    """A head, and one row a line."""

    def __init__(self, out: BinaryIO, room: Room, _concepts: Sequence[tuple[str, str]]) -> None:
        self._out, self._room = out, room
        room.write(out, csv_head())

    def add(self, picture: Picture) -> None:
        self._room.write(self._out, csv_lines(pair.line for pair in picture.pairs))

    def end(self) -> None:
        """Every row is whole by itself."""


class CocoSheet:
    """One JSON document. Its boxes come after all its images: until then they are kept in a file without a name."""

    def __init__(self, out: BinaryIO, room: Room, concepts: Sequence[tuple[str, str]]) -> None:
        self._out, self._room = out, room
        self._aside = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end, or gone with this object
        self._ids: Mapping[str, int] = {concept_id: n for n, (concept_id, _) in enumerate(concepts, start=1)}
        self._images, self._boxes = 0, 0
        head = {"info": {"description": _COCO_NOTE}, "licenses": [], "categories": categories(concepts)}
        room.write(out, f'{json.dumps(head)[:-1]}, "images": [')

    def add(self, picture: Picture) -> None:
        self._images += 1
        drawn = json.dumps(image(self._images, picture, self._ids))
        self._room.write(self._out, f"{_comma(self._images)}\n{drawn}")
        for box in boxes(self._images, picture, self._ids, self._boxes + 1):
            self._boxes += 1
            self._room.write(self._aside, f"{_comma(self._boxes)}\n{json.dumps(box)}")

    def end(self) -> None:
        self._room.write(self._out, '\n], "annotations": [')
        with self._aside:
            self._aside.seek(0)
            copyfileobj(self._aside, self._out)
        self._room.write(self._out, "\n]}\n")


def _comma(number: int) -> str:
    return "," if number > 1 else ""


SHEETS: Mapping[Form, Callable[[BinaryIO, Room, Sequence[tuple[str, str]]], Sheet]] = {
    Form.JSONL: JsonSheet,
    Form.CSV: CsvSheet,
    Form.COCO: CocoSheet,
}
