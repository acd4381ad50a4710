"""Whose turn it is in each channel: what may be posted now, in which order, and what waits.

Lower ranks go first. Answers to a thousand uploads would hold the first card back for a quarter of an hour, so a card
that was asked for ten seconds ago takes turns with what goes before it in its channel.
"""

from __future__ import annotations

from sqlalchemy import text

from bot.domain.views import MOST_COUNTED
from bot.storage.outbox import CARD_RANK
from bot.storage.second_looks import ASKS_AGAIN

WAITING_CARDS = 5  # per channel; the rest waits its turn
LOOKED_AT = 50  # of the oldest cards: at night thousands may be due, and none may go
CLAIMED = "id, project_id, team_id, channel_id, kind, subject, thread_ts, attempt, wanted, ts, intent_at"

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
COUNT_WAITING = text(f"""
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

CLAIM_DUE = text(f"""
with {_BUSY}, channel as (
    select channel_id, not card_last and channel_id not in (select channel_id from busy) as for_a_card
    from pace where next_post_at <= clock_timestamp()
      and exists (select 1 from post c where c.channel_id = pace.channel_id and {_MAY_GO})
    order by next_post_at limit 1 for update skip locked
), oldest as materialized (
    select id from post where channel_id = (select channel_id from channel where for_a_card) and state = 'due'
      and rank = {CARD_RANK} order by id limit {LOOKED_AT}
), patient as (
    select c.id, c.kind from post c where c.id = any(array(select id from oldest))
      and c.created_at <= cast(:now as timestamptz) - interval '10 s' and {_MAY_GO}
    order by c.id limit 1 for update skip locked
), first as (
    select c.id, c.kind from post c
    where c.channel_id = (select channel_id from channel) and not exists (select 1 from patient) and {_MAY_GO}
    order by c.rank, c.id limit 1 for update skip locked
), next as (
    select * from patient union all select * from first
), paced as (
    update pace set next_post_at = clock_timestamp() + make_interval(secs => :pace_s), card_last = next.kind = 'card'
    from channel, next where pace.channel_id = channel.channel_id
)
update post set state = 'posting', attempt = :attempt, intent_at = clock_timestamp(), not_before = null, problem = ''
where id = (select id from next) returning {CLAIMED}
""")

NEXT_DUE = text(f"""
with {_BUSY}
select extract(epoch from min(greatest(pace.next_post_at, clock_timestamp())) - clock_timestamp())
from pace where exists (select 1 from post c where c.channel_id = pace.channel_id and {_MAY_GO})
""")
