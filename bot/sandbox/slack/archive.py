"""Documents and bytes that outlive the process: one SQLite file, written through at once."""

import json
import sqlite3
from pathlib import Path

from bot.sandbox.slack.wire import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS content (key TEXT PRIMARY KEY, bytes BLOB NOT NULL);
"""


class Archive:
    """A shelf of JSON documents by kind and key.

    Each write is its own transaction, so a killed process loses at most the call it was in. The write-ahead log without
    a sync per commit is enough for that; only a failing machine could take the last moments along.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if folder is None else str(folder / "slack.sqlite3")
        self._connection = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def keep(self, kind: str, key: str, document: Json) -> None:
        body = json.dumps(document, separators=(",", ":"))
        self._connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (kind, key, body))

    def drop(self, kind: str, key: str) -> None:
        self._connection.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> dict[str, Json]:
        """Every document of a kind, ordered by key."""
        rows = self._connection.execute("SELECT key, body FROM document WHERE kind = ? ORDER BY key", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def keep_bytes(self, key: str, content: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", (key, content))

    def drop_bytes(self, key: str) -> None:
        self._connection.execute("DELETE FROM content WHERE key = ?", (key,))

    def bytes_of(self, key: str) -> bytes | None:
        row = self._connection.execute("SELECT bytes FROM content WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        self._connection.close()
