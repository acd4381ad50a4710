"""Images on their way to becoming inputs, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from bot.storage.engine import by_itself
from bot.storage.outbox import add_post
from bot.storage.probes import draw_probes, probe_coin
from bot.storage.projects import SqlProjects
from bot.usecases.chat import PostKind
from bot.usecases.ports import InputState
from bot.usecases.taking_uploads import Waiting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from bot.domain.projects import Project
    from bot.storage.probes import ProbeCoin
    from bot.storage.secrets import Sealer
    from bot.usecases.ports import InputFacts
    from bot.usecases.taking_uploads import Taken

_ADD_UPLOAD = text("""
insert into upload (project_id, channel_id, message_ts, uploaded_by, taken_at)
values (:project, :channel, :ts, :by, :now) on conflict do nothing returning id
""")

_ADD_PICTURE = text("""
insert into picture (upload_id, project_id, file_id, name, state, reason, input_id, sha256, seen_before, attempts)
values (:upload, :project, :file, :name, :state, '', '', '', false, 0) on conflict do nothing
""")

_WAITING = text("""
select p.id, p.file_id, p.name, u.channel_id, u.message_ts, u.uploaded_by, p.attempts,
       p.expected is not null as has_forecast
from picture p join upload u on u.id = p.upload_id
where p.project_id = :project and (p.not_before is null or p.not_before <= :now)
  and (p.state = 'new' or (p.state = 'kept' and (not :kept or (p.expected is null and :forecasts))))
order by p.id limit :limit
""")

_INTEND = text("""
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, probed, created_at)
values (:project, :id, 'upload', :name, :by, :permalink, '', :file, :picture, :probed, :now)
on conflict (project_id, id) do nothing returning id
""")

_SEEN = text("""
select exists (select 1 from picture where project_id = :project and input_id = :id and id <> :self
               and state in ('sent', 'ready'))
""")

_FINISHED = text("""
update picture set state = :state, reason = :reason where project_id = :project and input_id = :id and state = 'sent'
returning upload_id
""")

_ANSWER_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where project_id = :project and kind = 'upload' and subject = any(:uploads)
""")


class SqlUploads(SqlProjects):
    """Implements `usecases.taking_uploads.UploadStore`."""

    def __init__(self, engine: Engine, sealer: Sealer, coin: ProbeCoin = probe_coin) -> None:
        super().__init__(engine, sealer)
        self._coin = coin

    def names(self, project_id: str) -> Mapping[str, str]:
        return {c.id: c.name for c in self.concepts(project_id)}

    def note(
        self, project: Project, *, ts: str, thread_ts: str, by: str, files: Sequence[tuple[str, str]], now: dt.datetime
    ) -> bool:
        """Take a message with images (file id, name) in; False when it was taken before. One transaction."""
        with self._engine.begin() as connection:
            values = {"project": project.id, "channel": project.channel_id, "ts": ts, "by": by, "now": now}
            upload = connection.execute(_ADD_UPLOAD, values).scalar()
            if upload is None:
                return False
            for file, name in files:
                row = {"upload": upload, "project": project.id, "file": file, "name": name, "state": "new"}
                connection.execute(_ADD_PICTURE, row)
            thread = thread_ts or ts
            add_post(connection, project, PostKind.UPLOAD, str(upload), now=now, thread_ts=thread, rank=-1)
            return True

    def waiting(self, project_id: str, *, now: dt.datetime, kept: bool, limit: int) -> Sequence[Waiting]:
        with self._engine.begin() as connection:
            ready = connection.execute(text("select state = 'ready' from project where id = :p"), {"p": project_id})
            values = {"project": project_id, "now": now, "kept": kept, "forecasts": ready.scalar(), "limit": limit}
            return [Waiting(**row) for row in connection.execute(_WAITING, values).mappings()]

    def intend(self, project: Project, picture: Waiting, taken: Taken, *, now: dt.datetime) -> bool:
        values = {
            "project": project.id,
            "id": taken.input_id,
            "name": picture.name,
            "by": picture.uploaded_by,
            "permalink": taken.permalink,
            "file": taken.file.id if taken.shown_by_slack else "",
            "picture": "shown" if taken.shown_by_slack else "asked",
            "probed": self._coin(project, taken.input_id),
            "now": now,
        }
        with self._engine.begin() as connection:
            if connection.execute(_INTEND, values).first():
                draw_probes(connection, project, [taken.input_id], now=now)
            seen = {"project": project.id, "id": taken.input_id, "self": picture.id}
            return not connection.execute(_SEEN, seen).scalar()

    def sent(self, picture: Waiting, taken: Taken, *, seen_before: bool) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update picture set input_id = cast(:input as text), sha256 = :sha, "
                    "seen_before = cast(:seen as boolean), not_before = null, "
                    "state = case when cast(:seen as boolean) and exists (select 1 from picture o "
                    "where o.project_id = picture.project_id and o.input_id = cast(:input as text) "
                    "and o.state = 'ready') then 'ready' else 'sent' end where id = :id"
                ),
                {"id": picture.id, "input": taken.input_id, "sha": taken.sha256, "seen": seen_before},
            )
            _behind(connection, picture)

    def skipped(self, picture: Waiting, reason: str) -> None:
        self._set(picture, "state = 'skipped', reason = :reason", reason=reason)

    def give_up(self, picture: Waiting, reason: str) -> None:
        self._set(picture, "state = 'skipped', reason = :reason, given_up = true", reason=reason)

    def later(self, picture: Waiting, *, not_before: dt.datetime) -> None:
        self._set(picture, "attempts = attempts + 1, not_before = :not_before", not_before=not_before)

    def kept(self, picture: Waiting, forecast: Sequence[str]) -> None:
        expected = json.dumps(list(forecast)) if forecast else None
        self._set(picture, "state = 'kept', expected = cast(:expected as jsonb)", expected=expected)

    def in_progress(self, project_id: str, *, limit: int) -> Sequence[str]:
        with by_itself(self._engine) as connection:
            return (
                connection.execute(
                    text("select distinct input_id from picture where project_id = :p and state = 'sent' limit :n"),
                    {"p": project_id, "n": limit},
                )
                .scalars()
                .all()
            )

    def finished(self, project: Project, facts: Sequence[InputFacts]) -> int:
        with self._engine.begin() as connection:
            uploads: set[str] = set()
            for fact in facts:
                ready = fact.state is InputState.READY
                reason = "" if ready else f"could not be read by Clarifai: {fact.reason or 'it was deleted there'}"
                values = {"project": project.id, "id": fact.id, "state": "ready" if ready else "skipped"}
                found = connection.execute(_FINISHED, {**values, "reason": reason}).scalars()
                uploads.update(str(upload) for upload in found)
            if uploads:
                connection.execute(_ANSWER_BEHIND, {"project": project.id, "uploads": sorted(uploads)})
            return len(uploads)

    def _set(self, picture: Waiting, what: str, **values: object) -> None:
        with self._engine.begin() as connection:
            statement = text(f"update picture set {what} where id = :id")
            connection.execute(statement, {"id": picture.id, **values})
            _behind(connection, picture)


def _behind(connection: Connection, picture: Waiting) -> None:
    connection.execute(
        text(
            "update post set wanted = wanted + 1, draw_after = null from picture p where p.id = :id "
            "and post.project_id = p.project_id and post.kind = 'upload' and post.subject = cast(p.upload_id as text)"
        ),
        {"id": picture.id},
    )
