"""Posts and the pace of each channel, on PostgreSQL. The database's clock paces; the bot's clock says what is due."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.troubles import WHY_NO_CHANNEL, Trouble
from bot.domain.views import MOST_COUNTED, CardView
from bot.storage.drawing import Drawing
from bot.storage.engine import by_itself
from bot.storage.second_looks import ASKS_AGAIN, INPUT_OF
from bot.storage.troubles import SqlTroubles
from bot.usecases.chat import PostKind
from bot.usecases.posting import Claim

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from bot.domain.views import View

PACE_S = 1.03  # between two messages in a channel; Slack takes about one a second, and short bursts
WAITING_CARDS = 5  # per channel; the rest waits its turn
_CLAIMED = "id, project_id, team_id, channel_id, kind, subject, thread_ts, attempt, wanted, ts, intent_at"

# The channels in which as many cards wait as may; worked out once, not for each of the cards that are due.
_BUSY = """
busy as materialized (
    select w.channel_id from post w where w.kind = 'card' and w.state in ('posting', 'posted') and exists (
        select 1 from review r where r.project_id = w.project_id and r.input_id = w.subject
        and r.state in ('queued', 'posted'))
    group by w.channel_id having count(*) >= :most
)"""

_HOUR_IS_RIGHT = """
(c.own_upload or :always or case when cast(:opens as time) <= cast(:closes as time)
 then cast(cast(:now as timestamptz) at time zone p.zone as time) between :opens and :closes
 else cast(cast(:now as timestamptz) at time zone p.zone as time) not between :closes and :opens end)"""

# A card is ready while its project is live, its picture is there, and the hour is right.
_CARD_IS_READY = f"""
c.state = 'due' and (c.not_before is null or c.not_before <= :now) and exists (
    select 1 from project p join input i on i.project_id = p.id and i.id = c.subject
    where p.id = c.project_id and p.state = 'live' and i.picture <> 'asked' and {_HOUR_IS_RIGHT})
"""

# A second look takes no card's place. No more of them are made than may stand open.
_LOOK_IS_READY = f"""
exists (select 1 from project p where p.id = c.project_id and p.state = 'live' and {ASKS_AGAIN} and {_HOUR_IS_RIGHT})
"""

_MAY_GO = f"""
c.state = 'due' and (c.not_before is null or c.not_before <= :now) and case c.kind
    when 'card' then c.channel_id not in (select channel_id from busy) and {_CARD_IS_READY}
    when 'second_look' then {_LOOK_IS_READY} else true end
"""

# One line per project says how many cards are ready and wait because as many stand open as may. It is drawn anew at
# most every 5 s, and at once when nothing waits any more; during a pause it stays as it is.
_COUNT_WAITING = text(f"""
with {_BUSY}, counted as (
    select p.id, p.team_id, p.channel_id, (select count(*) from (
        select 1 from post c where c.channel_id = p.channel_id and c.project_id = p.id and c.kind = 'card'
          and c.channel_id in (select channel_id from busy) and {_CARD_IS_READY}
        limit {MOST_COUNTED + 1}) as counted_out) as cards
    from project p where p.state in ('live', 'left')
), added as (
    insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted,
                      shown, own_upload, attempts, body, problem, created_at)
    select id, team_id, channel_id, 'waiting', id, '', 2, 'due', '', '', 1, 0, true, 0,
           jsonb_build_object('cards', cards, 'at', cast(:now as timestamptz)), '', :now
    from counted where cards > 0 on conflict do nothing returning id
), moved as (
    update post w set wanted = w.wanted + 1, draw_after = null,
        state = case w.state when 'gone' then 'due' else w.state end,
        body = jsonb_build_object('cards', c.cards, 'at', cast(:now as timestamptz))
    from counted c
    where w.channel_id = c.channel_id and w.kind = 'waiting' and w.subject = c.id
      and cast(w.body ->> 'cards' as int) <> c.cards
      and (c.cards = 0 or cast(w.body ->> 'at' as timestamptz) <= cast(:now as timestamptz) - interval '5 s')
      and (w.state <> 'gone' or (c.cards > 0 and w.problem = 'nothing to say'))
    returning w.id
)
select (select count(*) from added) + (select count(*) from moved)
""")

_CLAIM_DUE = text(f"""
with {_BUSY}, channel as (
    select channel_id from pace where next_post_at <= clock_timestamp()
      and exists (select 1 from post c where c.channel_id = pace.channel_id and {_MAY_GO})
    order by next_post_at limit 1 for update skip locked
), next as (
    select c.id from post c where c.channel_id = (select channel_id from channel) and {_MAY_GO}
    order by c.rank, c.id limit 1 for update skip locked
), paced as (
    update pace set next_post_at = clock_timestamp() + make_interval(secs => :pace_s)
    where channel_id = (select channel_id from channel) and exists (select 1 from next)
)
update post set state = 'posting', attempt = :attempt, intent_at = clock_timestamp(), not_before = null, problem = ''
where id = (select id from next) returning {_CLAIMED}
""")

_NEXT_DUE = text(f"""
with {_BUSY}
select extract(epoch from min(greatest(pace.next_post_at, clock_timestamp())) - clock_timestamp())
from pace where exists (select 1 from post c where c.channel_id = pace.channel_id and {_MAY_GO})
""")

_CLAIM_BEHIND = text(f"""
update post set attempt = :attempt, intent_at = clock_timestamp() where id = (
    select id from post where state = 'posted' and shown < wanted and coalesce(draw_after, :now) <= :now
      and (not_before is null or not_before <= :now)
      and (intent_at is null or intent_at < clock_timestamp() - interval '10 s')
    order by draw_after nulls first limit 1 for update skip locked
) returning {_CLAIMED}
""")

_NEXT_BEHIND = text("""
select extract(epoch from
    min(greatest(coalesce(draw_after, :now), coalesce(not_before, :now))) - cast(:now as timestamptz))
