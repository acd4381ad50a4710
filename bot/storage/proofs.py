"""What was made of the evidence last, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.domain.proofs import Proof
from bot.storage.engine import by_itself
from bot.storage.replay import SqlReplays

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROOFS = text("""
select concept_id, figures from ledger where project_id = :p and ended_at is null and figures <> '{}'
""")


class SqlProofs(SqlReplays):
    """Implements `usecases.commanding.Proofs`."""

    def proofs(self, project_id: str) -> Mapping[str, Proof]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_PROOFS, {"p": project_id})
            return {row.concept_id: Proof.from_json(row.figures) for row in rows}
