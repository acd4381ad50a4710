from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    with open_lab(database_url) as opened:
        yield opened
