"""How the model's process and its owner talk: a kind, a length and that many bytes, through two pipes."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import IO

_HEAD = struct.Struct(">BI")


class Kind(IntEnum):
    READY = 1
    LOOK = 2
    SIGHT = 3
    UNREADABLE = 4


class Frame(NamedTuple):
    kind: Kind
    body: bytes


def send(pipe: IO[bytes], kind: Kind, body: bytes = b"") -> None:
    pipe.write(_HEAD.pack(kind, len(body)))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Frame | None:
    """Read the next frame; None when the other side is gone, also in the middle of one."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    body = pipe.read(length)
    return Frame(Kind(kind), body) if len(body) == length else None
