"""What the model saw in one picture, small enough to keep many and to send through a pipe."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEAD = struct.Struct(">HI")  # the cluster, the number of values


@dataclass(frozen=True, eq=False)
class Sight:
    """`values` in the order of the vocabulary, each in [0, 1]; `embedding`: 1280 features; `cluster`: which centre."""

    values: NDArray[np.float32]
    embedding: NDArray[np.float32]
    cluster: int

    def packed(self) -> bytes:
        return _HEAD.pack(self.cluster, len(self.values)) + self.values.tobytes() + self.embedding.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Sight:
        cluster, count = _HEAD.unpack_from(data)
        numbers = np.frombuffer(data, np.float32, offset=_HEAD.size)
        return cls(numbers[:count], numbers[count:], cluster)
