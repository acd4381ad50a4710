"""Connections are asked whether they live only where that is in doubt, and dead ones are never handed out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.storage.engine import ASK_AFTER_S, by_itself, make_click_engine, make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from unittest.mock import Mock

    from pytest_mock import MockerFixture

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


def test_a_process_paused_in_a_transaction_gives_its_locks_up(database_url: str, mocker: MockerFixture) -> None:
    mocker.patch("bot.storage.engine.IDLE_TIMEOUT_MS", 300)
    paused, other = make_engine(database_url), make_engine(database_url)
    with paused.connect() as sleeping:
        sleeping.execute(text("lock table project in exclusive mode"))
        with other.begin() as awake:  # waits for the lock; its own limit is 2 s
            awake.execute(text("lock table project in exclusive mode"))
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            sleeping.execute(text("select 1"))
    assert backend(paused)
    paused.dispose()
    other.dispose()
