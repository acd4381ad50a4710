"""Inputs whose coin fell, on their way to being read below the floor, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.checks import is_probed
from bot.domain.probes import ProbedValue
from bot.domain.projects import Project
from bot.storage.engine import by_itself
from bot.storage.labels import SqlLabels
from bot.usecases.probing import WaitingProbe

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

ProbeCoin = Callable[[Project, str], bool | None]

_DRAW = text("""
insert into probe (project_id, input_id, thrown_at, state, attempts, problem)
select project_id, id, :now, 'waiting', 0, '' from input
where project_id = :p and id = any(:ids) and probed on conflict do nothing
""")

_WAITING = text("""
select b.input_id, i.url, b.attempts from probe b
join input i on i.project_id = b.project_id and i.id = b.input_id
where b.project_id = :p and b.state = 'waiting' and (b.not_before is null or b.not_before <= :now)
order by b.not_before nulls first, b.input_id limit :limit
""")

_VALUES = text("""
select input_id, concept_id, value, floor, ledger_id from probed_value
where project_id = :p and input_id = any(:ids) order by concept_id
""")

_FLOORS = text("""
select t.concept_id, t.floor from cut t join concept c on c.project_id = t.project_id and c.id = t.concept_id
where t.project_id = :p and t.number = (select applied_revision from project where id = :p) and not c.removed
order by c.position
""")

_SAID = text("""
insert into probed_value (project_id, input_id, concept_id, value, floor, ledger_id)
values (:p, :input, :concept, :value, :floor, :ledger) on conflict do nothing
""")


def probe_coin(project: Project, input_id: str) -> bool:
    """Throw the coin of an input."""
    return is_probed(project.coin_secret, input_id)


def no_probes(_project: Project, _input_id: str) -> None:
    """Stand in for the coin where it is never thrown."""


def draw_probes(connection: Connection, project: Project, input_ids: Sequence[str], *, now: dt.datetime) -> None:
    """Have those of the new inputs read whose coin fell; in the transaction that records the inputs."""
    connection.execute(_DRAW, {"p": project.id, "ids": list(input_ids), "now": now})


class SqlProbes(SqlLabels):
    """Implements `usecases.probing.ProbeStore`."""

    def waiting(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[WaitingProbe]:
        with self._engine.begin() as connection:
            rows = connection.execute(_WAITING, {"p": project_id, "now": now, "limit": limit}).all()
            known: dict[str, list[ProbedValue]] = {row.input_id: [] for row in rows}
            for input_id, *value in connection.execute(_VALUES, {"p": project_id, "ids": list(known)}):
                known[input_id].append(ProbedValue(*value))
        return [WaitingProbe(row.input_id, row.url, row.attempts, tuple(known[row.input_id])) for row in rows]

    def floors(self, project_id: str) -> Mapping[str, float]:
        return {row["concept_id"]: row["floor"] for row in self._rows(str(_FLOORS), p=project_id)}

    def said(self, project_id: str, input_id: str, values: Sequence[ProbedValue]) -> None:
        rows = [{"concept": v.concept_id, "value": v.value, "floor": v.floor, "ledger": v.ledger_id} for v in values]
        if not rows:
            return
        with self._engine.begin() as connection:
            connection.execute(_SAID, [{"p": project_id, "input": input_id, **row} for row in rows])

    def read(self, project_id: str, input_id: str) -> None:
        self._set(project_id, input_id, "state = 'read', not_before = null, problem = ''")

    def failed(self, project_id: str, input_id: str, problem: str) -> None:
        self._set(project_id, input_id, "state = 'failed', not_before = null, problem = :problem", problem=problem)

    def put_off(self, project_id: str, input_id: str, attempts: int, problem: str, *, not_before: dt.datetime) -> None:
        what = "attempts = :attempts, not_before = :at, problem = :problem"
        self._set(project_id, input_id, what, attempts=attempts, at=not_before, problem=problem)

    def _set(self, project_id: str, input_id: str, what: str, **values: object) -> None:
        statement = text(f"update probe set {what} where project_id = :p and input_id = :i and state = 'waiting'")
        with by_itself(self._engine) as connection:
            connection.execute(statement, {"p": project_id, "i": input_id, **values})
