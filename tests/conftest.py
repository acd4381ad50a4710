"""One PostgreSQL for the whole run, an empty database for each test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.storage.embedded import EmbeddedPostgres
from tests.databases import Databases
from tests.folders import open_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import Lent


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The embedded server."""
    with open_folder("annotate-tests-") as folder, EmbeddedPostgres(folder) as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres) -> Iterator[Databases]:
    """Databases at head of the server."""
    lender = Databases(postgres)
    yield lender
    lender.close()


@pytest.fixture
def database(databases: Databases) -> Iterator[Lent]:
    """An empty database at head, whose connections are warm."""
    lent = databases.lend()
    yield lent
    databases.take_back(lent)


@pytest.fixture
def database_url(database: Lent) -> str:
    """The address of an empty database at head."""
    return database.url


@pytest.fixture(autouse=True)
def _all_is_well_after_a_fault(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ask the one oracle after each test that is marked as the proof of a fault, while its bot still stands."""
    named = request.fixturenames if request.node.get_closest_marker("fault") else ()
    lab, outside = (request.getfixturevalue(name) if name in named else None for name in ("lab", "outside"))
    yield
    if not named:
        return
    from tests.faults.oracle import well_in, well_outside  # noqa: PLC0415 - few tests need it

    if lab is not None:
        well_in(lab)
    elif outside is not None:
        well_outside(outside, request.getfixturevalue("database_url"))


@pytest.fixture
def engine(database: Lent) -> Engine:
    return database.engine
