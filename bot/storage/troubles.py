"""Troubles that begin and end, each told once, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.domain.troubles import BEGINS, ENDS, Trouble
from bot.domain.views import NoteView
from bot.storage.engine import by_itself
from bot.storage.outbox import add_note

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection

_BEGINS = text("""
insert into trouble (project_id, kind, why, since) values (:p, :kind, :why, :now) on conflict do nothing
returning project_id
""")

_ENDS = text("delete from trouble where project_id = :p and kind = :kind returning project_id")

_PROJECT = text("select team_id, channel_id, set_up_by from project where id = :p and state <> 'left'")

_IN_CHANNEL = text("select id from project where team_id = :team and channel_id = :channel and state <> 'left'")

# What had to wait for the channel waits no longer.
_GO_ON = text("""
with freed as (update post set not_before = null where project_id = :p and state in ('due', 'posted'))
update pace set next_post_at = clock_timestamp() where channel_id = (select channel_id from project where id = :p)
""")


class SqlTroubles:
    """Says of projects what keeps them from working. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begins(self, project_id: str, trouble: Trouble, why: str, *, now: dt.datetime) -> bool:
        """Record a trouble and have the person who set up told, once; False when it was known, or the project left."""
        with self._engine.begin() as connection:
            row = {"p": project_id, "kind": trouble.value, "why": why, "now": now}
            if connection.execute(_BEGINS, row).first() is None:
                return False
            return _tell(connection, project_id, BEGINS[trouble], why, now)

    def ends(self, project_id: str, trouble: Trouble, *, now: dt.datetime) -> bool:
        """Record that it is over, have the person told, and let what waited go on; False when there was none."""
        with self._engine.begin() as connection:
            if connection.execute(_ENDS, {"p": project_id, "kind": trouble.value}).first() is None:
                return False
            if trouble is Trouble.CHANNEL:
                connection.execute(_GO_ON, {"p": project_id})
            return _tell(connection, project_id, ENDS[trouble], "", now)

    def project_in(self, team_id: str, channel_id: str) -> str | None:
        """The id of the channel's project."""
        with by_itself(self._engine) as connection:
            found = connection.execute(_IN_CHANNEL, {"team": team_id, "channel": channel_id}).scalar()
            return str(found) if found else None


def _tell(connection: Connection, project_id: str, words: str, why: str, now: dt.datetime) -> bool:
    """Write to the person who set up, directly: the channel may be what is gone."""
    project = connection.execute(_PROJECT, {"p": project_id}).first()
    if project is None:
        return False
    note = NoteView((words.format(channel=f"<#{project.channel_id}>", why=why),))
    add_note(connection, team_id=project.team_id, channel_id="", user_id=project.set_up_by, note=note, now=now)
    return True
