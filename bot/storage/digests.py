"""Figures of a period, and the digests that were due, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from bot.domain.digests import DigestFigures, DueDigest, Worst
from bot.domain.projects import ProjectState
from bot.domain.views import DigestView
from bot.storage.outbox import add_post
from bot.storage.projects import SqlProjects
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.projects import Project

_FIGURES = text("""
select
  (select count(*) from input where project_id = :project and created_at >= :since and created_at < :until) as uploaded,
  (select count(*) from review where project_id = :project and kind = 'check'
     and created_at >= :since and created_at < :until) as labelled,
  (select count(*) from review where project_id = :project and kind = 'pending'
     and created_at >= :since and created_at < :until) as pending,
  count(*) filter (where verdict = 'approve') as approved,
  count(*) filter (where verdict = 'reject') as rejected,
  count(*) filter (where verdict = 'unsure') as not_sure,
  count(*) filter (where kind = 'check' and verdict in ('approve', 'reject')) as checked
from review where project_id = :project and decided_at >= :since and decided_at < :until
""")

_WAITING = text("""
select count(*) as waiting, min(created_at) as oldest_waiting,
  (select count(*) from review where project_id = :project and verdict = 'unsure') as parked
from review where project_id = :project and state in ('queued', 'posted')
""")

_WORST = text("""
select c.name, count(*) filter (where r.verdict = 'reject') as wrong, count(*) as checked
from review r join concept c on c.project_id = r.project_id and c.id = r.concept_id
where r.project_id = :project and r.kind = 'check' and r.verdict in ('approve', 'reject')
  and r.decided_at >= :since and r.decided_at < :until
group by c.name having count(*) filter (where r.verdict = 'reject') > 0
order by 2.0 * count(*) filter (where r.verdict = 'reject') / count(*) desc, wrong desc, c.name limit 1
""")

_PROJECT = text("""
select state, case when digest_channel in ('', channel_id) then '' else channel_id end as about
from project where id = :p
""")

_SCHEDULED = text("select * from digest where project_id = :p and local_date = :d")

_CLAIM_DATE = text("""
insert into digest (project_id, local_date, since, until, late, silent, figures)
values (:project, :date, :since, :until, :late, :silent, cast(:figures as jsonb)) on conflict do nothing
returning local_date
""")


def figures_of(connection: Connection, project_id: str, since: dt.datetime, until: dt.datetime) -> DigestFigures:
    """Count what happened in [since, until) and what waits now."""
    period = {"project": project_id, "since": since, "until": until}
    counted = dict(connection.execute(_FIGURES, period).mappings().one())
    waiting = dict(connection.execute(_WAITING, {"project": project_id}).mappings().one())
    worst = connection.execute(_WORST, period).mappings().first()
    return DigestFigures(**counted, **waiting, worst=Worst(**worst) if worst else None)


def scheduled_digest(connection: Connection, project_id: str, subject: str) -> DigestView | None:
    """Read a digest back as it was counted; `subject` is its local date, or "now ..." for one somebody asked for."""
    row = connection.execute(_PROJECT, {"p": project_id}).one()
    state, about = ProjectState(row.state), row.about
    if subject.startswith("now "):
        body = connection.execute(
            text("select body from post where project_id = :p and kind = 'digest' and subject = :s"),
            {"p": project_id, "s": subject},
        ).scalar_one()
        since, until = (dt.datetime.fromisoformat(body[k]) for k in ("since", "until"))
        return DigestView(_from_json(body["figures"]), since, until, state)
    wanted = {"p": project_id, "d": dt.date.fromisoformat(subject.partition(" ")[0])}
    found = connection.execute(_SCHEDULED, wanted).first()
    if found is None:
        return None
    missed = tuple(dt.date.fromisoformat(d) for d in found.figures.get("missed", ()))
    figures = _from_json(found.figures)
    return DigestView(figures, found.since, found.until, state, found.local_date, found.late, missed, about)


def to_json(figures: DigestFigures) -> dict[str, Any]:
    """Turn figures into a JSON document; times become ISO strings."""
    document = asdict(figures)
    oldest = figures.oldest_waiting
    return {**document, "oldest_waiting": oldest.isoformat() if oldest else None}


def _from_json(stored: dict[str, Any]) -> DigestFigures:
    document = {k: v for k, v in stored.items() if k != "missed"}
    if document.get("worst"):
        document["worst"] = Worst(**document["worst"])
    if document.get("oldest_waiting"):
        document["oldest_waiting"] = dt.datetime.fromisoformat(document["oldest_waiting"])
    return DigestFigures(**document)


class SqlDigests(SqlProjects):
    """Implements `usecases.digesting.DigestStore`."""

    def last_digest(self, project_id: str) -> dt.date | None:
        with self._engine.begin() as connection:
            found = connection.execute(
                text("select max(local_date) from digest where project_id = :p"), {"p": project_id}
            ).scalar()
            return found if isinstance(found, dt.date) else None

    def figures(self, project_id: str, since: dt.datetime, until: dt.datetime) -> DigestFigures:
        with self._engine.begin() as connection:
            return figures_of(connection, project_id, since, until)

    def post_scheduled(
        self, project: Project, due: DueDigest, figures: DigestFigures, *, missed: Sequence[dt.date], now: dt.datetime
    ) -> bool:
        document = {**to_json(figures), "missed": [d.isoformat() for d in missed]}
        values = {
            "project": project.id,
            "date": due.local_date,
            "since": due.since,
            "until": due.until,
            "late": due.late,
            "silent": figures.is_quiet,
            "figures": json.dumps(document),
        }
        with self._engine.begin() as connection:
            if connection.execute(_CLAIM_DATE, values).first() is None:
                return False
            if not figures.is_quiet:
                channel = project.digest_channel
                subject = f"{due.local_date.isoformat()} {project.id}"  # several projects may share a channel
                add_post(connection, project, PostKind.DIGEST, subject, now=now, channel_id=channel)
            return True

    def post_asked(self, project: Project, figures: DigestFigures, since: dt.datetime, now: dt.datetime) -> None:
        body = json.dumps({"figures": to_json(figures), "since": since.isoformat(), "until": now.isoformat()})
        with self._engine.begin() as connection:
            add_post(connection, project, PostKind.DIGEST, f"now {uuid.uuid4().hex}", now=now, body=body)
