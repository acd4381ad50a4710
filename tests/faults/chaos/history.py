"""What was asked, answered and seen, line by line, for whoever checks it afterwards."""

from __future__ import annotations

import itertools
import json
import threading
import time
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from pathlib import Path


class History:
    """A file of JSON lines; each says `what`, at which second since the start, and what belongs to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._numbers = itertools.count(1)

    def note(self, what: str, **more: Any) -> None:  # noqa: ANN401 - anything JSON can carry
        """Write a line."""
        with self._lock:
            at = round(time.monotonic() - self._started, 6)
            self._file.write(json.dumps({"what": what, "at": at, **more}) + "\n")
            self._file.flush()  # what stands before a crash of ours is worth reading

    def invoke(self, what: str, **more: Any) -> int:  # noqa: ANN401 - anything JSON can carry
        """Write that something is asked; return its number, with which `end` says how it ended."""
        number = next(self._numbers)
        self.note(what, state="invoke", id=number, **more)
        return number

    def end(self, what: str, number: int, state: str, **more: Any) -> None:  # noqa: ANN401 - anything JSON can carry
        """Write how it ended: ``ok``, ``unknown``, or ``never`` when it was not even asked."""
        self.note(what, state=state, id=number, **more)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
