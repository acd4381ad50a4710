"""The embedded stand-in for Clarifai's General model."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from bot.sandbox.recognition.process import ModelProcess
from bot.sandbox.recognition.recogniser import Recogniser, refuse_too_many_bytes
from bot.sandbox.recognition.vocabulary import general_vocabulary

if TYPE_CHECKING:
    from bot.sandbox.recognition.sight import Sight

_REMEMBERED = 256  # sights of about 10 kB; the three questions about one image come within seconds


class GeneralModel(Recogniser):
    """Real recognition without an account: ImageNet classes, everyday words, and people by their faces.

    It is not Clarifai's model and its values are not comparable with it. The model runs in a process of its own,
    which starts at once and is ready before the first answer; one image is looked at once, whatever is asked.
    """

    def __init__(self) -> None:
        self.vocabulary = general_vocabulary()
        self._ids = [concept.id for concept in self.vocabulary]
        self._process = ModelProcess()
        self._seen = _Recent()
        self._by_turns = threading.Lock()

    def values(self, image: bytes) -> dict[str, float]:
        return dict(zip(self._ids, self._sight(image).values.tolist(), strict=True))

    def embedding(self, image: bytes) -> list[float]:
        features: list[float] = self._sight(image).embedding.tolist()
        return features

    def cluster(self, image: bytes) -> int:
        return self._sight(image).cluster

    def close(self) -> None:
        self._process.close()

    def _sight(self, image: bytes) -> Sight:
        refuse_too_many_bytes(image)
        key = hashlib.sha256(image).digest()
        if sight := self._seen.get(key):
            return sight
        with self._by_turns:  # whoever asked for the same image meanwhile finds it remembered
            if sight := self._seen.get(key):
                return sight
            sight = self._process.look(image)
            self._seen.put(key, sight)
            return sight


class _Recent:
    """The last images looked at, by content."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._sights: OrderedDict[bytes, Sight] = OrderedDict()

    def get(self, key: bytes) -> Sight | None:
        with self._door:
            if key in self._sights:
                self._sights.move_to_end(key)
            return self._sights.get(key)

    def put(self, key: bytes, sight: Sight) -> None:
        with self._door:
            self._sights[key] = sight
            if len(self._sights) > _REMEMBERED:
                self._sights.popitem(last=False)
