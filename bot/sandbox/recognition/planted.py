"""A model that says what it was told to say, for tests and benchmarks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from bot.sandbox.recognition.recogniser import ModelConcept, Recogniser
from bot.sandbox.recognition.vocabulary import concept_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FEATURES = 1280
_CENTRES = 64
_WALKTHROUGH = ("people", "man", "adult")


class PlantedModel(Recogniser):
    """Answers with planted values, by the image's SHA-256; never decodes, so any bytes are an image.

    `planted` maps a SHA-256 in hex to values by concept name; an image nobody planted gets `default`, and a concept
    not named there 0. Embedding and cluster follow from the bytes alone.
    """

    def __init__(
        self,
        names: Iterable[str] = _WALKTHROUGH,
        planted: Mapping[str, Mapping[str, float]] | None = None,
        default: Mapping[str, float] | None = None,
    ) -> None:
        self.vocabulary = tuple(ModelConcept(concept_id(name), name) for name in names)
        self._ids = {concept.name: concept.id for concept in self.vocabulary}
        self._default = self._by_id(default or {})
        self._planted = {digest: self._by_id(values) for digest, values in (planted or {}).items()}

    def plant(self, image: bytes, values: Mapping[str, float]) -> None:
        """From now on say `values`, by concept name, about `image`.

        Raises:
            ValueError: a name outside the vocabulary, or a value outside [0, 1].
        """
        self._planted[_digest(image)] = self._by_id(values)

    def values(self, image: bytes) -> dict[str, float]:
        return dict(self._planted.get(_digest(image), self._default))

    def embedding(self, image: bytes) -> list[float]:
        vector: list[float] = np.random.default_rng(int(_digest(image), 16)).random(_FEATURES).tolist()
        return vector

    def cluster(self, image: bytes) -> int:
        return int(_digest(image), 16) % _CENTRES

    def close(self) -> None:
        pass

    def _by_id(self, values: Mapping[str, float]) -> dict[str, float]:
        for name, value in values.items():
            if name not in self._ids:
                raise ValueError(f"{name!r} is not in the vocabulary")
            if not 0 <= value <= 1:
                raise ValueError(f"{name}: {value} is outside [0, 1]")
        return dict.fromkeys(self._ids.values(), 0.0) | {self._ids[name]: value for name, value in values.items()}


def _digest(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest()
