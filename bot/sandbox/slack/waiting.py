"""Waiting for something to happen in the workspace, without sleeping."""

import time
from collections.abc import Callable
from typing import Literal, TypeVar

from bot.sandbox.slack.messages import MessageBook
from bot.sandbox.slack.workspace import Workspace

T = TypeVar("T")
LOOK_AGAIN_S = 0.2
"""A predicate may look at more than this workspace, which cannot wake it."""


def wait_until(
    workspace: Workspace,
    book: MessageBook,
    predicate: Callable[[], T | Literal[False] | None],
    timeout: float,
    what: str,
) -> T:
    """Return the first true answer of `predicate`, asked again after every change of the workspace.

    Raises:
        TimeoutError: not within `timeout` seconds; names `what` and shows the last messages.
    """
    deadline = time.monotonic() + timeout
    while True:
        with workspace.changed:
            seen = workspace.version
        answer = predicate()
        if answer:
            return answer
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"waited {timeout:g} s for {what}; the last messages: {_last_words(workspace, book)}")
        with workspace.changed:
            if workspace.version == seen:
                workspace.changed.wait(min(left, LOOK_AGAIN_S))


def _last_words(workspace: Workspace, book: MessageBook, most: int = 8) -> str:
    with workspace.changed:
        said = [
            (message["ts"], f"#{channel.name} {message['user']}: {message.get('text', '')[:120]!r}")
            for channel in workspace.channels.values()
            for top in book.top_level(channel.id)
            for message in (top, *book.replies(channel.id, top["ts"]))
        ]
        said += [(note["ts"], f"to {note['to']}: {note.get('text', '')[:120]!r}") for note in book.notes]
    return "; ".join(words for _ts, words in sorted(said)[-most:]) or "none"