from post where state = 'posted' and shown < wanted
  and (intent_at is null or intent_at < clock_timestamp() - interval '10 s')
""")

_IN_DOUBT = text(f"""
select {_CLAIMED} from post where state = 'posting' and intent_at < clock_timestamp() - cast(:age as interval)
  and (not_before is null or not_before < clock_timestamp())
order by intent_at limit 50
""")

_RECORD = text("""
update post set state = 'posted', ts = :ts, shown = greatest(shown, :wanted), drawn_at = clock_timestamp(),
    intent_at = null, not_before = null, problem = ''
where id = :id and attempt = :attempt and state = 'posting' returning id
""")

_RECORD_DRAWN = text("""
update post set shown = greatest(shown, :wanted), drawn_at = clock_timestamp(), not_before = null, problem = '',
    intent_at = case when attempt = :attempt then null else intent_at end,
    wanted = case when attempt = :attempt then wanted else greatest(shown, wanted) + 1 end
where id = :id and state = 'posted'
""")

_LOCK_REVIEWS = text("select id from review where id = any(:ids) order by id for update")

_OPEN_REVIEWS = text("update review set state = 'posted' where id = any(:ids) and state = 'queued'")

_GIVE_BACK = text("""
update post set state = case when state = 'posting' then 'due' else state end, intent_at = null,
    not_before = :not_before, problem = :problem, attempts = greatest(attempts, least(attempts + 1, 99))
where id = :id and attempt = :attempt and state in ('posting', 'posted')
""")

_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where channel_id = :channel and ts = :ts and ts <> '' and state = 'posted' returning id
""")

_SLOW_DOWN = text("""
update pace set next_post_at = greatest(next_post_at, clock_timestamp() + make_interval(secs => :wait_s))
where channel_id = :channel
""")


