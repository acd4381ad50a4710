"""What is written by hand is read by the real runtime, and computes what numpy computes."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.recognition.model import weights_file
from bot.sandbox.recognition.network import network
from bot.sandbox.recognition.onnxfile import Graph, _varint
from bot.sandbox.recognition.runtime import loaded
from bot.sandbox.recognition.torchfile import read_tensors


@pytest.mark.parametrize(
    ("number", "written"), [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (2**32, "8080808010")]
)
def test_numbers_are_written_in_groups_of_seven_bits(number: int, written: str) -> None:
    assert _varint(number).hex() == written


def test_a_small_graph_computes_what_numpy_computes() -> None:
    rng = np.random.default_rng(1)
    matrix, offset = rng.random((4, 200), np.float32), rng.random(4, np.float32)
    graph = Graph()
    names = ["x", graph.constant("matrix", matrix), graph.constant("offset", offset)]
    graph.node("Gemm", names, "y", transB=1, alpha=0.5)
    x = rng.random((1, 200), np.float32)
    [y] = loaded(graph.serialised({"x": (1, 200)}, {"y": (1, 4)})).run(["y"], {"x": x})
    assert y == pytest.approx(0.5 * x @ matrix.T + offset, rel=1e-5)


def test_lists_and_words_arrive_as_attributes() -> None:
    graph = Graph()
    kernel = graph.constant("kernel", np.ones((1, 1, 3, 3), np.float32))
    graph.node("Conv", ["x", kernel], "y", strides=[2, 2], auto_pad="SAME_UPPER", group=1)
    model = loaded(graph.serialised({"x": (1, 1, 4, 4)}, {"y": (1, 1, 2, 2)}))
    [y] = model.run(["y"], {"x": np.ones((1, 1, 4, 4), np.float32)})
    assert y.ravel().tolist() == [9, 6, 6, 4]  # padded below and to the right, as TensorFlow does


def test_the_network_answers_with_probabilities_and_pooled_features() -> None:
    model = loaded(network(read_tensors(weights_file())))
    probabilities, features = model.run(["p", "features"], {"x": np.zeros((1, 3, 224, 224), np.float32)})
    assert probabilities.shape == (1, 1000)
    assert float(probabilities.sum()) == pytest.approx(1, abs=1e-4)
    assert features.shape == (1, 1280)
    assert (features >= 0).all()
    assert (features <= 6).all()
