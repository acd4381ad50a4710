"""What the sandbox asks of a model that looks at pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


LARGEST_BYTES = 20_000_000  # Clarifai's limits for one image
LARGEST_PIXELS = 85_000_000


@dataclass(frozen=True)
class ModelConcept:
    """One entry of a model's vocabulary; the id never changes, the name is what people search by."""

    id: str
    name: str


class UnreadableImage(ValueError):
    """The bytes are no picture, a broken one, or larger than 20,000,000 bytes or 85 megapixels."""


def refuse_too_many_bytes(image: bytes) -> None:
    """Stand at the door: raise `UnreadableImage` for an image over `LARGEST_BYTES`."""
    if len(image) > LARGEST_BYTES:
        raise UnreadableImage(f"{len(image):,} bytes are more than {LARGEST_BYTES:,}")


class Recogniser(Protocol):
    """A model with a fixed vocabulary; every method may be called from several threads at once.

    Each of the three questions raises `UnreadableImage` when the bytes cannot be looked at.
    """

    vocabulary: Sequence[ModelConcept]

    def values(self, image: bytes) -> dict[str, float]:
        """Say for every concept of the vocabulary, by id, how sure the model is: a value in [0, 1]."""

    def embedding(self, image: bytes) -> list[float]:
        """Describe the image as 1280 numbers; images that look alike have vectors that point alike."""

    def cluster(self, image: bytes) -> int:
        """Say which of a fixed set of centres is nearest to the image's embedding."""

    def close(self) -> None:
        """Give back what the model holds; it answers nothing afterwards. Closing twice is harmless."""
