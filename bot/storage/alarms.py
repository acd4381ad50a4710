"""A concept whose checks went bad is switched off, in one transaction, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.thresholds import ConceptThreshold
from bot.storage.asking import ask_about
from bot.storage.cuts import NEXT_REVISION, add_revision
from bot.storage.outbox import announce
from bot.storage.projects import mark_behind
from bot.usecases.cutting import lines_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.usecases.weighing import Alarm, Weighable

_END = text(
    "update ledger set ended_at = :now, why_ended = 'alarm' where id = :ledger and ended_at is null returning id"
)

_AFRESH = text("""
insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, target, certified,
                    figures, weighed)
select project_id, concept_id, model_version, mapper_version, :now, '', target, '[]', '{}', 0
from ledger where id = :ledger
""")

_DOUBTED = text("""
select r.id from review r where r.ledger_id = :ledger and r.kind = 'check' and r.state = 'unchecked'
  and (cast(:at as timestamptz) is null or (r.created_at, r.id) > (cast(:at as timestamptz), :after))
""")

_CUTS = text("""
select t.concept_id, t.accept, t.floor, t.before_off, t.target, t.checks from cut t
join concept c on c.project_id = t.project_id and c.id = t.concept_id
where t.project_id = :p and t.number = :number order by c.position
""")

_EXAMPLES = text("""
select i.name, i.permalink from unnest(cast(:ids as bigint[])) with ordinality as shown (id, place)
join review r on r.id = shown.id join input i on i.project_id = r.project_id and i.id = r.input_id order by place
""")


def raise_alarm(connection: Connection, project: Project, ledger: Weighable, alarm: Alarm, *, now: dt.datetime) -> bool:
    """Do and tell all that an alarm asks for; False, and everything is to be rolled back, if it is not the moment.

    The revision is the bot's own. It is told here, with the reasons, and not once more when the workflow runs it.
    """
    if project.revision != project.applied_revision:
        return False
    number = connection.execute(NEXT_REVISION, {"p": project.id, "seen": project.revision}).scalar()
    if number is None or connection.execute(_END, {"ledger": ledger.id, "now": now}).first() is None:
        return False
    connection.execute(_AFRESH, {"ledger": ledger.id, "now": now})
    change = _switch_off(connection, project, ledger, number, alarm, now)
    queued = ask_about(connection, project, _doubted(connection, ledger, alarm), now=now)
    mark_behind(connection, project.id, "checklist")
    announce(
        connection,
        project,
        f"thresholds {number}",
        alarm.told(change, queued),
        now=now,
        undo_thresholds=number,
        examples=[(row.name, row.permalink) for row in connection.execute(_EXAMPLES, {"ids": list(alarm.examples)})],
    )
    return True


def _switch_off(
    connection: Connection, project: Project, ledger: Weighable, number: int, alarm: Alarm, now: dt.datetime
) -> Sequence[str]:
    rows = connection.execute(_CUTS, {"p": project.id, "number": project.revision})
    old = [ConceptThreshold(*row) for row in rows]
    new = [cut.switched_off() if cut.concept_id == ledger.concept_id else cut for cut in old]
    change = lines_of(old, new, {ledger.concept_id: ledger.concept})
    add_revision(connection, project.id, number, new, by="", at=now, words="\n".join((*change, alarm.reason)))
    return change


def _doubted(connection: Connection, ledger: Weighable, alarm: Alarm) -> Sequence[int]:
    at, after = alarm.since or (None, 0)
    asked = {"ledger": ledger.id, "at": at, "after": after}
    return connection.execute(_DOUBTED, asked).scalars().all()
