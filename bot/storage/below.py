"""What probed inputs show about each concept, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Row, text

from bot.domain.below import ProbedConcept, ProbedItem, Truth, below_floor, below_floor_lines
from bot.domain.reviews import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.thresholds import BelowFloor

_CONCEPTS = text("""
select c.id, c.name, t.floor, t.accept from concept c join project p on p.id = c.project_id
join cut t on t.project_id = c.project_id and t.number = p.applied_revision and t.concept_id = c.id
where c.project_id = :p and not c.removed order by c.position
""")

# Of the ledgers that are open: what another version of the model said shows nothing about this one. The first final
# answer stays, whatever was undone and answered again.
_ITEMS = text("""
select v.concept_id, v.value, x.questions, x.is_open, x.verdict
from ledger l join probed_value v on v.project_id = l.project_id and v.concept_id = l.concept_id and v.ledger_id = l.id
join lateral (
    select b.thrown_at from probe b
    where b.project_id = v.project_id and b.input_id = v.input_id and b.state = 'read' limit 1) b on true
join lateral (
    select count(*) as questions, bool_or(r.state in ('queued', 'posted')) as is_open,
        (array_agg(d.verdict order by d.id) filter (where d.verdict is not null))[1] as verdict
    from review r join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
    left join lateral (
        select d.id, d.verdict from decision d
        where d.review_id = r.id and d.final and d.verdict <> 'undo' order by d.id limit 1) d on true
    where r.project_id = v.project_id and r.input_id = v.input_id and r.concept_id = v.concept_id
      and jsonb_typeof(a.snapshot -> 'region') is distinct from 'object'
) x on true
where l.project_id = :p and l.ended_at is null order by b.thrown_at, v.input_id
""")

_TRUTHS = {Verdict.APPROVE.value: Truth.RIGHT, Verdict.REJECT.value: Truth.WRONG}


class SqlBelowFloor:
    """Implements `usecases.commanding.BelowFloors`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def below_floors(self, project_id: str) -> Mapping[str, BelowFloor]:
        return {concept_id: below_floor(one.items, one.floor) for concept_id, one in self._read(project_id).items()}

    def below_floor_lines(self, project_id: str) -> tuple[str, ...]:
        return below_floor_lines(list(self._read(project_id).values()))

    def _read(self, project_id: str) -> Mapping[str, ProbedConcept]:
        items: dict[str, list[ProbedItem]] = {}
        with self._engine.begin() as connection:
            concepts = connection.execute(_CONCEPTS, {"p": project_id}).all()
            for row in connection.execute(_ITEMS, {"p": project_id}):
                items.setdefault(row.concept_id, []).append(ProbedItem(row.value, _truth(row)))
        return {c.id: ProbedConcept(c.name, c.floor, c.accept, items.get(c.id, ())) for c in concepts}


def _truth(row: Row[Any]) -> Truth:
    if not row.questions:
        return Truth.UNASKED
    return Truth.OPEN if row.is_open else _TRUTHS.get(row.verdict, Truth.UNKNOWN)
