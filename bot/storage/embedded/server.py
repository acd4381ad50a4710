"""The embedded PostgreSQL as its users see it: start, a URL, stop."""

import os
from pathlib import Path
from subprocess import TimeoutExpired
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from bot.storage.embedded import places
from bot.storage.embedded.account import Account, server_account
from bot.storage.embedded.binaries import reachable_binaries, wheel_binaries
from bot.storage.embedded.cluster import CLUSTER, SUPERUSER, prepare_cluster
from bot.storage.embedded.databases import create_database, drop_database, ensure_database
from bot.storage.embedded.errors import EmbeddedPostgresError, from_os_error, from_output
from bot.storage.embedded.locks import Users
from bot.storage.embedded.postmaster import PORT, SOCKET, Postmaster

DATABASE = "annotate_bot"
_MAINTENANCE = "postgres"  # always there; databases are made and removed from inside it


class EmbeddedPostgres:
    """PostgreSQL 18 for one data folder, shared by every process that starts it; the last one out stops it.

    A process killed with -9 leaves the server running: the next start adopts it, and the next clean exit stops it.
    After the server itself was killed, `start` may be called again and brings it back under the same URL.
    """

    def __init__(self, data_dir: Path, *, binaries: Path | None = None) -> None:
        self._data_dir = data_dir
        self._binaries = binaries
        self._users: Users | None = None
        self._postmaster: Postmaster | None = None
        self._sockets: Path | None = None
        self._started_by = 0

    def start(self) -> None:
        """Serve the database `annotate_bot` of the data folder, making what is missing.

        Raises:
            EmbeddedPostgresError: it cannot; the text says what to do.
        """
        try:
            self._enter()
        except OSError as problem:
            raise from_os_error(problem, self._data_dir) from problem
        except TimeoutExpired as problem:
            raise EmbeddedPostgresError(
                f"A PostgreSQL program takes minutes in {self._data_dir}; the disk may be failing."
            ) from problem

    def stop(self) -> None:
        """Stop using the server; the last user stops it. A child forked after `start` leaves it alone.

        Raises:
            EmbeddedPostgresError: the server does not end.
        """
        users, self._users = self._users, None
        if users is None:
            return
        try:
            if self._started_by == os.getpid():
                with users.door():
                    self._leave(users)
        finally:
            users.close()

    @property
    def is_made(self) -> bool:
        """Whether the data folder has its database already; asking makes and starts nothing."""
        return (places.cluster_home(self._data_dir.resolve()) / CLUSTER).exists()

    @property
    def dsn(self) -> str:
        """The connection string for psycopg and the PostgreSQL programs."""
        return self.dsn_of(DATABASE)

    @property
    def url(self) -> str:
        """The URL for SQLAlchemy."""
        return self.url_of(DATABASE)

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database as a copy of `template`, to which nobody may be connected, and give its URL."""
        create_database(self.dsn_of(_MAINTENANCE), name, template)
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending the connections to it."""
        drop_database(self.dsn_of(_MAINTENANCE), name)

    def dsn_of(self, database: str) -> str:
        """Give the connection string of another database of this server."""
        return make_conninfo("", host=str(self._socket_folder()), port=PORT, user=SUPERUSER, dbname=database)

    def url_of(self, database: str) -> str:
        """Give the SQLAlchemy URL of another database of this server."""
        host = quote(str(self._socket_folder()), safe="/")
        return f"postgresql+psycopg://{SUPERUSER}@/{quote(database)}?host={host}&port={PORT}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _enter(self) -> None:
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._data_dir = self._data_dir.resolve()
        mine = self._started_by == os.getpid()  # a forked child joins with locks of its own
        users = self._users if self._users and mine else Users(self._data_dir)
        try:
            with users.door():
                users.join()
                try:
                    self._bring_up(users)
                except BaseException:
                    self._leave(users)
                    raise
        except BaseException:
            users.close()
            self._users = None
            raise
        self._users, self._started_by = users, os.getpid()

    def _bring_up(self, users: Users) -> None:
        account = server_account(places.cluster_home(self._data_dir), self._data_dir)
        home = places.prepare_home(self._data_dir, account)
        binaries = reachable_binaries(self._binaries or wheel_binaries(), account)
        cluster = prepare_cluster(home, binaries, account)
        self._postmaster = Postmaster(cluster, binaries, account, self._data_dir / "postgresql.log")
        self._sockets = self._adopt(self._postmaster, users) or self._launch(self._postmaster, home, account)
        try:
            ensure_database(self.dsn_of(_MAINTENANCE), DATABASE)
        except psycopg.OperationalError as problem:
            raise from_output(str(problem), self._data_dir, "Opening the embedded database") from problem

    def _adopt(self, postmaster: Postmaster, users: Users) -> Path | None:
        """Take over a running server, if it can be reached; give its socket folder."""
        running = postmaster.adopt()
        if running is None:
            return None
        sockets = running.sockets or Path()
        if (sockets / SOCKET).exists():
            return sockets
        if not users.alone():
            raise EmbeddedPostgresError(
                f"The embedded PostgreSQL of {self._data_dir} runs for another process, but its socket in {sockets} "
                "cannot be seen from here. End the other process and start again."
            )
        postmaster.stop()
        return None

    @staticmethod
    def _launch(postmaster: Postmaster, home: Path, account: Account) -> Path:
        sockets = places.socket_folder(home, account)
        try:
            postmaster.start(sockets)
        except EmbeddedPostgresError:
            places.remove_if_empty(sockets)
            raise
        return sockets

    def _leave(self, users: Users) -> None:
        if self._postmaster is None or not users.alone():
            return
        self._postmaster.stop()
        if self._sockets is not None:
            places.remove_sockets(self._sockets, SOCKET)

    def _socket_folder(self) -> Path:
        if self._sockets is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL was not started: call start() first.")
        return self._sockets
