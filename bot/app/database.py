"""Which PostgreSQL this process works on: the one of DATABASE_URL, or our own in the data folder."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.settings import SettingsError
from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError
from bot.storage.engine import libpq_dsn, make_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0


@dataclass
class Database:
    """A pool and its address. The embedded server is started here, watched, and stopped when we were its last user."""

    url: str
    engine: Engine
    embedded: EmbeddedPostgres | None = None

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="database-keeper", daemon=True)
        if self.embedded:
            self._keeper.start()

    @classmethod
    def open(cls, settings: Settings, *, name: str) -> Self:
        """Connect; start the embedded server when no DATABASE_URL is set.

        Raises:
            SettingsError: DATABASE_URL leads nowhere.
        """
        if settings.database_url:
            engine = make_engine(settings.database_url, name=name)
            try:
                with engine.connect():
                    pass
            except OperationalError as error:
                why = " ".join(str(error.orig).split())
                raise SettingsError(f"DATABASE_URL cannot be reached: {why}") from None
            return cls(settings.database_url, engine)
        embedded = EmbeddedPostgres(settings.bot_data_dir)
        embedded.start()
        return cls(embedded.url, make_engine(embedded.url, name=name), embedded)

    @property
    def dsn(self) -> str:
        return libpq_dsn(self.url)

    def close(self) -> None:
        self._closing.set()
        if self._keeper.is_alive():
            self._keeper.join(timeout=15)
        self.engine.dispose()
        if self.embedded:
            self.embedded.stop()

    def _keep(self) -> None:
        """Bring the embedded server back when somebody killed it; pools notice by themselves."""
        while not self._closing.wait(LOOK_EVERY_S):
            try:
                with self.engine.connect() as connection:
                    connection.execute(text("select 1"))
            except OperationalError:
                log.warning("database: away, starting it again")
                try:
                    if self.embedded:
                        self.embedded.start()
                except EmbeddedPostgresError as error:
                    log.error("database: %s", error)  # noqa: TRY400 - the message says what to do
