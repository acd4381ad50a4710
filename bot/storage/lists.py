"""Lists of addresses and their lines, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.outbox import add_post
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project

_ADD = text("""
insert into address_list (project_id, channel_id, message_ts, thread_ts, file_id, name, uploaded_by, state, reason,
                          reasons_file, attempts, taken_at)
values (:project, :channel, :ts, :thread, :file, :name, :by, 'new', '', '', 0, :now)
on conflict do nothing returning id
""")


class SqlLists:
    """Lists of addresses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(
        self, project: Project, *, ts: str, thread_ts: str, by: str, files: Sequence[tuple[str, str]], now: dt.datetime
    ) -> bool:
        thread = thread_ts or ts
        about = {"project": project.id, "channel": project.channel_id, "ts": ts, "thread": thread, "by": by, "now": now}
        added = False
        with self._engine.begin() as connection:
            for file, name in files:
                found = connection.execute(_ADD, {**about, "file": file, "name": name}).scalar()
                if found is not None:
                    add_post(connection, project, PostKind.LIST, str(found), now=now, thread_ts=thread, rank=-1)
                    added = True
        return added
