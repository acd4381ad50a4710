"""Labels that were accepted unseen are brought to people after all, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.storage.outbox import CARD_RANK
from bot.storage.settling import ANSWERS_BEHIND
from bot.storage.sightings import CARD_BEHIND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project

_QUEUE = text("""
update review r set state = 'queued' from annotation a
where r.project_id = :project and r.id = any(:ids) and r.state = 'unchecked' and r.ledger_id is not null
  and a.project_id = r.project_id and a.id = r.annotation_id and not a.closed
returning r.input_id
""")

_CARDS = text(f"""
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
                  own_upload, attempts, body, problem, created_at)
select :project, :team, :channel, 'card', subject, '', {CARD_RANK}, 'due', '', '', 1, 0, false, 0, '{{}}', '', :now
from unnest(cast(:inputs as text[])) as subject order by subject
on conflict (project_id, channel_id, kind, subject) do nothing
""")

_BACK = text("""
update post set state = 'due' where project_id = :project and kind = 'card' and subject = any(:inputs)
  and state = 'spared'
""")


def ask_about(connection: Connection, project: Project, review_ids: Sequence[int], *, now: dt.datetime) -> int:
    """Queue those of the reviews that nobody looked at, with their cards; return how many.

    They stay in the work lane: what is asked because of a suspicion is never evidence.
    """
    inputs = connection.execute(_QUEUE, {"project": project.id, "ids": list(review_ids)}).scalars().all()
    if inputs:
        values = {"project": project.id, "inputs": sorted(set(inputs))}
        where = {"team": project.team_id, "channel": project.channel_id, "now": now}
        connection.execute(CARD_BEHIND, values)
        connection.execute(_BACK, values)
        connection.execute(_CARDS, {**values, **where})
        connection.execute(ANSWERS_BEHIND, values)  # they named what was accepted, and are silent while it is asked
    return len(inputs)
