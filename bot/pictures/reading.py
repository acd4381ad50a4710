"""Reading a file of unknown length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import NotAPhotograph

if TYPE_CHECKING:
    from collections.abc import Iterable


def capped(chunks: Iterable[bytes], limit: int) -> bytes:
    """Join `chunks`, at most `limit` bytes; stops asking for more as soon as the limit is passed.

    A Content-Length is a claim, so only what really arrives is counted.

    Raises:
        NotAPhotograph: more than `limit` bytes came.
    """
    data = bytearray()
    for chunk in chunks:
        if len(data) + len(chunk) > limit:
            raise NotAPhotograph(f"is larger than {limit / 1_000_000:g} MB")
        data += chunk
    return bytes(data)
