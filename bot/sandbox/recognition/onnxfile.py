"""Write a neural network as an ONNX file by hand, so that no converter has to be installed.

ONNX is protobuf, and protobuf is little more than numbered fields: a tag, then a number or a length and bytes.
The field numbers below are those of `onnx.proto`. IR version 8 and opset 17 are what current runtimes all load.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

_IR_VERSION = 8
_OPSET = 17
_FLOAT32 = 1
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_STRING, _ATTRIBUTE_INTS = 1, 2, 3, 7

Attribute = float | int | str | list[int]


@dataclass
class Graph:
    """A network under construction; tensors are known by name."""

    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[np.float32]) -> str:
        dims = b"".join(_number(1, size) for size in value.shape)
        raw = value.astype("<f4").tobytes()
        self._constants.append(dims + _number(2, _FLOAT32) + _text(8, name) + _bytes(9, raw))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Attribute) -> str:
        self._nodes.append(
            b"".join(_text(1, name) for name in inputs)
            + _text(2, output)
            + _text(3, output)
            + _text(4, operator)
            + b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
        )
        return output

    def serialised(self, inputs: Mapping[str, Sequence[int]], outputs: Mapping[str, Sequence[int]]) -> bytes:
        """Close the graph: the bytes of an ONNX model whose named inputs and outputs have these shapes."""
        graph = (
            b"".join(_bytes(1, node) for node in self._nodes)
            + _text(2, "network")
            + b"".join(_bytes(5, constant) for constant in self._constants)
            + b"".join(_bytes(11, _value(name, shape)) for name, shape in inputs.items())
            + b"".join(_bytes(12, _value(name, shape)) for name, shape in outputs.items())
        )
        return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, _OPSET))


def _attribute(name: str, value: Attribute) -> bytes:
    match value:
        case float():
            body, kind = _tag(2, 5) + struct.pack("<f", value), _ATTRIBUTE_FLOAT
        case int():
            body, kind = _number(3, value), _ATTRIBUTE_INT
        case str():
            body, kind = _text(4, value), _ATTRIBUTE_STRING
        case _:
            body, kind = b"".join(_number(8, item) for item in value), _ATTRIBUTE_INTS
    return _text(1, name) + body + _number(20, kind)


def _value(name: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size)) for size in shape)
    tensor = _number(1, _FLOAT32) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte, the eighth says that more follow
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def _tag(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _number(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode())
