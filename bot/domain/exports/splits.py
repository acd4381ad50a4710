"""Which part of the data a picture belongs to, for ever."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Split(StrEnum):
    """80, 10 and 10 in a hundred pictures."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


_BOUNDS = ((80, Split.TRAIN), (90, Split.VALIDATION), (100, Split.TEST))


def split_of(input_id: str) -> Split:
    """Say where a picture belongs: by a hash of its input id alone, so that no later picture or export moves it.

    Input ids of uploads come from the picture's bytes: the same picture is on the same side in every project.
    """
    place = int.from_bytes(hashlib.sha256(input_id.encode()).digest()[:8], "big") % 100
    return next(split for bound, split in _BOUNDS if place < bound)
