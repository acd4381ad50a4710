"""One PostgreSQL for the whole run, one fresh database for each test that asks for it."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.storage.embedded import EmbeddedPostgres
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

TEMPLATE = "template_at_head"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The embedded server, with a template database at head."""
    folder = Path(tempfile.mkdtemp(prefix="annotate-tests-"))  # not pytest's folder: as root it is closed to PostgreSQL
    server = EmbeddedPostgres(folder)
    server.start()
    engine = make_engine(server.create_database(TEMPLATE))
    migrate(engine)
    engine.dispose()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a fresh database at head."""
    name = f"t{uuid.uuid4().hex[:20]}"
    yield postgres.create_database(name, template=TEMPLATE)
    postgres.drop_database(name)


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
def engine(database_url: str) -> Iterator[Engine]:
    opened = make_engine(database_url)
    yield opened
    opened.dispose()
