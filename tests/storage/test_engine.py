"""Connections are asked whether they live only where that is in doubt, and dead ones are never handed out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.storage.engine import ASK_AFTER_S, by_itself, libpq_dsn, make_click_engine, make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from unittest.mock import Mock

    from pytest_mock import MockerFixture

_IDLE = "idle_in_transaction_session_timeout"
_LOCK = "lock table project in exclusive mode"
_END_OTHERS = """select pg_terminate_backend(pid, 5000) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""


@pytest.fixture(params=[make_engine, make_click_engine], ids=["passes", "clicks"])
def pool(request: pytest.FixtureRequest, database_url: str) -> Iterator[Engine]:
    opened: Engine = request.param(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def asked(pool: Engine, mocker: MockerFixture) -> Mock:
    """How often connections of the pool were asked whether they live."""
    return mocker.patch.object(pool.dialect, "do_ping", wraps=pool.dialect.do_ping)


def backend(pool: Engine) -> int:
    with by_itself(pool) as connection:
        return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def test_a_connection_that_was_just_used_is_taken_as_it_is(pool: Engine, asked: Mock) -> None:
    assert len({backend(pool) for _ in range(20)}) == 1
    assert asked.call_count == 0


def test_a_connection_that_lay_unused_is_asked_and_kept(pool: Engine, asked: Mock, mocker: MockerFixture) -> None:
    first, later = backend(pool), time.monotonic() + ASK_AFTER_S + 1
    mocker.patch("bot.storage.engine.time.monotonic", return_value=later)
    assert backend(pool) == first
    assert asked.call_count == 1


def test_a_connection_that_the_server_ended_is_never_handed_out(pool: Engine, asked: Mock, engine: Engine) -> None:
    first = backend(pool)
    with engine.begin() as admin:
        admin.execute(text(_END_OTHERS))
    assert backend(pool) != first
    assert asked.call_count == 1


def test_one_dead_connection_makes_all_older_ones_suspect(pool: Engine, asked: Mock, engine: Engine) -> None:
    with by_itself(pool), by_itself(pool), by_itself(pool):
        pass
    with engine.begin() as admin:
        admin.execute(text(_END_OTHERS))
    with by_itself(pool) as one, by_itself(pool) as two, by_itself(pool) as three:
        assert {c.execute(text("select 1")).scalar_one() for c in (one, two, three)} == {1}
    assert asked.call_count == 1


def test_a_connection_whose_driver_gave_up_is_never_handed_out(pool: Engine, asked: Mock) -> None:
    with by_itself(pool) as connection:
        first = connection.execute(text("select pg_backend_pid()")).scalar_one()
        wire = connection.connection.driver_connection
    assert wire
    wire.close()
    assert backend(pool) != first
    assert asked.call_count == 0


@pytest.fixture
def soon(mocker: MockerFixture) -> None:
    """Transactions that lie idle end after 0.3 s."""
    mocker.patch("bot.storage.engine.GIVES_UP", "-c idle_in_transaction_session_timeout=300")


@pytest.mark.usefixtures("soon")
def test_a_pass_paused_in_a_transaction_gives_its_locks_up(database_url: str, engine: Engine) -> None:
    paused = make_engine(database_url)
    with paused.connect() as sleeping:
        sleeping.execute(text(_LOCK))
        with engine.begin() as awake:  # waits for the lock; its own limit is 2 s
            awake.execute(text(_LOCK))
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            sleeping.execute(text("select 1"))
    assert backend(paused)
    paused.dispose()


@pytest.mark.usefixtures("soon")
def test_a_queue_paused_in_a_transaction_gives_its_locks_up(database_url: str, engine: Engine) -> None:
    sleeping = psycopg.connect(libpq_dsn(database_url))
    sleeping.execute(_LOCK)
    with engine.begin() as awake:
        awake.execute(text(_LOCK))
    sleeping.close()


def test_what_an_address_asks_of_its_sessions_is_kept(database_url: str) -> None:
    for name in ("postgres", "postgresql", "postgresql+psycopg"):
        address = f"{name}:{database_url.partition(':')[2]}&options=-c%20work_mem%3D5MB"
        with psycopg.connect(libpq_dsn(address)) as connection:
            shown = [connection.execute(f"show {what}").fetchone() for what in ("work_mem", _IDLE)]
        assert shown == [("5MB",), ("10s",)]
