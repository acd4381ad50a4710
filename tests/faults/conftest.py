from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.outside import Outside, open_outside

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def outside(database_url: str) -> Iterator[Outside]:
    """Both stand-ins, and a fresh database for the processes that are started."""
    with open_outside() as opened:
        opened.env["DATABASE_URL"] = database_url
        yield opened
