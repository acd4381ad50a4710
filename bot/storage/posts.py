"""Posts and the pace of each channel, on PostgreSQL. The database's clock paces; the bot's clock says what is due."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.troubles import WHY_NO_CHANNEL, Trouble
from bot.domain.views import CardView
from bot.storage.drawing import Drawing
from bot.storage.engine import by_itself
from bot.storage.second_looks import ASKS_AGAIN, INPUT_OF
from bot.storage.troubles import SqlTroubles
from bot.storage.turns import CLAIM_DUE, CLAIMED, COUNT_WAITING, NEXT_DUE, WAITING_CARDS
from bot.usecases.chat import PostKind
from bot.usecases.posting import Claim

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from bot.domain.views import View

PACE_S = 1.03  # between two messages in a channel; Slack takes about one a second, and short bursts

_CLAIM_BEHIND = text(f"""
update post set attempt = :attempt, intent_at = clock_timestamp() where id = (
    select id from post where state = 'posted' and shown < wanted and coalesce(draw_after, :now) <= :now
      and (not_before is null or not_before <= :now)
      and (intent_at is null or intent_at < clock_timestamp() - interval '10 s')
    order by draw_after nulls first limit 1 for update skip locked
) returning {CLAIMED}
""")

_NEXT_BEHIND = text("""
select extract(epoch from
    min(greatest(coalesce(draw_after, :now), coalesce(not_before, :now))) - cast(:now as timestamptz))
from post where state = 'posted' and shown < wanted
  and (intent_at is null or intent_at < clock_timestamp() - interval '10 s')
""")

_IN_DOUBT = text(f"""
select {CLAIMED} from post where state = 'posting' and intent_at < clock_timestamp() - cast(:age as interval)
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
        return self._claim(CLAIM_DUE, values)

    def claim_behind(self, *, now: dt.datetime) -> Claim | None:
        return self._claim(_CLAIM_BEHIND, {"now": now, "attempt": uuid.uuid4().hex})

    def next_due_in_s(self, *, now: dt.datetime) -> float | None:
        with by_itself(self._engine) as connection:
            return _seconds(connection.execute(NEXT_DUE, {"now": now, **self._rules}).scalar())

    def next_behind_in_s(self, *, now: dt.datetime) -> float | None:
        with by_itself(self._engine) as connection:
            return _seconds(connection.execute(_NEXT_BEHIND, {"now": now}).scalar())

    def count_waiting(self, *, now: dt.datetime) -> bool:
        with by_itself(self._engine) as connection:
            return bool(connection.execute(COUNT_WAITING, {"now": now, **self._rules}).scalar())

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
