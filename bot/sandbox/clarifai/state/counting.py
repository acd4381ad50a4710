"""How many annotations of each kind stand in each block of rows, so that a far page is found without stepping there."""

import re
import sqlite3
from typing import Final

from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state.conditions import Condition

BLOCK: Final = 1024  # rows; at most so many are stepped over
_COUNTED: Final = ("worker", "status", "input_level", "trusted")
_KEY: Final = ("user", "app", "block", *_COUNTED)


def _is(row: str) -> str:
    own = " AND ".join(f"{column} = {row}.{column}" for column in ("user", "app", *_COUNTED))
    return f"{own} AND block = {row}.seq / {BLOCK}"


def _values(row: str) -> str:
    return ", ".join([f"{row}.user", f"{row}.app", f"{row}.seq / {BLOCK}", *(f"{row}.{c}" for c in _COUNTED)])


_ADD = f"INSERT INTO annotation_counts VALUES ({_values('new')}, 1) ON CONFLICT DO UPDATE SET n = n + 1;"  # noqa: S608 - ours
_TAKE = f"UPDATE annotation_counts SET n = n - 1 WHERE {_is('old')};"  # noqa: S608 - ours

# The last statement counts what a folder of an earlier version holds.
COUNTS: Final = f"""
CREATE TABLE IF NOT EXISTS annotation_counts (
    user TEXT, app TEXT, block INTEGER, worker TEXT, status INTEGER, input_level INTEGER, trusted INTEGER,
    n INTEGER NOT NULL, PRIMARY KEY ({", ".join(_KEY)})
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS annotation_counted AFTER INSERT ON annotations BEGIN {_ADD} END;
CREATE TRIGGER IF NOT EXISTS annotation_uncounted AFTER DELETE ON annotations BEGIN {_TAKE} END;
CREATE TRIGGER IF NOT EXISTS annotation_recounted AFTER UPDATE OF {", ".join(_COUNTED)} ON annotations
BEGIN {_TAKE} {_ADD} END;
INSERT INTO annotation_counts SELECT {_values("a")}, COUNT(*) FROM annotations AS a
WHERE NOT EXISTS (SELECT 1 FROM annotation_counts) GROUP BY {", ".join(str(n + 1) for n in range(len(_KEY)))};
"""  # noqa: S608 - ours


def start_of(connection: sqlite3.Connection, scope: Scope, condition: Condition, offset: int) -> tuple[int, int]:
    """A row before the page of that offset, 0 for none, and how many matching rows lie between it and the page."""
    asked = set(re.findall(r"\ba\.(\w+)", condition.text))
    if offset < BLOCK or condition.needs_input or not asked <= set(_COUNTED):
        return 0, offset
    counted = connection.execute(
        f"SELECT block, SUM(n) AS n FROM annotation_counts AS a WHERE user = ? AND app = ? AND ({condition.text})"  # noqa: S608 - marks
        " GROUP BY block ORDER BY block",
        (scope.user, scope.app, *condition.parameters),
    )
    behind = 0
    for row in counted:
        if row["n"] > offset:
            break
        offset -= row["n"]
        behind = (row["block"] + 1) * BLOCK - 1
    return behind, offset
