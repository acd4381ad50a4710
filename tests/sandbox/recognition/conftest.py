from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.photographs import sample_photographs
from bot.sandbox.recognition import GeneralModel

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def model() -> Iterator[GeneralModel]:
    model = GeneralModel()
    yield model
    model.close()


@pytest.fixture(scope="session")
def photographs() -> dict[str, bytes]:
    return {photograph.name: photograph.path.read_bytes() for photograph in sample_photographs()}
