"""Things that are few and looked up by id: apps, concepts, relations, models, workflows and their versions."""

import sqlite3
from typing import Generic, TypeVar

from google.protobuf.message import Message

from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.state.paging import EVERYTHING, Page

M = TypeVar("M", bound=Message)


class Shelf(Generic[M]):
    """All things of one kind; `parent` groups the versions of one model or workflow."""

    def __init__(self, database: Database, message: type[M]) -> None:
        self._database = database
        self._message = message
        self._kind = message.DESCRIPTOR.name

    def add(self, scope: Scope, identifier: str, thing: M, parent: str = "") -> bool:
        """Keep a new thing; False when the id is taken."""
        try:
            self._database.run(
                "INSERT INTO shelf (kind, user, app, parent, id, message) VALUES (?, ?, ?, ?, ?, ?)",
                (self._kind, scope.user, scope.app, parent, identifier, thing.SerializeToString()),
            )
        except sqlite3.IntegrityError:
            return False
        return True

    def replace(self, scope: Scope, identifier: str, thing: M, parent: str = "") -> None:
        self._database.run(
            "UPDATE shelf SET message = ? WHERE kind = ? AND user = ? AND app = ? AND parent = ? AND id = ?",
            (thing.SerializeToString(), self._kind, scope.user, scope.app, parent, identifier),
        )

    def get(self, scope: Scope, identifier: str, parent: str = "") -> M | None:
        rows = self._database.rows(
            "SELECT message FROM shelf WHERE kind = ? AND user = ? AND app = ? AND parent = ? AND id = ?",
            (self._kind, scope.user, scope.app, parent, identifier),
        )
        return self._read(rows[0]) if rows else None

    def all(self, scope: Scope, parent: str = "", page: Page = EVERYTHING) -> list[M]:
        rows = self._database.rows(
            "SELECT message FROM shelf WHERE kind = ? AND user = ? AND app = ? AND parent = ?"
            " ORDER BY seq LIMIT ? OFFSET ?",
            (self._kind, scope.user, scope.app, parent, page.limit, page.offset),
        )
        return [self._read(row) for row in rows]

    def latest(self, scope: Scope, parent: str) -> M | None:
        rows = self._database.rows(
            "SELECT message FROM shelf WHERE kind = ? AND user = ? AND app = ? AND parent = ?"
            " ORDER BY seq DESC LIMIT 1",
            (self._kind, scope.user, scope.app, parent),
        )
        return self._read(rows[0]) if rows else None

    def remove(self, scope: Scope, identifier: str, parent: str = "") -> None:
        self._database.run(
            "DELETE FROM shelf WHERE kind = ? AND user = ? AND app = ? AND parent = ? AND id = ?",
            (self._kind, scope.user, scope.app, parent, identifier),
        )

    def _read(self, row: sqlite3.Row) -> M:
        thing = self._message()
        thing.ParseFromString(row["message"])
        return thing
