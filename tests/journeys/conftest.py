from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Lent
    from tests.journeys.lab import Lab


@pytest.fixture
def lab(database: Lent) -> Iterator[Lab]:
    with open_lab(database.url, engine=database.engine) as opened:
        yield opened
