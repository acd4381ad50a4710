"""Figures of a period, and the digests that were due, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from bot.domain.digests import Checked, DigestFigures, DueDigest, Proven, SecondLooks, Worst, doubtful_of, worst_of
from bot.domain.projects import ProjectState
from bot.domain.proofs import Proof
from bot.domain.views import DigestView, stop_offers
from bot.storage.engine import by_itself
from bot.storage.ledgers import is_proven
from bot.storage.outbox import add_post
from bot.storage.projects import SqlProjects
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from bot.domain.projects import Project

_FIGURES = text("""
select
  (select count(*) from input where project_id = :project and created_at >= :since and created_at < :until) as uploaded,
  (select count(*) from review where project_id = :project and kind = 'check'
     and created_at >= :since and created_at < :until) as labelled,
  (select count(*) from review where project_id = :project and kind = 'pending'
     and created_at >= :since and created_at < :until) as pending,
  (select count(*) from review where project_id = :project and state <> 'unchecked' and kind <> 'probe'
     and created_at >= :since and created_at < :until) as for_people,
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

_CHECKED = text("""
select c.name, count(*) filter (where r.verdict = 'reject') as wrong, count(*) as checked,
       coalesce(1 - min(t.target), 0.05) as allowed, coalesce(min(t.accept) <= 1, false) as is_accepting
from review r join concept c on c.project_id = r.project_id and c.id = r.concept_id
join project p on p.id = r.project_id
left join cut t on t.project_id = p.id and t.number = p.applied_revision and t.concept_id = c.id and not c.removed
where r.project_id = :project and r.kind = 'check' and r.verdict in ('approve', 'reject')
  and r.decided_at >= :since and r.decided_at < :until
group by c.id, c.name
""")

_PROVEN = text("""
select c.name, t.accept, t.target, l.certified, l.target as proven_for, l.figures from project p
join cut t on t.project_id = p.id and t.number = p.applied_revision
join concept c on c.project_id = p.id and c.id = t.concept_id and not c.removed
left join ledger l on l.project_id = p.id and l.concept_id = c.id and l.ended_at is null
where p.id = :project order by c.position
""")

_SECOND_LOOKS = text("""
select count(*) as answered, count(*) filter (where verdict = 'reject') as confirmed,
       count(*) filter (where verdict = 'approve') as overturned
from second_look where project_id = :project and state = 'decided'
""")

_ALARMS = text("""
select distinct c.position, c.name from ledger l join concept c on c.project_id = l.project_id and c.id = l.concept_id
where l.project_id = :project and l.why_ended = 'alarm' and l.ended_at >= :since and l.ended_at < :until
order by c.position
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
    checked = [Checked(**row) for row in connection.execute(_CHECKED, period).mappings()]
    proven = connection.execute(_PROVEN, {"project": project_id}).mappings()
    return DigestFigures(
        **counted,
        **waiting,
        worst=worst_of(checked),
        doubtful=doubtful_of(checked),
        proven=tuple(_proven(row) for row in proven),
        second_looks=SecondLooks(**connection.execute(_SECOND_LOOKS, {"project": project_id}).mappings().one()),
        alarms=tuple(row.name for row in connection.execute(_ALARMS, period)),
    )


def _proven(row: RowMapping) -> Proven:
    if row["accept"] > 1:
        return Proven(row["name"], is_off=True)
    proof = Proof.from_json(row["figures"]) if row["figures"] else None
    if proof is None or proof.need is None:
        return Proven(row["name"])
    need = proof.need
    if proof.at_accept and is_proven(row["accept"], row["target"], row["certified"], row["proven_for"]):
        return Proven(row["name"], at_least=max(proof.at_accept.at_least, row["target"]), checks=proof.at_accept.checks)
    if proof.recommended is not None and proof.target == row["target"]:
        return Proven(row["name"], checks=need.done, recommended=proof.recommended)
    more = need.clean if need.expected is None and not need.refuted else need.expected
    return Proven(row["name"], checks=need.done, needed=None if more is None else need.done + more)


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
        figures = _from_json(body["figures"])
        return DigestView(figures, since, until, state, offers=stop_offers(figures))
    wanted = {"p": project_id, "d": dt.date.fromisoformat(subject.partition(" ")[0])}
    found = connection.execute(_SCHEDULED, wanted).first()
    if found is None:
        return None
    missed = tuple(dt.date.fromisoformat(d) for d in found.figures.get("missed", ()))
    figures = _from_json(found.figures)
    offers = () if about else stop_offers(figures)  # a line typed in another channel is about another project
    return DigestView(figures, found.since, found.until, state, found.local_date, found.late, missed, about, offers)


def to_json(figures: DigestFigures) -> dict[str, Any]:
    """Turn figures into a JSON document; times become ISO strings."""
    document = asdict(figures)
    oldest = figures.oldest_waiting
    return {**document, "oldest_waiting": oldest.isoformat() if oldest else None}


def _from_json(stored: dict[str, Any]) -> DigestFigures:
    document = {k: v for k, v in stored.items() if k != "missed"}
    for name in ("worst", "doubtful"):
        if document.get(name):
            document[name] = Worst(**document[name])
    document["proven"] = tuple(Proven(**one) for one in document.get("proven", ()))
    if document.get("second_looks"):
        document["second_looks"] = SecondLooks(**document["second_looks"])
    document["alarms"] = tuple(document.get("alarms", ()))
    if document.get("oldest_waiting"):
        document["oldest_waiting"] = dt.datetime.fromisoformat(document["oldest_waiting"])
    return DigestFigures(**document)


class SqlDigests(SqlProjects):
    """Implements `usecases.digesting.DigestStore`."""

    def last_digest(self, project_id: str) -> dt.date | None:
        with by_itself(self._engine) as connection:
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
