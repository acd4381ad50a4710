"""One SQLite file behind one lock: kill -9 loses nothing that was answered, and readers see whole changes only."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.clarifai.state.counting import COUNTS

FILE_NAME = "clarifai.sqlite3"
SCHEMA = """
CREATE TABLE IF NOT EXISTS shelf (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, user TEXT NOT NULL, app TEXT NOT NULL, parent TEXT NOT NULL, id TEXT NOT NULL,
    message BLOB NOT NULL,
    UNIQUE (kind, user, app, parent, id)
);
CREATE TABLE IF NOT EXISTS inputs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL, app TEXT NOT NULL, id TEXT NOT NULL,
    url TEXT NOT NULL, job TEXT NOT NULL, code INTEGER NOT NULL, details TEXT NOT NULL DEFAULT '',
    again INTEGER NOT NULL DEFAULT 0, doomed INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL, message BLOB NOT NULL,
    UNIQUE (user, app, id)
);
CREATE INDEX IF NOT EXISTS inputs_in_order ON inputs (user, app, seq);
CREATE INDEX IF NOT EXISTS inputs_by_url ON inputs (user, app, url);
CREATE INDEX IF NOT EXISTS inputs_by_code ON inputs (code);
CREATE INDEX IF NOT EXISTS inputs_again ON inputs (again) WHERE again = 1;
CREATE INDEX IF NOT EXISTS inputs_doomed ON inputs (doomed) WHERE doomed = 1;
CREATE TABLE IF NOT EXISTS images (input INTEGER PRIMARY KEY REFERENCES inputs ON DELETE CASCADE, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS annotations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL, app TEXT NOT NULL, id TEXT NOT NULL,
    input INTEGER NOT NULL REFERENCES inputs ON DELETE CASCADE, input_id TEXT NOT NULL,
    worker TEXT NOT NULL, status INTEGER NOT NULL, input_level INTEGER NOT NULL, trusted INTEGER NOT NULL,
    model_version TEXT NOT NULL, workflow_version TEXT NOT NULL, task TEXT NOT NULL, modified INTEGER NOT NULL,
    info TEXT NOT NULL, message BLOB NOT NULL,
    UNIQUE (input, id)
);
CREATE INDEX IF NOT EXISTS annotations_in_order ON annotations (user, app, seq);
CREATE INDEX IF NOT EXISTS annotations_by_status ON annotations (user, app, status, seq);
CREATE INDEX IF NOT EXISTS annotations_by_time ON annotations (user, app, modified);
CREATE TABLE IF NOT EXISTS annotation_concepts (
    annotation INTEGER NOT NULL REFERENCES annotations ON DELETE CASCADE,
    id TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS concepts_of_annotation ON annotation_concepts (annotation);
"""


class Database:
    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if folder is None else str(folder / FILE_NAME)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        # NORMAL: a killed process loses nothing; a power cut may lose the last moments, which a stand-in may.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA + COUNTS)
        self._lock = threading.RLock()
        self._depth = 0
        self.changed = threading.Condition(self._lock)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, one at a time; a transaction within one joins it."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._connection
            except BaseException:
                if outermost:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def run(self, statement: str, parameters: tuple[object, ...] = ()) -> int:
        """Execute one statement; the row id it made."""
        with self.transaction() as connection:
            return connection.execute(statement, parameters).lastrowid or 0

    def announce(self) -> None:
        """Wake whoever waits for a change of state."""
        with self.changed:
            self.changed.notify_all()

    def close(self) -> None:
        with self._lock:
            self._connection.close()