class SqlPosts:
    """Implements `usecases.posting.PostStore`."""

    def __init__(self, engine: Engine, *, pace_s: float = PACE_S, hours: tuple[dt.time, dt.time] | None = None) -> None:
        self._engine = engine
        self._drawing = Drawing(engine)
        self._troubles = SqlTroubles(engine)
        self._rules: Mapping[str, Any] = {
            "most": WAITING_CARDS,
            "always": hours is None,
            "opens": hours[0] if hours else "00:00",
            "closes": hours[1] if hours else "24:00",
        }
        self._pace_s = pace_s

    def claim_due(self, *, now: dt.datetime) -> Claim | None:
        values = {"now": now, "attempt": uuid.uuid4().hex, "pace_s": self._pace_s, **self._rules}
        return self._claim(_CLAIM_DUE, values)

    def claim_behind(self, *, now: dt.datetime) -> Claim | None:
        return self._claim(_CLAIM_BEHIND, {"now": now, "attempt": uuid.uuid4().hex})

    def next_due_in_s(self, *, now: dt.datetime) -> float | None:
        with by_itself(self._engine) as connection:
            return _seconds(connection.execute(_NEXT_DUE, {"now": now, **self._rules}).scalar())

    def next_behind_in_s(self, *, now: dt.datetime) -> float | None:
        with by_itself(self._engine) as connection:
            return _seconds(connection.execute(_NEXT_BEHIND, {"now": now}).scalar())

    def count_waiting(self, *, now: dt.datetime) -> bool:
        with by_itself(self._engine) as connection:
            return bool(connection.execute(_COUNT_WAITING, {"now": now, **self._rules}).scalar())

    def in_doubt(self, *, older_than: dt.timedelta) -> Sequence[Claim]:
        with by_itself(self._engine) as connection:
            return [_claim(row) for row in connection.execute(_IN_DOUBT, {"age": older_than}).mappings()]

    def view(self, claim: Claim) -> View | None:
        return self._drawing.view(claim)

    def record_posted(self, claim: Claim, ts: str, view: View) -> bool:
        values = {"id": claim.id, "attempt": claim.attempt, "ts": ts, "wanted": claim.wanted}
        with self._engine.begin() as connection:
            _lock_reviews(connection, view)
            if connection.execute(_RECORD, values).first() is None:
                return False
            _open_reviews(connection, view)
            return True

    def record_drawn(self, claim: Claim, view: View) -> None:
        values = {"id": claim.id, "attempt": claim.attempt, "wanted": claim.wanted}
        with self._engine.begin() as connection:
            _lock_reviews(connection, view)
            connection.execute(_RECORD_DRAWN, values)
            _open_reviews(connection, view)

    def give_back(
        self, claim: Claim, *, not_before: dt.datetime | None = None, problem: str = "", pause_s: float = 0.0
    ) -> None:
        values = {"id": claim.id, "attempt": claim.attempt, "not_before": not_before, "problem": problem}
        with self._engine.begin() as connection:
            connection.execute(_GIVE_BACK, values)
            if pause_s:
                connection.execute(_SLOW_DOWN, {"wait_s": pause_s, "channel": claim.channel_id})

    def withdraw(self, claim: Claim, problem: str) -> None:
        self._set(claim, "state = 'gone', intent_at = null, problem = :problem", problem=problem)

    def leave_as_it_is(self, claim: Claim, problem: str) -> None:
        drawn = "shown = greatest(shown, :wanted), intent_at = null, not_before = null, problem = :problem"
        self._set(claim, drawn, wanted=claim.wanted, problem=problem)

    def look_later(self, claim: Claim, problem: str, *, wait: dt.timedelta) -> None:
        later = "not_before = clock_timestamp() + cast(:wait as interval), problem = :problem"
        self._set(claim, later, wait=wait, problem=problem)

    def channel_refuses(self, claim: Claim, error: str, *, now: dt.datetime) -> None:
        self._troubles.begins(claim.project_id, Trouble.CHANNEL, WHY_NO_CHANNEL.get(error, error), now=now)

    def without_picture(self, claim: Claim) -> None:
        plain = f"update input set picture = 'none', file_id = '' where project_id = :project and id = {INPUT_OF}"
        values = {"project": claim.project_id, "kind": claim.kind.value, "subject": claim.subject}
        with by_itself(self._engine) as connection:
            connection.execute(text(plain), values)

    def deleted_by_somebody(self, claim: Claim) -> None:
        # 100 attempts mean that it was posted once more; ordinary attempts end at 99
        asks = f"""case c.kind when 'card' then exists (select 1 from review r where r.project_id = c.project_id
                  and r.input_id = c.subject and r.state in ('queued', 'posted'))
                  when 'second_look' then {ASKS_AGAIN} else false end"""
        again = f"(select {asks} from post c where c.id = post.id) and post.attempts < 100"
        state = f"state = case when {again} then 'due' else 'gone' end"
        self._set(claim, f"{state}, attempts = 100, intent_at = null, ts = '', problem = ''")

    def _set(self, claim: Claim, what: str, **values: object) -> None:
        with by_itself(self._engine) as connection:
            connection.execute(
                text(f"update post set {what} where id = :id and attempt = :attempt"),
                {"id": claim.id, "attempt": claim.attempt, **values},
            )

    def _claim(self, statement: Any, values: Mapping[str, object]) -> Claim | None:  # noqa: ANN401 - a statement
        with by_itself(self._engine) as connection:
            row = connection.execute(statement, values).mappings().first()
            return _claim(row) if row else None


def mark_behind(engine: Engine, channel_id: str, ts: str) -> bool:
    """Have a message of ours drawn again, which finds out that it was deleted; False when it is none of ours."""
    with by_itself(engine) as connection:
        return connection.execute(_BEHIND, {"channel": channel_id, "ts": ts}).first() is not None


def _lock_reviews(connection: Connection, view: View) -> None:
    """Take locks in the order of a click (review, annotation, post), so that a click is never a deadlock's victim."""
    if isinstance(view, CardView):
        connection.execute(_LOCK_REVIEWS, {"ids": [r.id for r in view.open_reviews]})


def _open_reviews(connection: Connection, view: View) -> None:
    if isinstance(view, CardView):
        connection.execute(_OPEN_REVIEWS, {"ids": [r.id for r in view.open_reviews]})


def _claim(row: RowMapping) -> Claim:
    return Claim(**{**row, "kind": PostKind(row["kind"])})


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))
