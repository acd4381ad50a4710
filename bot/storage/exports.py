"""Exports that people asked for, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from sqlalchemy import Engine, RowMapping, text

from bot.domain.exports import Form
from bot.storage.engine import by_itself
from bot.storage.outbox import add_note
from bot.usecases.exporting.ports import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.domain.views import NoteView
    from bot.usecases.commanding import Line

SAME_WISH = dt.timedelta(minutes=1)  # a line that a job finishes may be finished twice after a crash

_ASK = text("""
insert into export (project_id, team_id, channel_id, thread_ts, user_id, form, state, file_ids, attempts, created_at)
select n.project, n.team, n.channel, n.thread, n.person, n.form, 'waiting', '[]', 0, :now
from (values (cast(:project as varchar), cast(:team as varchar), cast(:channel as varchar), cast(:thread as varchar),
              cast(:by as varchar), cast(:form as varchar))) as n (project, team, channel, thread, person, form)
where not exists (
    select 1 from export e where (e.project_id, e.channel_id, e.thread_ts, e.user_id, e.form)
        = (n.project, n.channel, n.thread, n.person, n.form) and e.created_at > :since)
on conflict do nothing
""")

_OF_A_WISH = "id, project_id, team_id, channel_id, thread_ts, user_id, form, file_ids, attempts"
_OPEN = "state in ('waiting', 'sharing')"

_WAITING = text(f"""
select {_OF_A_WISH} from export where project_id = :p and {_OPEN} and (not_before is null or not_before <= :now)
order by id
""")


class SqlExports:
    """Implements `usecases.exporting.ports.ExportAsks` and `ExportStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, project: Project, line: Line, form: Form, *, now: dt.datetime) -> None:
        values = {
            "project": project.id,
            "team": line.team_id,
            "channel": line.channel_id,
            "thread": line.thread_ts,
            "by": line.user_id,
            "form": form.value,
            "now": now,
            "since": now - SAME_WISH,
        }
        with by_itself(self._engine) as connection:
            connection.execute(_ASK, values)

    def projects(self) -> list[str]:
        """Ids of the projects with exports on their way."""
        with by_itself(self._engine) as connection:
            return list(connection.execute(text(f"select distinct project_id from export where {_OPEN}")).scalars())

    def waiting(self, project_id: str, *, now: dt.datetime) -> Sequence[Wish]:
        with by_itself(self._engine) as connection:
            return [_wish(row) for row in connection.execute(_WAITING, {"p": project_id, "now": now}).mappings()]

    def again(self, wish: Wish) -> Wish | None:
        with by_itself(self._engine) as connection:
            found = text(f"select {_OF_A_WISH} from export where id = :id and {_OPEN}")
            row = connection.execute(found, {"id": wish.id}).mappings().first()
            return _wish(row) if row else None

    def sharing(self, wish: Wish, file_ids: Sequence[str], *, look_at: dt.datetime) -> None:
        self._set(
            wish,
            "state = 'sharing', file_ids = cast(:files as jsonb), not_before = :at",
            files=json.dumps(list(file_ids)),
            at=look_at,
        )

    def later(self, wish: Wish, *, not_before: dt.datetime, anew: bool) -> None:
        restart = ", state = 'waiting', file_ids = '[]'" if anew else ""
        self._set(wish, f"attempts = attempts + 1, not_before = :at{restart}", at=not_before)

    def done(self, wish: Wish, note: NoteView | None, *, now: dt.datetime) -> None:
        ended = text(f"update export set state = :state where id = :id and {_OPEN} returning id")
        with self._engine.begin() as connection:
            first = connection.execute(ended, {"id": wish.id, "state": "failed" if note else "done"}).first()
            if first and note:
                add_note(
                    connection,
                    team_id=wish.team_id,
                    channel_id=wish.channel_id,
                    user_id=wish.user_id,
                    note=note,
                    now=now,
                    thread_ts=wish.thread_ts,
                )

    def _set(self, wish: Wish, what: str, **values: object) -> None:
        with by_itself(self._engine) as connection:
            change = text(f"update export set {what} where id = :id and {_OPEN}")
            connection.execute(change, {"id": wish.id, **values})


def _wish(row: RowMapping) -> Wish:
    return Wish(**{**row, "form": Form(row["form"]), "file_ids": tuple(row["file_ids"])})
