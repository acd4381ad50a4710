"""What was accepted or asked under other thresholds, and what becomes of it on a press, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from bot.domain.thresholds import narrow
from bot.storage.asking import ask_about
from bot.storage.sightings import CARD_BEHIND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.usecases.own_mistakes import Span

# The accept cuts before and after, of concepts where they differ; as reals they are what stands on the wire.
_MOVED = text("""
select b.concept_id, a.accept as old, b.accept as new, c.accept as now from cut b
join cut a on a.project_id = b.project_id and a.number = :old and a.concept_id = b.concept_id
join project p on p.id = b.project_id
left join cut c on c.project_id = b.project_id and c.number = p.applied_revision and c.concept_id = b.concept_id
where b.project_id = :p and b.number = :new and cast(a.accept as real) <> cast(b.accept as real)
""")

_TOLD_AT = """coalesce((select created_at from post where project_id = :p and kind = 'announcement'
    and subject = 'thresholds ' || :new), cast(:now as timestamptz))"""

_UNCHECKED = f"""
select r.id from review r
join unnest(cast(:concepts as text[]), cast(:lows as float8[]), cast(:highs as float8[])) as m (concept, low, high)
  on m.concept = r.concept_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id and not a.closed
where r.project_id = :p and r.kind = 'check' and r.state = 'unchecked' and r.ledger_id is not null
  and r.value >= m.low and r.value < m.high and r.created_at <= {_TOLD_AT}"""

_WAITING = """
select r.id from review r
join unnest(cast(:concepts as text[]), cast(:lows as float8[])) as m (concept, low) on m.concept = r.concept_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id and not a.closed
where r.project_id = :p and r.kind = 'pending' and r.state in ('queued', 'posted') and r.value >= m.low"""

_APPLY = text("""
with applied as (
    update review r set kind = 'check', applied = :new,
        state = case when r.lane = 'calibration' then r.state else 'unchecked' end
    where r.id = any(:ids) and r.kind = 'pending' and r.state in ('queued', 'posted')
    returning r.id, r.project_id, r.annotation_id, r.input_id
), dirtied as (
    update annotation a set dirty = a.dirty + 1, not_before = null
    from (select distinct project_id, annotation_id from applied) w
    where a.project_id = w.project_id and a.id = w.annotation_id
)
select id, input_id from applied
""")

# A card that nobody has tried to post yet has nothing to ask any more.
_SPARED = text("""
update post c set state = 'spared' where c.project_id = :project and c.kind = 'card' and c.subject = any(:inputs)
  and c.state = 'due' and c.attempt = '' and not exists (
    select 1 from review o where o.project_id = c.project_id and o.input_id = c.subject
    and o.state in ('queued', 'posted'))
""")


def count_old(connection: Connection, project: Project, span: Span, *, now: dt.datetime) -> tuple[int, int]:
    """Count what was accepted below the raised cuts, and what waits and reaches the lowered ones."""
    moved = _moved(connection, project, span)
    return len(_below(connection, project, span, moved, now)), len(_waiting(connection, project, moved))


def review_below(connection: Connection, project: Project, span: Span, *, now: dt.datetime) -> int:
    """Queue exactly what was accepted below the raised cuts before they were told of."""
    ids = _below(connection, project, span, _moved(connection, project, span), now)
    return ask_about(connection, project, ids, now=now) if ids else 0


def apply_lower(connection: Connection, project: Project, span: Span) -> int | None:
    """Accept what waits and reaches the lowered cuts that are still in force; None when none of them is.

    What the coin drew stays with people as a check. Locks are taken in the order of a click: review, annotation, post.
    """
    lowered = [row for row in _moved(connection, project, span) if narrow(row.new) < narrow(row.old)]
    standing = [row for row in lowered if row.now is not None and narrow(row.now) == narrow(row.new)]
    if lowered and not standing:
        return None
    ids = _waiting(connection, project, standing, lock=True)
    if not ids:
        return 0
    applied = connection.execute(_APPLY, {"ids": list(ids), "new": span.new}).all()
    cards = {"project": project.id, "inputs": sorted({row.input_id for row in applied})}
    connection.execute(CARD_BEHIND, cards)
    connection.execute(_SPARED, cards)
    return len(applied)


def _moved(connection: Connection, project: Project, span: Span) -> Sequence[Any]:
    return connection.execute(_MOVED, {"p": project.id, "old": span.old, "new": span.new}).all()


def _below(
    connection: Connection, project: Project, span: Span, moved: Sequence[Any], now: dt.datetime
) -> Sequence[int]:
    raised = [row for row in moved if narrow(row.new) > narrow(row.old)]
    if not raised:
        return ()
    values = {**_spans(raised), "highs": [narrow(row.new) for row in raised]}
    values |= {"lows": [narrow(row.old) for row in raised], "p": project.id, "new": str(span.new), "now": now}
    return connection.execute(text(f"{_UNCHECKED} order by r.id"), values).scalars().all()


def _waiting(connection: Connection, project: Project, moved: Sequence[Any], *, lock: bool = False) -> Sequence[int]:
    lowered = [row for row in moved if narrow(row.new) < narrow(row.old)]
    if not lowered:
        return ()
    locked = " for update of r" if lock else ""
    asked = text(f"{_WAITING} order by r.id{locked}")
    return connection.execute(asked, {**_spans(lowered), "p": project.id}).scalars().all()


def _spans(rows: Sequence[Any]) -> dict[str, Any]:
    return {"concepts": [row.concept_id for row in rows], "lows": [narrow(row.new) for row in rows]}
