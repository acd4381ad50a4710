"""Databases at head for tests, lent again and again: a fresh one costs half a second, and as much until it is warm."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.storage.engine import make_engine
from bot.storage.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.storage.embedded import EmbeddedPostgres

TEMPLATE = "template_at_head"
_OURS = "tests"  # the name of the connections that stay open
_GROWN_BYTES = 8_000_000  # what deleted rows may leave behind
_GONE_WITHIN_S = 2.0  # connections that were closed just now

# What a test changes beside rows; the copies of one template agree in all of it.
_AS_MADE = """
select (select (count(*), sum(oid::bigint)) from pg_class where relnamespace = 'public'::regnamespace)::text
    || (select (count(*), sum(hashtext(attname || atttypid || attnotnull || atthasdef)::bigint))
        from pg_attribute join pg_class c on c.oid = attrelid where c.relnamespace = 'public'::regnamespace)::text
    || (select (count(*), sum(oid::bigint), sum(hashtext(prosrc)::bigint)) from pg_proc
        where pronamespace = 'public'::regnamespace)::text
    || (select (count(*), sum(oid::bigint)) from pg_trigger)::text
    || (select (count(*), sum(oid::bigint)) from pg_constraint)::text
    || (select count(*) from pg_db_role_setting s join pg_database d on d.oid = setdatabase
        where datname = current_database())
    || coalesce((select string_agg(version_num, ' ') from alembic_version), '')
    || coalesce((select string_agg(version, ' ' order by version) from queue_schema), '')
"""
_SIZE = "select pg_database_size(current_database())"
_STRANGERS = """
select (select count(*) from pg_stat_activity where datname = current_database() and application_name <> :ours
        and backend_type = 'client backend')
    + (select count(*) from pg_locks where locktype = 'advisory' and database = (
        select oid from pg_database where datname = current_database()))
"""
_TABLES = """select tablename from pg_tables
             where schemaname = 'public' and tablename not in ('alembic_version', 'queue_schema')"""


@dataclass
class Lent:
    """A database without a row, at head, and an engine whose connections stay open from one test to the next."""

    name: str
    url: str
    engine: Engine


@dataclass
class Databases:
    """Lends databases of one server, each to one test at a time."""

    server: EmbeddedPostgres
    _free: list[Lent] = field(default_factory=list)

    def __post_init__(self) -> None:
        engine = make_engine(self.server.create_database(TEMPLATE))
        migrate(engine)
        with engine.begin() as connection:
            tables = connection.execute(text(_TABLES)).scalars().all()
            counters = connection.execute(text("select sequencename from pg_sequences")).scalars().all()
            self._made, self._bytes = (connection.execute(text(q)).scalar_one() for q in (_AS_MADE, _SIZE))
        engine.dispose()
        quick = ["set local session_replication_role = replica", *(f"delete from {table}" for table in tables)]  # noqa: S608
        self._emptying = "; ".join([*quick, *(f"alter sequence {counter} restart" for counter in counters)])

    def lend(self) -> Lent:
        return self._free.pop() if self._free else self._make(TEMPLATE)

    def take_back(self, lent: Lent) -> None:
        """Empty the database for the next test; it is dropped if a test left more than rows behind."""
        try:
            emptied = self._emptied(lent)
        except SQLAlchemyError:  # somebody holds a lock, or it refuses writes
            emptied = False
        if emptied:
            self._free.append(lent)
        else:
            self._drop(lent)

    @contextmanager
    def made(self, template: str = TEMPLATE) -> Iterator[Lent]:
        """Make a database of its own for what leaves more than rows behind, such as statistics; drop it at the end."""
        lent = self._make(template)
        try:
            yield lent
        finally:
            self._drop(lent)

    def close(self) -> None:
        for lent in self._free:
            lent.engine.dispose()

    def _make(self, template: str) -> Lent:
        name = f"t{uuid.uuid4().hex[:20]}"
        url = self.server.create_database(name, template=template)
        return Lent(name, url, make_engine(url, name=_OURS))

    def _drop(self, lent: Lent) -> None:
        lent.engine.dispose()
        self.server.drop_database(lent.name)

    def _emptied(self, lent: Lent) -> bool:
        pool = lent.engine.pool
        if not isinstance(pool, QueuePool) or pool.checkedout():
            return False
        with lent.engine.connect() as connection:
            give_up = time.monotonic() + _GONE_WITHIN_S
            while connection.execute(text(_STRANGERS), {"ours": _OURS}).scalar_one():
                connection.rollback()
                if time.monotonic() > give_up:
                    return False
                threading.Event().wait(0.01)
            connection.exec_driver_sql(self._emptying)
            connection.commit()
            made, size = (connection.execute(text(question)).scalar_one() for question in (_AS_MADE, _SIZE))
            return bool(made == self._made and size < self._bytes + _GROWN_BYTES)
