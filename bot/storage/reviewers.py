"""The people who answered, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.reviewers import Reviewer
from bot.usecases.reviewing import LEASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.projects import Project

# A question stands in front of people since Slack posted its card (a message's ts is that moment), or, where it was
# answered in a session, since the picture was leased. A card that was posted again later tells nothing of answers
# before, and an answer after *Undo* is none to a new question: both are left out of the times.
_REVIEWERS = text("""
with answered as (
    select d.decided_by, d.review_id, d.decided_at, d.revision = 1 as is_first,
           greatest(to_timestamp(cast(nullif(c.ts, '') as float8)),
                    case when d.decided_at between l.until - cast(:lease as interval) and l.until
                         then l.until - cast(:lease as interval) end) as stood_since
    from decision d join review r on r.id = d.review_id
    left join post c on c.project_id = r.project_id and c.kind = 'card' and c.subject = r.input_id
    left join lease l on l.project_id = r.project_id and l.input_id = r.input_id and l.held_by = d.decided_by
    where d.project_id = :p and d.final and d.verdict <> 'undo'
), counted as (
    select decided_by as user_id, count(*) as answers,
           percentile_cont(0.5) within group (order by extract(epoch from decided_at - stood_since))
               filter (where is_first and decided_at > stood_since) as median_s
    from answered group by decided_by
), looked as (
    select first_by, count(*) as looked_at, count(*) filter (where verdict = 'reject') as confirmed
    from second_look where project_id = :p and state = 'decided' and verdict in ('approve', 'reject') group by first_by
)
select c.user_id, coalesce(n.name, '') as name, c.answers, c.median_s, coalesce(s.looked_at, 0) as looked_at,
       coalesce(s.confirmed, 0) as confirmed
from counted c left join looked s on s.first_by = c.user_id
left join person n on n.team_id = :team and n.user_id = c.user_id
where c.user_id <> ''
""")


def reviewers_of(connection: Connection, project: Project) -> Sequence[Reviewer]:
    """Read everybody who gave a final answer, in no order."""
    rows = connection.execute(_REVIEWERS, {"p": project.id, "team": project.team_id, "lease": LEASE}).mappings()
    return [Reviewer(**row) for row in rows]
