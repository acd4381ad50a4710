"""The click: one statement that checks, decides, records, marks what is behind, and tells the loser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.second_press import LOOK_AGAIN
from bot.usecases.deciding import Answer, Press

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.reviews import Verdict

_FRESH = """
fresh as (
    insert into processed (key, at) values (:key, :at) on conflict do nothing returning key
), asked as (
    select r.id, r.project_id, r.input_id, r.annotation_id
    from review r join project p on p.id = r.project_id, fresh
    where {which} and p.team_id = :team and p.channel_id = :channel and p.state <> 'left' and :home in ('', :team)
      and not exists (select 1 from person g where g.team_id = :team and g.user_id = :by and g.is_guest)
      and (not cast(:beside as boolean) or exists (
          select 1 from membership m where m.team_id = :team and m.channel_id = :channel
          and jsonb_exists(m.members, :by) and m.asked_at > cast(:at as timestamptz) - interval '1 day'))
)"""

_TOLD = """
told as (
    insert into note (team_id, channel_id, user_id, thread_ts, body, state, attempts, created_at)
    select :team, :channel, :by, '', jsonb_build_object('what', {what}, 'reviews',
           (select jsonb_agg(id) from asked), 'verdict', cast(:verdict as text), 'input', {subject}), 'due', 0, :at
    from fresh where not cast(:answered as boolean) and not exists (select 1 from {unless})
), homed as (
    update home h set wanted = h.wanted + 1,
        draw_after = least(case when h.shown < h.wanted then h.draw_after end, cast(:home_after as timestamptz))
    from fresh where h.team_id = :team and h.user_id = :by
)"""

_WHY_LOST = "case when exists (select 1 from asked) then 'beaten' else 'refused' end"
_WHY_NOT = "case when exists (select 1 from asked) then 'not yours' else 'nothing to undo' end"

# A press on a queued review comes from a card that was posted and is not recorded yet: its answer was lost, or is on
# its way. It counts: a button proves that its card stands.
# Behind a won press the card is drawn again: at once when it was the last open question, else after the gathering time.
# The presser's Home tab, where they have one, is drawn again too: at once when the press was there, else with the next
# tick of the clock after the gathering time, since they are looking elsewhere.
# A card that nobody has tried to post yet is spared once its last question is answered; *Undo* brings it back.
_DECIDE = text(f"""
with {_FRESH.format(which="r.id = any(:ids)")}, won as (
    update review r set
        state = case when :unsure and r.doubted_by in ('', :by) then r.state else 'decided' end,
        verdict = case when :unsure and r.doubted_by in ('', :by) then null else :verdict end,
        decided_by = case when :unsure and r.doubted_by in ('', :by) then '' else :by end,
        decided_at = case when :unsure and r.doubted_by in ('', :by) then null else cast(:at as timestamptz) end,
        doubted_by = case when :unsure and r.doubted_by = '' then :by else r.doubted_by end
    from asked where r.id = asked.id and r.state in ('queued', 'posted')
    returning r.id, r.project_id, r.annotation_id, r.input_id, r.revision, r.state
), logged as (
    insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
    select project_id, id, revision, :verdict, state = 'decided', :by, :at from won
), dirtied as (
    update annotation a set dirty = a.dirty + 1, not_before = null
    from (select distinct project_id, annotation_id from won where state = 'decided') w
    where a.project_id = w.project_id and a.id = w.annotation_id
), drawn as (
    update post c set wanted = c.wanted + 1,
        draw_after = case when not w.asks then cast(:at as timestamptz)
                          when c.shown < c.wanted then c.draw_after else cast(:draw_after as timestamptz) end,
        state = case when not w.asks and c.state = 'due' and c.attempt = '' then 'spared' else c.state end
    from (
        select a.project_id, a.input_id, exists (
            select 1 from review o where o.project_id = a.project_id and o.input_id = a.input_id
            and o.state in ('queued', 'posted') and o.id not in (select id from won where state = 'decided')) as asks
        from (select distinct project_id, input_id from asked) a
    ) w
    where c.project_id = w.project_id and c.kind = 'card' and c.subject = w.input_id
), {_TOLD.format(what=_WHY_LOST, subject="''", unless="won")}
select (select count(*) from fresh), (select count(*) from asked), (select count(*) from won)
""")

_UNDO = text(f"""
with {_FRESH.format(which="r.input_id = :input and r.state in ('decided', 'settled')")}, undone as (
    update review r set state = 'posted', revision = r.revision + 1, verdict = null, decided_by = '',
        decided_at = null, doubted_by = ''
    from asked
    where r.id = asked.id and r.state in ('decided', 'settled')
      and ((r.decided_by = :by and r.decided_at >= :since)
           or exists (select 1 from person a where a.team_id = :team and a.user_id = :by and a.is_admin))
    returning r.id, r.project_id, r.annotation_id, r.input_id, r.revision
), logged as (
    insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
    select project_id, id, revision - 1, 'undo', true, :by, :at from undone
), dirtied as (
    update annotation a set dirty = a.dirty + 1, not_before = null
    from (select distinct project_id, annotation_id from undone) w
    where a.project_id = w.project_id and a.id = w.annotation_id
), drawn as (
    update post c set wanted = c.wanted + 1, draw_after = cast(:at as timestamptz),
        state = case when c.state = 'spared' and exists (select 1 from undone) then 'due' else c.state end
    from (select distinct project_id, input_id from asked) w
    where c.project_id = w.project_id and c.kind = 'card' and c.subject = w.input_id
), looks as (
    update post c set wanted = c.wanted + 1, draw_after = cast(:at as timestamptz)
    from (select s.project_id, cast(s.id as text) as subject from second_look s join undone u on u.id = s.review_id) l
    where c.project_id = l.project_id and c.kind = 'second_look' and c.subject = l.subject
), {_TOLD.format(what=_WHY_NOT, subject="cast(:input as text)", unless="undone")}
select (select count(*) from fresh), (select count(*) from asked), (select count(*) from undone)
""")


class SqlBallot:
    """Implements `usecases.deciding.Ballot` on PostgreSQL.

    READ COMMITTED is enough: an UPDATE that waited for another one looks at the row again before it decides.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decide(
        self, press: Press, review_ids: Sequence[int], verdict: Verdict, *, at: dt.datetime, draw_after: dt.datetime
    ) -> Answer:
        more: dict[str, object] = {
            "ids": list(review_ids),
            "verdict": verdict.value,
            "unsure": verdict.value == "unsure",
            "draw_after": draw_after,
            "home_after": at if press.beside else draw_after,
        }
        return self._press(_DECIDE, press, at, more)

    def undo(self, press: Press, input_id: str, *, at: dt.datetime, since: dt.datetime) -> Answer:
        return self._press(_UNDO, press, at, {"input": input_id, "since": since, "verdict": "undo", "home_after": at})

    def look_again(self, press: Press, look_id: int, verdict: Verdict, *, at: dt.datetime) -> Answer:
        more: dict[str, object] = {"look": look_id, "verdict": verdict.value, "unsure": verdict.value == "unsure"}
        return self._press(LOOK_AGAIN, press, at, more)

    def first_time(self, press: Press, *, at: dt.datetime) -> bool:
        """Say whether this press is delivered for the first time, and remember it."""
        with self._engine.begin() as connection:
            fresh = text("insert into processed (key, at) values (:key, :at) on conflict do nothing returning key")
            return connection.execute(fresh, {"key": press.key, "at": at}).first() is not None

    def _press(self, statement: object, press: Press, at: dt.datetime, more: dict[str, object]) -> Answer:
        values = {
            "key": press.key,
            "team": press.team_id,
            "channel": press.channel_id,
            "by": press.by,
            "home": press.home_team_id,
            "beside": press.beside,
            "answered": press.answered,
            "at": at,
            **more,
        }
        with self._engine.begin() as connection:
            fresh, asked, won = connection.execute(statement, values).one()  # type: ignore[call-overload]
        if not fresh:
            return Answer.REPLAY
        if won:
            return Answer.WON
        return Answer.LOST if asked else Answer.REFUSED
