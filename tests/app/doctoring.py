"""What the tests of the doctor share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from bot.storage.engine import libpq_dsn

if TYPE_CHECKING:
    from tests.app.outside import Outside

Found = dict[str, Any]


def change(outside: Outside, statement: str, *values: object) -> None:
    with psycopg.connect(libpq_dsn(outside.env["DATABASE_URL"])) as connection:
        connection.execute(statement, values)


def ran(outside: Outside, *options: str, **env: str) -> tuple[int, str, str]:
    process = outside.start("doctor", *options, **env)
    said, _ = process.process.communicate(timeout=120)
    return process.process.returncode, said.decode(), process.said
