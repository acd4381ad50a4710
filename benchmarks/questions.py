"""What each pass asks of the database, on tables of 10,000 and of 1,000,000 rows, and by which index it is answered."""

from __future__ import annotations

import re
import statistics
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event, text

from benchmarks.table import Row
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from tests.storage.planting import plant
from tests.storage.test_indexes import GROWTH, QUESTIONS

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

FEW, MANY, QUICK_MANY = 10_000, 1_000_000, 50_000
ASKED = 5  # times, and the median is taken; the first time, which plans, is left out
_SLOWER = 3.0  # a hundred times as many rows may take this much longer


def asking(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Ask every question of `tests/storage/test_indexes.py` of both sizes (quick: of 10,000 and 50,000 rows)."""
    many = QUICK_MANY if quick else MANY
    few = _asked(server, FEW)
    lots = _asked(server, many)
    return [
        Row(
            f"{question}, {many:,} rows: ms",
            f"{lots[question][0]:.1f} ({lots[question][1]})",
            f"{few[question][0]:.1f} with {FEW:,}",
            f"{lots[question][0] / few[question][0]:.2f}",
            f"<= {_SLOWER:g}" if lots[question][0] > 1 else "",
        )
        for question in QUESTIONS
    ]


def _asked(server: EmbeddedPostgres, rows: int) -> dict[str, tuple[float, str]]:
    """Fill a database with `rows` of everything; return milliseconds and indexes by question."""
    engine = make_engine(server.create_database(f"questions_{rows}"), connections=4)
    migrate(engine)
    event.listen(engine, "connect", _patiently)
    engine.dispose()
    plant(engine, cards=rows)
    with engine.begin() as connection:
        for statement in GROWTH:
            connection.execute(text(statement), {"many": rows})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    found = {question: (_took_ms(engine, question), _indexes(engine, question)) for question in QUESTIONS}
    engine.dispose()
    return found


def _patiently(connection: object, _record: object) -> None:
    """Filling a table takes longer than any pass may."""
    connection.execute("set statement_timeout = 0")  # type: ignore[attr-defined] # psycopg's connection


def _took_ms(engine: Engine, question: str) -> float:
    took = []
    for _ in range(ASKED + 1):
        started = time.perf_counter()
        QUESTIONS[question](engine)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took[1:])


def _indexes(engine: Engine, question: str) -> str:
    """Name what the planner reads: indexes, and tables it reads from end to end because they are short."""
    plans: list[str] = []

    def explain(connection, _cursor, statement, parameters, _context, _many) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - an event
        if not statement.lower().startswith("explain"):
            driver = connection.connection.driver_connection
            plans.extend(row[0] for row in driver.execute(f"explain {statement}", parameters))

    event.listen(engine, "before_cursor_execute", explain)
    QUESTIONS[question](engine)
    event.remove(engine, "before_cursor_execute", explain)
    used = re.findall(r"(?:using|Bitmap Index Scan on) (\w+)", "\n".join(plans))
    whole = [f"all of {table}" for table in re.findall(r"Seq Scan on (\w+)", "\n".join(plans))]
    return ", ".join(dict.fromkeys([*used, *whole]))
