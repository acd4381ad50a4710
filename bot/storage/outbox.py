"""What is to be said: posts that stand once, and notes for one person."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.domain.views import NoteView, Offer

CARD_RANK = 1  # behind answers and announcements, before the line that counts what waits and second looks

_POST = text("""
insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted, shown,
                  own_upload, attempts, body, problem, created_at)
values (:project, :team, :channel, :kind, :subject, :thread_ts, :rank, 'due', '', '', 1, 0, :own_upload, 0,
        cast(:body as jsonb), '', :now)
on conflict (project_id, channel_id, kind, subject) do nothing returning id
""")

_PACE = text("insert into pace (channel_id, next_post_at) values (:channel, clock_timestamp()) on conflict do nothing")


def add_post(
    connection: Connection,
    project: Project,
    kind: PostKind,
    subject: str,
    *,
    now: dt.datetime,
    channel_id: str = "",
    thread_ts: str = "",
    rank: int = 0,
    own_upload: bool = True,
    body: str = "{}",
) -> bool:
    """Make a post due, unless one of this kind and subject stands in the channel; say whether it is new."""
    channel = channel_id or project.channel_id
    connection.execute(_PACE, {"channel": channel})
    values: dict[str, Any] = {
        "project": project.id,
        "team": project.team_id,
        "channel": channel,
        "kind": kind.value,
        "subject": subject,
        "thread_ts": thread_ts,
        "rank": rank,
        "own_upload": own_upload,
        "body": body,
        "now": now,
    }
    return connection.execute(_POST, values).first() is not None


def announce(
    connection: Connection,
    project: Project,
    subject: str,
    lines: Sequence[str],
    *,
    now: dt.datetime,
    by: str = "",
    undo_thresholds: int = 0,
    examples: Sequence[tuple[str, str]] = (),
    offers: Sequence[Offer] = (),
) -> None:
    """Tell the channel something, once per `subject`; `examples` and `offers` are as `AnnouncementView` takes them."""
    said: dict[str, Any] = {"lines": list(lines), "by": by, "undo_thresholds": undo_thresholds}
    if examples:
        said["examples"] = [list(example) for example in examples]
    if offers:
        said["offers"] = [asdict(offer) for offer in offers]
    body = json.dumps(said)
    add_post(connection, project, PostKind.ANNOUNCEMENT, subject, now=now, rank=-1, body=body)


_NOTE = text("""
insert into note (team_id, channel_id, user_id, thread_ts, body, state, attempts, created_at)
select n.team, n.channel, n.person, :thread_ts, n.body, 'due', 0, :now
from (values (cast(:team as varchar), cast(:channel as varchar), cast(:user as varchar), cast(:body as jsonb)))
  as n (team, channel, person, body)
where not :once or not exists (
  select 1 from note t where (t.team_id, t.channel_id, t.user_id, t.body) = (n.team, n.channel, n.person, n.body))
""")


def add_note(
    connection: Connection,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    note: NoteView,
    now: dt.datetime,
    thread_ts: str = "",
    once: bool = False,
) -> None:
    """Tell one person something; with `once` only if they were never told exactly this here."""
    values = {
        "team": team_id,
        "channel": channel_id,
        "user": user_id,
        "thread_ts": thread_ts,
        "body": json.dumps({"what": "lines", **note.to_json()}),
        "now": now,
        "once": once,
    }
    connection.execute(_NOTE, values)
