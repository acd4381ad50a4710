"""What was given up, and how it is taken up again. Waiting for somebody who is away is never giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Engine

# Decisions are kept for ever. Anything else that is older than a week is let go: nobody misses it any more.
_RECENT = "> coalesce(cast(:now as timestamptz), now()) - interval '7 days'"
_DECISIONS = "a.settled < a.dirty and a.given_up = a.dirty and not a.closed"
_PICTURES = f"p.given_up and u.id = p.upload_id and u.taken_at {_RECENT}"
_LISTS = f"l.given_up and l.taken_at {_RECENT}"
_POSTS = f"""
s.state in ('gone', 'posted') and s.problem not in ('', 'nothing to say') and (s.state = 'gone' or s.shown >= s.wanted)
and s.created_at {_RECENT}
"""
_NOTES = f"n.state = 'failed' and n.created_at {_RECENT}"

_FOUND = text(f"""
select what, count(*) as many from (
    select 'decision: ' || a.problem as what, a.project_id from annotation a where {_DECISIONS}
    union all select 'image: ' || p.reason, p.project_id from picture p, upload u where {_PICTURES}
    union all select 'list: ' || l.reason, l.project_id from address_list l where {_LISTS}
    union all select s.kind || ': ' || s.problem, s.project_id from post s where {_POSTS}
    union all select 'private answer', (
        select j.id from project j where j.team_id = n.team_id and j.channel_id = n.channel_id and j.state <> 'left')
        from note n where {_NOTES}
) found where cast(:project as text) is null or project_id = :project
group by what order by what
""")

_ANSWERS = "update post set wanted = wanted + 1, draw_after = null where kind = '{kind}' and subject in ({subjects})"

_TAKE_UP: Mapping[str, str] = {
    "decision": f"""
        with again as (update annotation a set given_up = 0, attempts = 0, not_before = null where {_DECISIONS}
                       returning a.id) select count(*) from again""",
    "image": f"""
        with again as (update picture p set state = 'new', reason = '', given_up = false, attempts = 0,
                       not_before = null from upload u where {_PICTURES} returning p.upload_id), drawn as (
            {_ANSWERS.format(kind="upload", subjects="select cast(upload_id as text) from again")}
        ) select count(*) from again""",
    "list": f"""
        with again as (update address_list l set state = 'new', reason = '', given_up = false, attempts = 0,
                       not_before = null where {_LISTS} returning l.id), drawn as (
            {_ANSWERS.format(kind="list", subjects="select cast(id as text) from again")}
        ) select count(*) from again""",
    "message": f"""
        with again as (update post s set state = case s.state when 'gone' then 'due' else s.state end, attempt = '',
                       intent_at = null, wanted = s.wanted + 1, draw_after = null, not_before = null, problem = ''
                       where {_POSTS} returning s.id) select count(*) from again""",
    "private answer": f"""
        with again as (update note n set state = 'due', attempts = 0, not_before = null where {_NOTES}
                       returning n.id) select count(*) from again""",
}  # fmt: skip


def dead_letters(
    connection: Connection, *, now: dt.datetime | None = None, project_id: str | None = None
) -> Sequence[tuple[str, int]]:
    """Name what was given up and why ("image: could not be had ..."), with how many; of one project if asked."""
    rows = connection.execute(_FOUND, {"now": now, "project": project_id})
    return [(row.what, row.many) for row in rows]


def take_up_again(engine: Engine, *, now: dt.datetime | None = None) -> Mapping[str, int]:
    """Make all of it due again, as if it had never failed; return how many of each kind. One transaction."""
    with engine.begin() as connection:
        return {
            what: connection.execute(text(statement), {"now": now} if ":now" in statement else {}).scalar_one()
            for what, statement in _TAKE_UP.items()
        }
