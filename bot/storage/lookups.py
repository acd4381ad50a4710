"""What people ask to see, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.evidence import Lane
from bot.domain.forms import MOST_COUNTED, counted
from bot.domain.views import at
from bot.storage.dead_letters import dead_letters
from bot.storage.engine import by_itself
from bot.storage.records import SqlRecords
from bot.storage.reviewers import reviewers_of
from bot.usecases.cutting import described
from bot.usecases.steps import TITLES, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.reviewers import Reviewer

_QUEUE = text("""
select (select count(*) from (select from review where project_id = :p and state in ('queued', 'posted')
                              limit :most) w) as waiting,
       (select count(*) from (select from review where project_id = :p and state = 'decided'
                              limit :most) d) as unwritten,
       (select min(first.created_at) from unnest(cast(:lanes as text[])) as l (lane) cross join lateral (
            select created_at from review where project_id = :p and lane = l.lane and state in ('queued', 'posted')
            order by id limit 1) first) as oldest
""")

_OPEN_REVIEWS = text("""
select count(*) from (select from review where project_id = :p and state in ('queued', 'posted') limit :most) w
""")

# Posts that had trouble are tried first, so they stand at the head of what is due.
_TROUBLE = text("""
select problem from annotation where project_id = :p and problem <> '' and not closed and settled < dirty
union select why from trouble where project_id = :p
union select problem from step where project_id = :p and problem <> '' and state <> 'done'
union select problem from revision where project_id = :p and problem <> '' and state = 'wanted'
union select problem from post where project_id = :p and problem <> '' and state = 'posting'
union select n.problem from project j
cross join lateral unnest(array[j.channel_id, j.digest_channel]) as c (id)
cross join lateral (select project_id, problem from post where channel_id = c.id and state = 'due'
                    order by rank, id limit 100) n
where j.id = :p and n.project_id = j.id and n.problem <> '' limit 5
""")


_STEPS = text("""
select count(*) as all_steps, count(*) filter (where state = 'done') as done,
       coalesce(min(position) filter (where state <> 'done'), -1) as next
from step where project_id = :p
""")

_LANES = [lane.value for lane in Lane]

_STEP = text("select name, state, problem from step where project_id = :p and position = :n")


class SqlLookups(SqlRecords):
    """Implements `usecases.commanding.Lookups`."""

    def names(self, project_id: str) -> Mapping[str, str]:
        return {c.id: c.name for c in self.concepts(project_id)}

    def waiting(self, project_id: str) -> int:
        with by_itself(self._engine) as connection:
            return int(connection.execute(_OPEN_REVIEWS, {"p": project_id, "most": MOST_COUNTED}).scalar_one())

    def reviewers(self, project: Project) -> Sequence[Reviewer]:
        with self._engine.begin() as connection:
            return reviewers_of(connection, project)

    def forecasts(self, project_id: str) -> tuple[str, ...]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(
                text(
                    "select name, expected from picture where project_id = :p and state = 'kept' "
                    "and expected is not null order by id limit 20"
                ),
                {"p": project_id},
            ).all()
            return tuple(f"{name}: {', '.join(expected)}" for name, expected in rows if expected)

    def status(self, project: Project) -> tuple[str, ...]:
        names = self.names(project.id)
        cuts = self.cuts(project.id, project.revision)
        with self._engine.begin() as connection:
            queue = (
                connection.execute(_QUEUE, {"p": project.id, "most": MOST_COUNTED, "lanes": _LANES}).mappings().one()
            )
            trouble = connection.execute(_TROUBLE, {"p": project.id}).scalars().all()
            set_up = _set_up(connection, project.id)
            given_up = dead_letters(connection, project_id=project.id)
        digest = f"daily at {project.digest_at:%H:%M} {project.digest_zone}" if project.digest_on else "off"
        digest += f" in <#{project.digest_channel}>" if project.digest_on and project.digest_channel else ""
        seen = at(project.seen_until) if project.seen_until else "not yet"
        waiting, unwritten = counted(queue["waiting"]), counted(queue["unwritten"])
        oldest = f"; the oldest waits since {at(queue['oldest'])}" if queue["oldest"] else ""
        return (
            f"This channel is {project.state.value}; Clarifai app {project.app_id} of {project.user_id}.",
            set_up,
            *(f"{names[c.concept_id]}: {described(c)}" for c in cuts),
            f"Queue: {waiting} waiting, {unwritten} decided and not yet written to Clarifai{oldest}.",
            f"Newest annotation seen: {seen}. Digest: {digest}.",
            *(f"Trouble: {problem}" for problem in trouble),
            *(f"Given up: {what} ({many}). Whoever runs the bot can have it tried again." for what, many in given_up),
            f"Every full member may upload and decide; <@{project.set_up_by}> and workspace admins may change things.",
        )


def _set_up(connection: Connection, project_id: str) -> str:
    steps = connection.execute(_STEPS, {"p": project_id}).one()
    said = f"Set-up: {steps.done} of {steps.all_steps} steps done"
    step = connection.execute(_STEP, {"p": project_id, "n": steps.next}).first()
    if step is None:
        return f"{said}."
    how = "stopped at" if step.state == "failed" else "next is"
    return f"{said}, {how}: {TITLES[Step(step.name)]}."
