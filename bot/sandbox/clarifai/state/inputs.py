"""The inputs of the apps, their bytes and how far each has come: 30001 -> 30003 -> 30000 or 30002."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from clarifai_grpc.grpc.api.resources_pb2 import Input
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf.json_format import MessageToDict

from bot.sandbox.clarifai.answers import Code, status
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state.conditions import Condition
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.state.paging import Page


class Inputs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, scope: Scope, made: Input, *, image: bytes, job: str) -> int | None:
        """Keep a new input as pending; its row, or None when the id is taken."""
        metadata = json.dumps(MessageToDict(made.data.metadata))
        try:
            row = self._database.run(
                "INSERT INTO inputs (user, app, id, url, job, code, metadata, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(scope.user, scope.app, made.id, made.data.image.url, job, codes.INPUT_PENDING, metadata),
                    made.SerializeToString(),
                ),
            )
        except sqlite3.IntegrityError:
            return None
        if image:
            self._database.run("INSERT INTO images (input, bytes) VALUES (?, ?)", (row, image))
        return row

    def replace(self, scope: Scope, changed: Input) -> None:
        self._database.run(
            "UPDATE inputs SET metadata = ?, message = ? WHERE user = ? AND app = ? AND id = ?",
            (
                *(json.dumps(MessageToDict(changed.data.metadata)), changed.SerializeToString()),
                *(scope.user, scope.app, changed.id),
            ),
        )

    def keep_image(self, row: int, image: bytes) -> None:
        self._database.run("INSERT OR REPLACE INTO images (input, bytes) VALUES (?, ?)", (row, image))

    def row_of(self, scope: Scope, identifier: str) -> int | None:
        rows = self._database.rows(
            "SELECT seq FROM inputs WHERE user = ? AND app = ? AND id = ?", (scope.user, scope.app, identifier)
        )
        return int(rows[0]["seq"]) if rows else None

    def has_url(self, scope: Scope, url: str) -> bool:
        return bool(
            self._database.rows(
                "SELECT 1 FROM inputs WHERE user = ? AND app = ? AND url = ? LIMIT 1", (scope.user, scope.app, url)
            )
        )

    def get(self, scope: Scope, identifier: str) -> Input | None:
        found = self.page(scope, Page(1, 0), ids=[identifier])
        return found[0] if found else None

    def page(self, scope: Scope, page: Page, *, ids: Sequence[str] = (), code: int = 0) -> list[Input]:
        condition, parameters = "1", [*ids]
        if ids:
            condition = f"id IN ({', '.join('?' * len(ids))})"
        rows = self._database.rows(
            f"SELECT message, code, details FROM inputs WHERE user = ? AND app = ? AND {condition}"  # noqa: S608 - marks only
            " AND (? = 0 OR code = ?) ORDER BY seq LIMIT ? OFFSET ?",
            (scope.user, scope.app, *parameters, code, code, page.limit, page.offset),
        )
        return [read_input(row) for row in rows]

    def matching(self, scope: Scope, conditions: Sequence[Condition], page: Page) -> list[Input]:
        """The inputs that, condition by condition, have an annotation for which it holds; oldest first."""
        parts = [f"({condition.text})" for condition in conditions]
        holds = (
            "EXISTS (SELECT 1 FROM annotations AS a JOIN inputs AS i ON i.seq = a.input WHERE a.input = n.seq AND {})"
        )
        where = " AND ".join(["1", *(holds.format(part) for part in parts)])
        rows = self._database.rows(
            "SELECT message, code, details FROM inputs AS n"  # noqa: S608 - conditions hold marks, values are parameters
            f" WHERE user = ? AND app = ? AND {where} ORDER BY seq LIMIT ? OFFSET ?",
            (scope.user, scope.app, *(v for one in conditions for v in one.parameters), page.limit, page.offset),
        )
        return [read_input(row) for row in rows]

    def at(self, row: int) -> Input | None:
        rows = self._database.rows("SELECT message, code, details FROM inputs WHERE seq = ?", (row,))
        return read_input(rows[0]) if rows else None

    def image(self, row: int) -> bytes:
        rows = self._database.rows("SELECT bytes FROM images WHERE input = ?", (row,))
        return bytes(rows[0]["bytes"]) if rows else b""

    def mark(self, row: int, code: Code, details: str = "") -> None:
        self._database.run("UPDATE inputs SET code = ?, details = ?, again = 0 WHERE seq = ?", (code, details, row))

    def run_again(self, scope: Scope, identifier: str) -> None:
        """Ask for the default workflow to run once more on this input."""
        self._database.run(
            "UPDATE inputs SET again = 1 WHERE user = ? AND app = ? AND id = ? AND code = ?",
            (scope.user, scope.app, identifier, codes.INPUT_SUCCESS),
        )

    def doom(self, scope: Scope, identifiers: Sequence[str]) -> None:
        """Ask for these inputs and all that belongs to them to be deleted."""
        for identifier in identifiers:
            self._database.run(
                "UPDATE inputs SET doomed = 1 WHERE user = ? AND app = ? AND id = ?",
                (scope.user, scope.app, identifier),
            )

    def erase_doomed(self) -> int:
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM inputs WHERE doomed = 1").rowcount

    def restart_interrupted(self) -> None:
        """What was in progress when the process died starts over."""
        self._database.run("UPDATE inputs SET code = ? WHERE code = ?", (codes.INPUT_PENDING, codes.INPUT_IN_PROGRESS))

    def next_waiting(self) -> sqlite3.Row | None:
        """The oldest pending input, else one to run again; the caller marks it before anybody else can ask."""
        for condition, value in (("code = ?", codes.INPUT_PENDING), ("again = ?", 1)):
            rows = self._database.rows(
                f"SELECT seq, user, app FROM inputs WHERE {condition} ORDER BY seq LIMIT 1",  # noqa: S608 - ours
                (value,),
            )
            if rows:
                return rows[0]
        return None

    def any_unfinished(self, app: str) -> bool:
        conditions = (f"code = {codes.INPUT_PENDING}", f"code = {codes.INPUT_IN_PROGRESS}", "again = 1", "doomed = 1")
        return any(
            self._database.rows(f"SELECT 1 FROM inputs WHERE {condition} AND app = ? LIMIT 1", (app,))  # noqa: S608 - ours
            for condition in conditions
        )

    def counts(self, scope: Scope, job: str = "") -> Counter[int]:
        rows = self._database.rows(
            "SELECT code, COUNT(*) AS n FROM inputs WHERE user = ? AND app = ? AND (? = '' OR job = ?) GROUP BY code",
            (scope.user, scope.app, job, job),
        )
        return Counter({int(row["code"]): int(row["n"]) for row in rows})


def read_input(row: sqlite3.Row) -> Input:
    found = Input()
    found.ParseFromString(row["message"])
    found.status.CopyFrom(status(row["code"], row["details"]))
    return found
