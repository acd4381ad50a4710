"""What the stand-in asks of a recognition model; whoever offers this shape may be handed in."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Recognised(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Recogniser(Protocol):
    """Methods raise a ValueError for bytes that are no readable image."""

    @property
    def vocabulary(self) -> Sequence[Recognised]: ...

    def values(self, image: bytes) -> Mapping[str, float]:
        """A value in [0, 1] per concept id."""

    def embedding(self, image: bytes) -> Sequence[float]: ...

    def cluster(self, image: bytes) -> int: ...
