"""Home tabs, and who belongs to which channel, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from bot.domain.projects import ProjectState
from bot.domain.reviews import Verdict
from bot.domain.views import AnsweredView, HomeView, QueueView
from bot.storage.drawing import card_of
from bot.storage.engine import by_itself
from bot.storage.notes import SqlNotes
from bot.usecases.deciding import UNDO_FOR
from bot.usecases.homing import Behind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from bot.domain.views import CardView
    from bot.usecases.telling import Standing

MOST_ANSWERED = 5  # pictures

_OPENED = text("""
insert into home (team_id, user_id, wanted, shown, draw_after, said) values (:team, :user, 1, 0, :now, '[]')
on conflict (team_id, user_id) do update set wanted = home.wanted + 1, draw_after = excluded.draw_after, said = '[]'
""")

_SAY = text("""
update home set said = cast(:said as jsonb), wanted = wanted + 1, draw_after = :now
where team_id = :team and user_id = :user and said <> cast(:said as jsonb)
""")

_CLAIM = text("""
update home set not_before = cast(:now as timestamptz) + interval '20 s' where (team_id, user_id) = (
    select team_id, user_id from home where shown < wanted and draw_after <= :now
      and (not_before is null or not_before <= :now)
    order by draw_after limit 1 for update skip locked
) returning team_id, user_id, wanted
""")

_PUBLISHED = text("""
update home set shown = greatest(shown, :wanted), not_before = null where team_id = :team and user_id = :user
""")

_TO_ASK = text("""
select p.channel_id from project p left join membership m on m.team_id = p.team_id and m.channel_id = p.channel_id
where p.team_id = :team and p.state <> 'left' and (m.asked_at is null or m.asked_at < :since)
order by m.asked_at nulls first
""")

_LEARN = text("""
insert into membership (team_id, channel_id, members, asked_at) values (:team, :channel, cast(:members as jsonb), :now)
on conflict (team_id, channel_id) do update set members = excluded.members, asked_at = excluded.asked_at
""")

_QUEUES = text("""
select p.id, p.channel_id, p.state, q.questions, q.pictures, q.oldest, q.first
from project p join membership m on m.team_id = p.team_id and m.channel_id = p.channel_id
cross join lateral (
    select count(*) as questions, count(distinct r.input_id) as pictures, min(r.created_at) as oldest,
           min(r.id) as first
    from review r where r.project_id = p.id and r.state in ('queued', 'posted')
) q
where p.team_id = :team and p.state <> 'left' and jsonb_exists(m.members, :user)
order by q.first nulls last, p.created_at
""")

# The oldest picture that is ready to be shown and not in front of somebody else in a session.
_NEXT = text("""
select r.project_id, r.input_id from review r join input i on i.project_id = r.project_id and i.id = r.input_id
where r.project_id = any(:projects) and r.state in ('queued', 'posted') and i.picture <> 'asked'
  and not exists (select 1 from lease l where l.project_id = r.project_id and l.input_id = r.input_id
                  and l.until > :now and l.held_by <> :user)
order by r.id limit 1
""")

_ANSWERED = text("""
with mine as materialized (
    select id, project_id, input_id, concept_id, verdict, decided_at from review
    where project_id = any(:projects) and decided_at >= :since and decided_by = :user
      and state in ('decided', 'settled')
), last as materialized (
    select project_id, input_id, max(decided_at) as at from mine group by 1, 2 order by at desc limit :most
)
select l.project_id, l.input_id, i.name, l.at,
       jsonb_agg(jsonb_build_array(c.name, m.verdict) order by c.position, m.id) as verdicts
from last l join mine m on m.project_id = l.project_id and m.input_id = l.input_id
join input i on i.project_id = l.project_id and i.id = l.input_id
join concept c on c.project_id = m.project_id and c.id = m.concept_id
group by l.project_id, l.input_id, i.name, l.at order by l.at desc
""")


class SqlHomes:
    """Implements `usecases.homing.HomeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._notes = SqlNotes(engine)

    def opened(self, team_id: str, user_id: str, *, now: dt.datetime) -> None:
        self._do(_OPENED, team=team_id, user=user_id, now=now)

    def say(self, team_id: str, user_id: str, lines: Sequence[str], *, now: dt.datetime) -> None:
        self._do(_SAY, team=team_id, user=user_id, said=json.dumps(list(lines)), now=now)

    def claim(self, *, now: dt.datetime) -> Behind | None:
        with by_itself(self._engine) as connection:
            row = connection.execute(_CLAIM, {"now": now}).mappings().first()
            return Behind(**row) if row else None

    def published(self, home: Behind) -> None:
        self._do(_PUBLISHED, team=home.team_id, user=home.user_id, wanted=home.wanted)

    def later(self, home: Behind, *, not_before: dt.datetime) -> None:
        later = text("update home set not_before = :at where team_id = :team and user_id = :user")
        self._do(later, team=home.team_id, user=home.user_id, at=not_before)

    def channels_to_ask(self, team_id: str, *, known_since: dt.datetime) -> Sequence[str]:
        with by_itself(self._engine) as connection:
            return list(connection.execute(_TO_ASK, {"team": team_id, "since": known_since}).scalars())

    def learn_members(self, team_id: str, channel_id: str, members: Sequence[str], *, now: dt.datetime) -> None:
        self._do(_LEARN, team=team_id, channel=channel_id, members=json.dumps(list(members)), now=now)

    def standing(self, review_ids: Sequence[int]) -> Sequence[Standing]:
        return self._notes.standing(review_ids)

    def view(self, team_id: str, user_id: str, *, now: dt.datetime) -> HomeView:
        who = {"team": team_id, "user": user_id}
        with self._engine.begin() as connection:
            said = text("select said from home where team_id = :team and user_id = :user")
            queues = connection.execute(_QUEUES, who).mappings().all()
            channels = {row["id"]: row["channel_id"] for row in queues}
            next_in, card = _next(connection, channels, user_id, now)
            return HomeView(
                queues=tuple(_queue(row) for row in queues),
                next_in=next_in,
                next=card,
                answered=_answered(connection, channels, user_id, now - UNDO_FOR),
                said=tuple(connection.execute(said, who).scalar_one()),
            )

    def _do(self, statement: object, **values: object) -> None:
        with by_itself(self._engine) as connection:
            connection.execute(statement, values)  # type: ignore[call-overload]


def _queue(row: RowMapping) -> QueueView:
    return QueueView(row["channel_id"], ProjectState(row["state"]), row["questions"], row["pictures"], row["oldest"])


def _next(
    connection: Connection, channels: dict[str, str], user_id: str, now: dt.datetime
) -> tuple[str, CardView | None]:
    found = connection.execute(_NEXT, {"projects": list(channels), "user": user_id, "now": now}).first()
    if found is None:
        return "", None
    return channels[found.project_id], card_of(connection, found.project_id, found.input_id)


def _answered(
    connection: Connection, channels: dict[str, str], user_id: str, since: dt.datetime
) -> tuple[AnsweredView, ...]:
    values = {"projects": list(channels), "user": user_id, "since": since, "most": MOST_ANSWERED}
    return tuple(
        AnsweredView(
            channels[row["project_id"]],
            row["input_id"],
            row["name"],
            tuple((concept, Verdict(verdict)) for concept, verdict in row["verdicts"]),
            row["at"],
        )
        for row in connection.execute(_ANSWERED, values).mappings()
    )
