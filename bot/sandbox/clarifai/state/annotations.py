"""The annotations of the apps, kept so that every filter of the API is a condition of the database."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Concept, Data, Input
from google.protobuf.json_format import MessageToDict

from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state.conditions import Condition
from bot.sandbox.clarifai.state.counting import start_of
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.state.paging import Page

REMEMBERED_PAGES: Final = 10_000


class Annotations:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._passed: dict[tuple[Scope, Condition, int], int] = {}
        self._passed_at = 0

    def add(self, scope: Scope, input_row: int, made: Annotation) -> bool:
        """Keep a new annotation of that input; False when it already has one of that id."""
        with self._database.transaction() as connection:
            try:
                row = connection.execute(
                    "INSERT INTO annotations (user, app, id, input, input_id, worker, status, input_level, trusted,"
                    " model_version, workflow_version, task, modified, info, message)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (scope.user, scope.app, made.id, input_row, made.input_id, *_columns(made)),
                ).lastrowid
            except sqlite3.IntegrityError:
                return False
            self._keep_concepts(connection, row or 0, made)
        return True

    def replace(self, scope: Scope, changed: Annotation) -> None:
        with self._database.transaction() as connection:
            row = self._row_of(scope, changed.input_id, changed.id)
            connection.execute(
                "UPDATE annotations SET worker = ?, status = ?, input_level = ?, trusted = ?, model_version = ?,"
                " workflow_version = ?, task = ?, modified = ?, info = ?, message = ? WHERE seq = ?",
                (*_columns(changed), row),
            )
            connection.execute("DELETE FROM annotation_concepts WHERE annotation = ?", (row,))
            self._keep_concepts(connection, row or 0, changed)

    def follow_input(self, scope: Scope, changed: Input) -> None:
        """Let the annotation of the whole input say what the input says now."""
        for annotation in self.of_input(scope, changed.id):
            if annotation.input_level:
                annotation.data.CopyFrom(Data(concepts=changed.data.concepts))
                if changed.data.HasField("metadata"):
                    annotation.data.metadata.CopyFrom(changed.data.metadata)
                annotation.modified_at.CopyFrom(changed.modified_at)
                self.replace(scope, annotation)

    def get(self, scope: Scope, input_id: str, identifier: str) -> Annotation | None:
        row = self._row_of(scope, input_id, identifier)
        if row is None:
            return None
        return read_annotation(self._database.rows("SELECT message FROM annotations WHERE seq = ?", (row,))[0])

    def remove(self, scope: Scope, input_id: str, identifier: str) -> None:
        row = self._row_of(scope, input_id, identifier)
        self._database.run("DELETE FROM annotations WHERE seq = ?", (row,))

    def of_input(self, scope: Scope, input_id: str) -> list[Annotation]:
        return self.page(scope, Condition("a.input_id = ?", (input_id,)), Page(-1, 0))

    def page(self, scope: Scope, condition: Condition, page: Page) -> list[Annotation]:
        """The matching annotations, oldest first; rows before the page are stepped over without being read.

        Conditions hold marks only; the values are parameters.
        """
        with self._database.transaction() as connection:
            known = self._passed_pages(connection.total_changes)
            remembered = known.get((scope, condition, page.offset))
            behind, over = (remembered, 0) if remembered else start_of(connection, scope, condition, page.offset)
            source = (
                "annotations AS a JOIN inputs AS i ON i.seq = a.input" if condition.needs_input else "annotations AS a"
            )
            chosen = (
                f"SELECT a.seq FROM {source} WHERE a.user = ? AND a.app = ? AND a.seq > ? AND {condition.text}"  # noqa: S608 - marks
                " ORDER BY a.seq LIMIT ? OFFSET ?"
            )
            rows = connection.execute(
                f"SELECT seq, message FROM annotations WHERE seq IN ({chosen}) ORDER BY seq",  # noqa: S608 - the same
                (
                    *(scope.user, scope.app, behind, *condition.parameters),
                    *(page.limit, over),
                ),
            ).fetchall()
            if rows:
                known[scope, condition, page.offset + len(rows)] = rows[-1]["seq"]
        return [read_annotation(row) for row in rows]

    def _passed_pages(self, changes: int) -> dict[tuple[Scope, Condition, int], int]:
        """The row behind which a page starts, for pages whose forerunner was read since the last change of anything.

        A reader of page after page then steps over nothing, and pages shift all the same when something changes.
        """
        if changes != self._passed_at or len(self._passed) > REMEMBERED_PAGES:
            self._passed, self._passed_at = {}, changes
        return self._passed

    def last_modified(self) -> datetime:
        rows = self._database.rows("SELECT MAX(modified) AS latest FROM annotations")
        return datetime.fromtimestamp((rows[0]["latest"] or 0) / 1e6, UTC)

    def _row_of(self, scope: Scope, input_id: str, identifier: str) -> int | None:
        rows = self._database.rows(
            "SELECT a.seq FROM inputs AS i JOIN annotations AS a ON a.input = i.seq"
            " WHERE i.user = ? AND i.app = ? AND i.id = ? AND a.id = ?",
            (scope.user, scope.app, input_id, identifier),
        )
        return int(rows[0]["seq"]) if rows else None

    @staticmethod
    def _keep_concepts(connection: sqlite3.Connection, row: int, annotation: Annotation) -> None:
        connection.executemany(
            "INSERT INTO annotation_concepts (annotation, id, name, value) VALUES (?, ?, ?, ?)",
            [(row, concept.id, concept.name, concept.value) for concept in concepts_in(annotation.data)],
        )


def concepts_in(data: Data) -> Sequence[Concept]:
    """The concepts of the whole and of its regions."""
    return [*data.concepts, *(concept for region in data.regions for concept in region.data.concepts)]


def read_annotation(row: sqlite3.Row) -> Annotation:
    found = Annotation()
    found.ParseFromString(row["message"])
    return found


def _columns(annotation: Annotation) -> tuple[object, ...]:
    return (
        annotation.worker.user.id or annotation.user_id,
        annotation.status.code,
        annotation.input_level,
        annotation.trusted,
        annotation.model_version_id or annotation.worker.model.model_version.id,
        annotation.worker.workflow.version.id,
        annotation.task_id,
        annotation.modified_at.ToMicroseconds(),
        json.dumps(MessageToDict(annotation.annotation_info)),
        annotation.SerializeToString(),
    )
