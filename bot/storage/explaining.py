"""What the record has about the pictures of a message, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.usecases.explaining import LabelFact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

# An upload is known by its own message, by its answer, or by the card of one of its pictures.
_INPUTS = text("""
select p.input_id as id, p.name, p.id as place from picture p join upload u on u.id = p.upload_id
where p.project_id = :p and u.channel_id = :channel and (u.message_ts = :ts or u.id = (
    select cast(o.subject as bigint) from post o
    where o.channel_id = :channel and o.ts = :ts and o.kind = 'upload' and o.project_id = :p))
union all
select i.id, i.name, 0 from post o join input i on i.project_id = o.project_id and i.id = o.subject
where o.channel_id = :channel and o.ts = :ts and o.kind = 'card' and o.project_id = :p order by place
""")

_FACTS = text("""
select r.input_id, c.name as concept, r.kind, r.state, r.value, coalesce(t.accept, 0) as accept,
       coalesce(t.floor, 0) as floor, r.verdict, r.decided_by, r.decided_at, a.closed_reason
from review r join concept c on c.project_id = r.project_id and c.id = r.concept_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
left join cut t on t.project_id = r.project_id and t.concept_id = r.concept_id
  and t.number = coalesce(r.applied, r.thresholds)
where r.project_id = :p and r.input_id = any(:ids) order by c.position, r.id
""")


class SqlExplanations:
    """Implements `usecases.explaining.Records`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def facts_about(self, project_id: str, channel_id: str, ts: str) -> Sequence[LabelFact] | None:
        with self._engine.begin() as connection:
            pictures = connection.execute(_INPUTS, {"p": project_id, "channel": channel_id, "ts": ts}).all()
            ids = [row.id for row in pictures]
            rows = connection.execute(_FACTS, {"p": project_id, "ids": ids}).mappings().all() if ids else []
        if not pictures:
            return None
        return [
            fact for row in pictures for fact in _of_picture(row.name, [r for r in rows if r["input_id"] == row.id])
        ]


def _of_picture(name: str, rows: Sequence[RowMapping]) -> list[LabelFact]:
    return [_fact(name, row) for row in rows] or [LabelFact(name)]


def _fact(name: str, row: RowMapping) -> LabelFact:
    return LabelFact(
        picture=name,
        concept=row["concept"],
        kind=ReviewKind(row["kind"]),
        state=ReviewState(row["state"]),
        value=row["value"],
        accept=row["accept"],
        floor=row["floor"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        closed_reason=row["closed_reason"] if row["state"] == "closed" else "",
    )
