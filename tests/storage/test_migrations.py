"""The database at head: what stands there is what the tables say, and getting there survives everything."""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from bot.storage.engine import make_engine
from bot.storage.migrate import NewerSchema, alembic_config, at_head, migrate
from bot.storage.tables import metadata
from tests.app.outside import wait_until
from tests.storage.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.storage.embedded import EmbeddedPostgres

PROJECT = Path(__file__).parents[2]
MIGRATE = (
    "import sys; from bot.storage.engine import make_engine; from bot.storage.migrate import migrate; "
    "engine = make_engine(sys.argv[1]); migrate(engine); engine.dispose()"
)
SHAPE = """
select 'column', table_name, column_name, data_type || is_nullable || is_identity || coalesce(column_default, '')
from information_schema.columns where table_schema = 'public'
union all select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
union all select 'function', '', proname, pg_get_function_identity_arguments(oid) from pg_proc
where pronamespace = 'public'::regnamespace
union all select 'trigger', tgrelid::regclass::text, tgname, '' from pg_trigger where not tgisinternal
"""
HALT = """
create function halt() returns event_trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); end $$;
create event trigger halt on ddl_command_end when tag in ('CREATE FUNCTION') execute function halt()
"""


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[Callable[[], str]]:
    """Makes empty databases and gives their addresses."""
    made: list[str] = []

    def make() -> str:
        made.append(f"e{uuid.uuid4().hex[:20]}")
        return postgres.create_database(made[-1])

    yield make
    for name in made:
        postgres.drop_database(name)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def shape(engine: Engine, *, queue: bool) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(SHAPE))}
    return {
        row for row in found if queue == any("procrastinate" in part for part in row[:3]) and "alembic" not in row[1]
    }


def queue_version(connection: Connection) -> str:
    return str(connection.execute(text("select version from queue_schema")).scalar_one())


def queue_files() -> Sequence[str]:
    folder = resources.files("procrastinate") / "sql" / "migrations"
    return sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))


def test_head_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(alembic_config(connection))


def test_head_has_the_indexes_and_constraints_the_tables_name(engine: Engine, empty: Callable[[], str]) -> None:
    with opened(empty()) as other:
        metadata.create_all(other)
        assert shape(engine, queue=False) == shape(other, queue=False)


def test_old_data_survives_each_step_to_head(empty: Callable[[], str]) -> None:
    with opened(empty()) as engine:
        with engine.connect() as connection:
            command.upgrade(alembic_config(connection), "0001")
            connection.commit()
        plant(engine, cards=2)
        migrate(engine)
        with engine.connect() as connection:
            found = connection.execute(text("select id, state, customs from project")).one()
            assert tuple(found) == ("p1", "live", {})
            assert connection.execute(text("select count(*) from review where state = 'posted'")).scalar_one() == 2


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    before = shape(engine, queue=True) | shape(engine, queue=False)
    migrate(engine)
    assert shape(engine, queue=True) | shape(engine, queue=False) == before
    assert at_head(engine)


@pytest.mark.fault(48)
def test_processes_that_migrate_at_once_all_get_there(empty: Callable[[], str]) -> None:
    url = empty()

    def process(_: int) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-c", MIGRATE, url], cwd=PROJECT, capture_output=True, check=False)

    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(process, range(3)))
    assert [(p.returncode, p.stderr) for p in ended] == [(0, b"")] * 3
    with opened(url) as engine:
        assert at_head(engine)


@pytest.mark.fault(48)
def test_a_newer_database_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
        connection.execute(text("update queue_schema set version = '00'"))
    with pytest.raises(NewerSchema, match="9999, which this version does not know"):
        migrate(engine)
    assert not at_head(engine)
    with engine.connect() as connection:
        assert queue_version(connection) == "00"


def test_a_newer_queue_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("update queue_schema set version = '99.00.00_01_from_the_future.sql'"))
    with pytest.raises(NewerSchema, match="stands at 99"):
        migrate(engine)


def test_the_queue_is_upgraded_from_the_version_that_was_recorded(engine: Engine, empty: Callable[[], str]) -> None:
    first = queue_files()[0]
    with opened(empty()) as old:
        with old.connect() as connection:
            command.upgrade(alembic_config(connection), "head")
            script = (resources.files("procrastinate") / "sql" / "migrations" / first).read_text()
            assert connection.connection.driver_connection
            connection.connection.driver_connection.execute(script)
            connection.execute(text("insert into queue_schema values (:v)"), {"v": first})
            connection.commit()
        migrate(old)
        with old.connect() as connection:
            assert queue_version(connection) == queue_files()[-1]
        names = {row[:3] for row in shape(old, queue=True) if row[0] in {"column", "function", "trigger"}}
        assert names == {row[:3] for row in shape(engine, queue=True) if row[0] in {"column", "function", "trigger"}}


def test_somebody_elses_queue_tables_are_not_touched(empty: Callable[[], str]) -> None:
    with opened(empty()) as engine:
        with engine.begin() as connection:
            connection.execute(text("create table procrastinate_jobs (id int)"))
        with pytest.raises(NewerSchema, match="a database of its own"):
            migrate(engine)


@pytest.mark.fault(48)
def test_a_migration_killed_half_way_is_completed_by_the_next(empty: Callable[[], str]) -> None:
    with opened(empty()) as engine, engine.connect() as door:
        door.execute(text(HALT))
        door.commit()
        door.execute(text("select pg_advisory_lock(42)"))
        door.commit()
        process = subprocess.Popen(
            [sys.executable, "-c", MIGRATE, str(engine.url.render_as_string(False))], cwd=PROJECT
        )
        wait_until(lambda: _halted(engine), "the migration to be half-way")
        process.send_signal(signal.SIGKILL)
        process.wait()
        door.execute(text("select pg_advisory_unlock(42)"))
        door.execute(text("drop event trigger halt"))
        door.execute(text("drop function halt"))
        door.commit()
        migrate(engine)
        assert at_head(engine)
        with engine.connect() as connection:
            assert queue_version(connection) == queue_files()[-1]


def _halted(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and objid = 42 and not granted"
        return bool(connection.execute(text(waiting)).scalar())
