"""Read the weights of a legacy torch file without torch and without running what a pickle asks for.

Such a file is five pickles in a row (magic number, protocol, system, state dict, storage keys), followed by the
storages themselves: an 8 byte count each, then that many numbers.
"""

from __future__ import annotations

import pickle  # read through an unpickler that knows four names and refuses every other
from collections import OrderedDict
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_FLOAT = np.dtype("<f4")
_LONG = np.dtype("<i8")


class NotATorchFile(ValueError):
    """The file is not a legacy torch file of plain tensors."""


@dataclass(frozen=True)
class _Storage:
    dtype: np.dtype[Any]
    key: str


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor's numbers lie inside a storage; offset and stride are counted in numbers, not bytes."""

    storage: _Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


def _tensor(storage: _Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object) -> _Tensor:
    return _Tensor(storage, offset, size, stride)


_KNOWN: Mapping[tuple[str, str], object] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "FloatStorage"): _FLOAT,
    ("torch", "LongStorage"): _LONG,
}


class _TensorsOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a file of tensors") from None

    def persistent_load(self, pid: tuple[Any, ...]) -> _Storage:
        return _Storage(dtype=pid[1], key=pid[2])


def read_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Read every float tensor of the legacy torch file at `path`, contiguous, by name.

    Counters (64 bit integers) are left out.

    Raises:
        NotATorchFile: another kind of file, a truncated one, or one that asks for more than tensors.
    """
    with path.open("rb") as file:
        try:
            return _read(file)
        except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise NotATorchFile(f"{path.name}: {error}") from error


def _read(file: IO[bytes]) -> dict[str, NDArray[np.float32]]:
    magic, protocol, _system, state, keys = (_TensorsOnly(file).load() for _ in range(5))
    if (magic, protocol) != (_MAGIC, _PROTOCOL):
        raise NotATorchFile("the magic number or the protocol is another one")
    tensors: dict[str, _Tensor] = dict(state)
    dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {key: _storage(file, dtypes[key]) for key in keys}
    return {
        name: _placed(tensor, storages[tensor.storage.key])
        for name, tensor in tensors.items()
        if tensor.storage.dtype == _FLOAT
    }


def _storage(file: IO[bytes], dtype: np.dtype[Any]) -> NDArray[Any]:
    count = int.from_bytes(file.read(8), "little")
    return np.frombuffer(file.read(count * dtype.itemsize), dtype, count)


def _placed(tensor: _Tensor, storage: NDArray[Any]) -> NDArray[np.float32]:
    """Copy a tensor out of its storage.

    The strides matter: these weights keep TensorFlow's memory order, and a plain reshape loads without an error
    into a network that sees rugby balls everywhere. numpy refuses strides that leave the storage.
    """
    view: NDArray[np.float32] = np.ndarray(
        tensor.size,
        tensor.storage.dtype,
        buffer=storage.data,
        offset=tensor.offset * storage.itemsize,
        strides=tuple(step * storage.itemsize for step in tensor.stride),
    )
    return np.ascontiguousarray(view)
