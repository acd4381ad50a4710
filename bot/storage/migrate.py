"""Bring a database to head: our tables by Alembic, the queue's by the SQL files of its own package."""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)

_DOOR = 0x616E6E6F7461  # "annota": the advisory lock that one migration at a time holds
_LONGEST_WAIT_MS = 60_000


class NewerSchema(BotError):
    """The database was made by a newer version of the bot."""


def migrate(engine: Engine) -> None:
    """Bring the database to head. Safe to call from several processes at once: one does it, the others wait for it.

    Raises:
        NewerSchema: the database knows revisions that this version does not; nothing was changed.
    """
    with engine.connect() as connection:
        connection.execute(text(f"set lock_timeout = {_LONGEST_WAIT_MS}"))
        connection.execute(text(f"set statement_timeout = {_LONGEST_WAIT_MS}"))
        connection.execute(text("select pg_advisory_lock(:door)"), {"door": _DOOR})
        connection.commit()
        try:
            _refuse_newer(connection)
            command.upgrade(alembic_config(connection), "head")
            connection.commit()
            _upgrade_queue(connection)
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:door)"), {"door": _DOOR})
            connection.commit()
            connection.invalidate()  # its timeouts are not the pool's


def at_head(engine: Engine) -> bool:
    """Say whether the database is where this version of the bot expects it."""
    with engine.connect() as connection:
        stands, head = revisions(connection)
    return stands == head


def revisions(connection: Connection) -> tuple[str, str]:
    """Return (the revision the database stands at, the one this version needs); empty for none."""
    current = MigrationContext.configure(connection).get_current_revision()
    return current or "", _scripts().get_current_head() or ""


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in _scripts().walk_revisions()}:
        raise NewerSchema(
            f"The database stands at revision {current}, which this version does not know. "
            "Start the newer version of annotate-bot that made it, or restore a backup."
        )
    if current is not None and (queue := _recorded(connection)) is not None and queue > _queue_files()[-1].name:
        raise NewerSchema(
            f"The database's queue stands at {queue}, which the installed procrastinate does not know. "
            "Install the newer version that upgraded it, or restore a backup."
        )
    connection.commit()


def _recorded(connection: Connection) -> str | None:
    return connection.execute(text("select version from queue_schema")).scalar()


def _queue_files() -> Sequence[Traversable]:
    """The queue's migration files, oldest first; their names sort by version."""
    folder = resources.files("procrastinate") / "sql" / "migrations"
    return sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)


def _upgrade_queue(connection: Connection) -> None:
    """Apply the queue's schema when absent, else its migration files after the one recorded in `queue_schema`.

    Each file is a transaction of its own: PostgreSQL uses a new enum value only after it was committed.
    """
    files, recorded = _queue_files(), _recorded(connection)
    present = connection.execute(text("select to_regclass('procrastinate_jobs') is not null")).scalar()
    if present and recorded is None:
        raise NewerSchema(
            "The database holds queue tables that annotate-bot did not make. Give it a database of its own."
        )
    if not present:
        _run_script(connection, (resources.files("procrastinate") / "sql" / "schema.sql").read_text())
        _record(connection, files[-1].name)
        return
    for file in (f for f in files if f.name > str(recorded)):
        log.info("migrate: the queue's %s", file.name)
        _run_script(connection, file.read_text())
        _record(connection, file.name)


def _record(connection: Connection, version: str) -> None:
    connection.execute(text("delete from queue_schema"))
    connection.execute(text("insert into queue_schema (version) values (:v)"), {"v": version})
    connection.commit()


def _run_script(connection: Connection, script: str) -> None:
    """Run many statements as they stand; the driver's own cursor leaves % alone when there are no parameters."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed while the queue's schema was applied")
    driver.execute(script)
