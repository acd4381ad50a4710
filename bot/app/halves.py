"""Parts of a process that can be stopped and come back while the rest goes on."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Half(Generic[T]):
    """Something that `begin` starts, leaving on the stack it is given what ends it.

    Starting twice and stopping twice is harmless; after `end` it does not come back.
    """

    def __init__(self, begin: Callable[[ExitStack], T]) -> None:
        self._begin = begin
        self._lock = threading.Lock()
        self._begun: ExitStack | None = None
        self._ended = False

    def start(self) -> T | None:
        """Start and return what `begin` returned; None when it runs already or has ended for good."""
        with self._lock:
            if self._begun is not None or self._ended:
                return None
            with ExitStack() as stack:
                begun = self._begin(stack)
                self._begun = stack.pop_all()
            return begun

    def stop(self) -> None:
        with self._lock:
            self._close()

    def end(self) -> None:
        """Stop for good."""
        with self._lock:
            self._ended = True
            self._close()

    def _close(self) -> None:
        stack, self._begun = self._begun, None
        if stack is not None:
            stack.close()
