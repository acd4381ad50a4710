"""The queue as review sessions see it, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.forms import MOST_COUNTED
from bot.storage.drawing import card_of
from bot.storage.engine import by_itself
from bot.storage.notes import SqlNotes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.views import CardView
    from bot.usecases.reviewing import Hold
    from bot.usecases.telling import Standing

MOST_TRIES = 20  # members who reach for the same picture at the same moment

# Two who reach for the same picture: one inserts, the other waits for it, gets nothing and reaches again.
_TAKE = text("""
with next as (
    select r.input_id from review r join input i on i.project_id = r.project_id and i.id = r.input_id
    where r.project_id = :project and r.state in ('queued', 'posted') and i.picture <> 'asked'
      and cast(:wanted as text) in ('', r.input_id) and r.input_id <> all(cast(:passed as text[]))
      and not exists (select 1 from lease l where l.project_id = r.project_id and l.input_id = r.input_id
                      and l.until > :now and l.held_by <> :by)
    order by r.lane, r.id limit 1
), taken as (
    insert into lease (project_id, input_id, held_by, until)
    select :project, input_id, :by, :until from next
    on conflict (project_id, input_id) do update set held_by = excluded.held_by, until = excluded.until
    where lease.until <= :now or lease.held_by = :by
    returning input_id
)
select (select input_id from next) as input_id, (select count(*) from taken) as taken
""")

_HELD = text("""
select exists (select 1 from lease where project_id = :project and input_id = :input and until > :now
               and held_by <> :by)
""")

_WAITING = text("""
select count(*) from (
    select 1 from review where project_id = :project and state in ('queued', 'posted') limit :most
) w
""")

_ASKING = text("""
select count(distinct input_id) from review
where project_id = :project and input_id = any(cast(:inputs as text[])) and state in ('queued', 'posted')
""")

BELONGS = text("""
select exists (select 1 from membership where team_id = :team and channel_id = :channel
               and jsonb_exists(members, :user))
""")


class SqlSessions:
    """Implements `usecases.reviewing.SessionStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._notes = SqlNotes(engine)

    def take(self, project_id: str, hold: Hold) -> CardView | None:
        values = {
            "project": project_id,
            "by": hold.by,
            "now": hold.now,
            "until": hold.until,
            "passed": list(hold.passed),
            "wanted": hold.wanted,
        }
        for _ in range(MOST_TRIES):
            with by_itself(self._engine) as connection:
                input_id, taken = connection.execute(_TAKE, values).one()
            if input_id is None:
                return None
            if taken:
                return self.look(project_id, input_id)
        return None

    def look(self, project_id: str, input_id: str) -> CardView | None:
        with self._engine.begin() as connection:
            return card_of(connection, project_id, input_id)

    def held_by_another(self, project_id: str, input_id: str, *, by: str, now: dt.datetime) -> bool:
        return bool(self._one(_HELD, project=project_id, input=input_id, by=by, now=now))

    def waiting(self, project_id: str) -> int:
        return int(str(self._one(_WAITING, project=project_id, most=MOST_COUNTED)))

    def asking(self, project_id: str, input_ids: Sequence[str]) -> int:
        return int(str(self._one(_ASKING, project=project_id, inputs=list(input_ids))))

    def give_back(self, project_id: str, input_id: str, *, by: str) -> None:
        given = text("delete from lease where project_id = :p and input_id = :i and held_by = :by")
        with by_itself(self._engine) as connection:
            connection.execute(given, {"p": project_id, "i": input_id, "by": by})

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]:
        return self._notes.standing(review_ids)

    def belongs(self, team_id: str, channel_id: str, user_id: str) -> bool:
        return bool(self._one(BELONGS, team=team_id, channel=channel_id, user=user_id))

    def _one(self, question: object, **values: object) -> object:
        with by_itself(self._engine) as connection:
            return connection.execute(question, values).scalar_one()  # type: ignore[call-overload]
