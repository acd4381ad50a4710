"""The click on a second look: one statement, as on a card."""

from __future__ import annotations

from sqlalchemy import text

from bot.storage.second_looks import STANDS

# The locks are taken in the order of every click: review, annotation, post. The review's own lock comes before that of
# the second look, so that an *Undo* and this press never both count.
LOOK_AGAIN = text(f"""
with fresh as (
    insert into processed (key, at) values (:key, :at) on conflict do nothing returning key
), asked as (
    select s.id, s.review_id, s.first_by from second_look s join project p on p.id = s.project_id, fresh
    where s.id = :look and p.team_id = :team and p.channel_id = :channel and p.state <> 'left' and :home in ('', :team)
      and not exists (select 1 from person g where g.team_id = :team and g.user_id = :by and g.is_guest)
), standing as (
    select r.id from review r join asked on r.id = asked.review_id where asked.first_by <> :by and {STANDS}
    for update of r
), won as (
    update second_look s set
        state = case when :unsure and s.doubted_by in ('', :by) then 'open' else 'decided' end,
        verdict = case when :unsure and s.doubted_by in ('', :by) then null else :verdict end,
        decided_by = case when :unsure and s.doubted_by in ('', :by) then '' else :by end,
        decided_at = case when :unsure and s.doubted_by in ('', :by) then null else cast(:at as timestamptz) end,
        doubted_by = case when :unsure and s.doubted_by = '' then :by else s.doubted_by end
    from asked join standing on standing.id = asked.review_id where s.id = asked.id and s.state = 'open'
    returning s.id, s.project_id, s.review_id, s.verdict
), changed as (
    update review r set state = 'decided', verdict = 'approve', decided_by = :by, decided_at = :at, doubted_by = '',
        revision = r.revision + 1
    from won where r.id = won.review_id and won.verdict = 'approve'
    returning r.id, r.project_id, r.annotation_id, r.input_id, r.revision
), logged as (
    insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
    select project_id, id, revision, 'approve', true, :by, :at from changed
), dirtied as (
    update annotation a set dirty = a.dirty + 1, not_before = null
    from changed w where a.project_id = w.project_id and a.id = w.annotation_id
), drawn as (
    update post c set wanted = c.wanted + 1, draw_after = cast(:at as timestamptz)
    from (select project_id, 'second_look' as kind, cast(id as text) as subject from won
          union all select project_id, 'card', input_id from changed) w
    where c.project_id = w.project_id and c.kind = w.kind and c.subject = w.subject
), told as (
    insert into note (team_id, channel_id, user_id, thread_ts, body, state, attempts, created_at)
    select :team, :channel, :by, '', jsonb_build_object('what', case
               when not exists (select 1 from asked) then 'refused'
               when exists (select 1 from asked where first_by = :by) then 'first answer' else 'looked already' end,
           'look', cast(:look as bigint)), 'due', 0, :at
    from fresh where not exists (select 1 from won)
), homed as (
    update home h set wanted = h.wanted + 1,
        draw_after = least(case when h.shown < h.wanted then h.draw_after end, cast(:at as timestamptz))
    from fresh where h.team_id = :team and h.user_id = :by
)
select (select count(*) from fresh), (select count(*) from asked where first_by <> :by), (select count(*) from won)
""")
