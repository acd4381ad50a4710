"""Which ledger the predictions of a concept belong to now, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.blueprint import GENERAL_CONCEPT
from bot.domain.evidence import Ledger
from bot.domain.thresholds import narrow
from bot.storage.outbox import announce
from bot.storage.projects import MAPPER_VERSION

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from bot.domain.projects import Project

_VERSIONS = text(f"""
select coalesce((select result -> 'model' ->> 'version' from step s where s.project_id = :p and s.name = 'find'),
                :general) as model, {MAPPER_VERSION.format(p=":p")} as mapper
""")

_END_OTHERS = text("""
with ended as (
    update ledger l set ended_at = :now, why_ended = case when c.removed then 'removed' else 'version' end
    from concept c where l.project_id = :p and c.project_id = l.project_id and c.id = l.concept_id
      and l.ended_at is null and (c.removed or (l.model_version, l.mapper_version) <> (:model, :mapper))
    returning l.id, c.name, c.position, c.removed
)
select id, name from ended where not removed and exists (select 1 from review r where r.ledger_id = ended.id)
order by position
""")

_START = text("""
insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, target, certified,
                    figures, weighed)
select c.project_id, c.id, :model, :mapper, :now, '', 0.95, '[]', '{}', 0 from concept c
where c.project_id = :p and not c.removed on conflict do nothing
""")

_OPEN = text("""
select l.id, l.concept_id, l.target as proven_for, l.certified, t.accept, t.target, t.checks,
    (select count(*) from review r where r.ledger_id = l.id and r.decided_at is not null) as reviewed
from ledger l join project p on p.id = l.project_id
join cut t on t.project_id = p.id and t.number = p.applied_revision and t.concept_id = l.concept_id
where l.project_id = :p and l.ended_at is null
""")


def open_ledgers(connection: Connection, project: Project, now: dt.datetime) -> Mapping[str, Ledger]:
    """Return the open ledger of each concept of the workflow that runs, by concept id; made where there is none.

    Another version of the model or of the mapper starts new ones, and the channel is told where something was known.
    """
    versions = connection.execute(_VERSIONS, {"p": project.id, "general": GENERAL_CONCEPT.version}).mappings().one()
    values = {"p": project.id, "now": now, **versions}
    ended = connection.execute(_END_OTHERS, values).all()
    connection.execute(_START, values)
    if ended:
        what = f"how right the model is about {', '.join(row.name for row in ended)}"
        lines = [
            f"The model or the mapper is another one now: nothing is known any more of {what}. Checks start afresh."
        ]
        ends_once = min(row.id for row in ended)  # versions may come back, and are told of each time
        announce(connection, project, f"evidence {ends_once}", lines, now=now)
    rows = connection.execute(_OPEN, {"p": project.id}).mappings()
    return {
        row["concept_id"]: Ledger(
            row["id"],
            row["reviewed"],
            is_proven(row["accept"], row["target"], row["certified"], row["proven_for"]),
            row["checks"],
        )
        for row in rows
    }


def is_proven(accept: float, target: float, certified: list[float], proven_for: float) -> bool:
    """Say whether exactly this cut was tested and found to keep exactly this target."""
    return target == proven_for and narrow(accept) in {narrow(cut) for cut in certified}
