"""What the doctor asks of the database: a few reads, none of which waits for a lock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.concepts import ModelRef
from bot.domain.errors import StoreUnavailable
from bot.storage.dead_letters import dead_letters
from bot.storage.migrate import revisions
from bot.storage.secrets import CannotUnseal
from bot.usecases.doctoring.ports import ProjectPlace, Server, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from bot.storage.secrets import Sealer

_SERVER = text("""
select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
       clock_timestamp() as now
""")

_UNWRITTEN = text("""
select count(*) as unwritten, min(d.decided_at) as unwritten_since, coalesce(min(nullif(a.problem, '')), '') as problem
from annotation a
left join lateral (select min(r.decided_at) as decided_at from review r where r.project_id = a.project_id
                   and r.annotation_id = a.id and r.state = 'decided') d on true
where a.settled < a.dirty and not a.closed
""")

# A job is late since it came, or since the time it was put off to; a worker shows itself every few seconds.
_JOBS = text("""
select min(coalesce(j.scheduled_at, e.at)) filter (where j.status = 'todo') as late_since,
       count(*) filter (where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - interval '1 minute'))
           as stalled
from procrastinate_jobs j
left join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
left join procrastinate_workers w on w.id = j.worker_id
where j.status in ('todo', 'doing') and coalesce(j.scheduled_at, now()) <= now()
""")

_PLACES = text("""
select id, team_id, channel_id, user_id, app_id, model_id, model_version, state, sealed_key, coin_secret
from project where state <> 'left' order by created_at
""")


class SqlCheckUp:
    """Implements `usecases.doctoring.ports.StoreCheckUp`; without a sealer no secret is tried."""

    def __init__(self, engine: Engine, sealer: Sealer | None) -> None:
        self._engine = engine
        self._sealer = sealer

    def server(self) -> Server:
        with self._asked() as connection:
            return Server(**connection.execute(_SERVER).mappings().one())

    def schema(self) -> tuple[str, str]:
        with self._asked() as connection:
            return revisions(connection)

    def waiting(self) -> Waiting:
        with self._asked() as connection:
            dead = tuple(dead_letters(connection))
            jobs = connection.execute(_JOBS).mappings().one()
            return Waiting(**connection.execute(_UNWRITTEN).mappings().one(), **jobs, dead=dead)

    def places(self) -> Sequence[ProjectPlace]:
        with self._asked() as connection:
            return [
                ProjectPlace(
                    id=row.id,
                    team_id=row.team_id,
                    channel_id=row.channel_id,
                    user_id=row.user_id,
                    app_id=row.app_id,
                    model=ModelRef(row.model_id, row.model_version) if row.model_id else None,
                    is_made=row.state != "setting up",
                    has_own_key=row.sealed_key is not None,
                )
                for row in connection.execute(_PLACES)
            ]

    def sealed_shut(self) -> Sequence[str]:
        with self._asked() as connection:
            rows = connection.execute(_PLACES).all()
        sealed = [(row.channel_id, f"{row.team_id}|coin|", row.coin_secret) for row in rows]
        sealed += [(row.channel_id, f"{row.team_id}|clarifai-key|", row.sealed_key) for row in rows if row.sealed_key]
        return sorted({channel for channel, what, secret in sealed if not self._opens(what, secret)})

    def _opens(self, what: str, sealed: bytes) -> bool:
        try:
            return self._sealer is None or bool(self._sealer.open(what, sealed))
        except CannotUnseal:
            return False

    @contextmanager
    def _asked(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreUnavailable(" ".join(str(getattr(error, "orig", error)).split())) from error
