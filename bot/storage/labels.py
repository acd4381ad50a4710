"""Inputs, annotations and their reviews, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.annotations import LabelState
from bot.domain.reviews import Verdict
from bot.domain.views import NoteView
from bot.storage.ledgers import open_ledgers
from bot.storage.outbox import add_note
from bot.storage.second_looks import CHANGED_AT_A_SECOND_LOOK
from bot.storage.sightings import CARD_BEHIND, add_sighting
from bot.usecases.discovering import Known
from bot.usecases.settling import Answered, Unsettled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from bot.domain.annotations import Annotation
    from bot.domain.customs import Customs
    from bot.domain.evidence import Ledger
    from bot.domain.projects import Project
    from bot.usecases.discovering import NewAnnotation

ANSWERS_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null where project_id = :project and (kind, subject) in (
    select 'upload', cast(upload_id as text) from picture where project_id = :project and input_id = any(:inputs)
    union select 'list', cast(list_id as text) from address where project_id = :project and input_id = any(:inputs))
""")

# What is closed without an answer blocks its ledger no longer: it is to be weighed again.
_UNBLOCKED = text("""
update ledger set weighed = -1 where ended_at is null and figures <> '{}' and id in (
    select r.ledger_id from review r where r.project_id = :project and r.annotation_id = :annotation
    and r.state in ('queued', 'posted'))
""")

_CLOSE = text("""
update review set state = 'closed' where project_id = :project and annotation_id = :annotation
  and state in ('queued', 'posted', 'decided', 'settled')
""")

_UNSETTLED = text(f"""
select a.*, (select jsonb_agg(jsonb_build_object('concept', r.concept_id, 'state', r.state, 'verdict', r.verdict,
        'by', r.decided_by, 'at', r.decided_at, 'lane', r.lane, 'value', r.value, 'applied', r.applied,
        'first', coalesce(s.first_by, '')) order by r.id)
    from review r left join second_look s on {CHANGED_AT_A_SECOND_LOOK}
    where r.project_id = a.project_id and r.annotation_id = a.id
      and (r.state <> 'unchecked' or r.applied is not null)) as reviews
from annotation a where a.project_id = :project and a.settled < a.dirty and not a.closed
  and (a.not_before is null or a.not_before <= :now)
order by a.id limit :limit
""")

# A process that was paused may have written an older state over a newer one: it is then written once more.
_SETTLED = text("""
update annotation set settled = greatest(settled, :dirty), stands = cast(:stands as jsonb),
    dirty = case when settled > :dirty then dirty + 1 else dirty end, modified_at = greatest(modified_at, :modified_at),
    attempts = 0, not_before = null, problem = ''
where project_id = :project and id = :id
""")

_WRITTEN_LATE = text("""
update annotation set stands = cast(:stands as jsonb), modified_at = :modified_at, dirty = dirty + 1, not_before = null
where project_id = :project and id = :id and modified_at < :modified_at and not closed
""")

_REVIEWS_SETTLED = text("""
update review r set state = 'settled' from annotation a
where a.project_id = :project and a.id = any(:ids) and a.settled = a.dirty
  and r.project_id = a.project_id and r.annotation_id = a.id and r.state = 'decided'
  and not exists (select 1 from review o where o.project_id = a.project_id and o.annotation_id = a.id
                  and o.state in ('queued', 'posted') and o.applied is null)
""")

_LATER = text("""
update annotation set attempts = attempts + 1, not_before = :not_before, problem = :problem
where project_id = :project and id = any(:ids) returning input_id
""")


class SqlLabels:
    """Implements `usecases.discovering.DiscoverStore` and `usecases.settling.SettleStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def concept_ids(self, project_id: str) -> Collection[str]:
        return set(self._column("select id from concept where project_id = :p and not removed", p=project_id))

    def ledgers(self, project: Project, *, now: dt.datetime) -> Mapping[str, Ledger]:
        with self._engine.begin() as connection:
            return open_ledgers(connection, project, now)

    def known(self, project_id: str, annotation_ids: Sequence[str]) -> Mapping[str, Known]:
        rows = self._rows(
            "select id, modified_at, settled < dirty as in_flight "
            "from annotation where project_id = :p and id = any(:i)",
            p=project_id,
            i=list(annotation_ids),
        )
        return {row["id"]: Known(row["modified_at"], row["in_flight"]) for row in rows}

    def own_inputs(self, project_id: str, input_ids: Sequence[str]) -> Collection[str]:
        return set(
            self._column(
                "select id from input where project_id = :p and source = 'upload' and id = any(:i)",
                p=project_id,
                i=list(input_ids),
            )
        )

    def probed(self, project_id: str, input_ids: Sequence[str]) -> Collection[str]:
        return set(
            self._column(
                "select id from input where project_id = :p and probed and id = any(:i)",
                p=project_id,
                i=list(input_ids),
            )
        )

    def asked(self, project_id: str, input_ids: Sequence[str]) -> Collection[tuple[str, str]]:
        rows = self._rows(
            "select r.input_id, r.concept_id from review r "
            "join annotation a on a.project_id = r.project_id and a.id = r.annotation_id "
            "where r.project_id = :p and r.input_id = any(:i) and r.state not in ('closed', 'unchecked') "
            "and jsonb_typeof(a.snapshot -> 'region') is distinct from 'object'",
            p=project_id,
            i=list(input_ids),
        )
        return {(row["input_id"], row["concept_id"]) for row in rows}

    def add(self, project: Project, new: Sequence[NewAnnotation], *, now: dt.datetime) -> int:
        added = 0
        with self._engine.begin() as connection:
            for item in new:
                added += add_sighting(connection, project, item, now)
            if new:
                inputs = sorted({item.seen.input.id for item in new})
                connection.execute(ANSWERS_BEHIND, {"project": project.id, "inputs": inputs})
        return added

    def snapshots(self, project_id: str, annotation_ids: Sequence[str]) -> Mapping[str, LabelState]:
        rows = self._rows(
            "select id, snapshot from annotation where project_id = :p and id = any(:i) and not closed",
            p=project_id,
            i=list(annotation_ids),
        )
        return {row["id"]: LabelState.from_json(row["snapshot"]) for row in rows}

    def written_late(self, project: Project, annotations: Sequence[Annotation]) -> None:
        values = [
            {
                "project": project.id,
                "id": annotation.id,
                "stands": json.dumps(LabelState.of(annotation).to_json()),
                "modified_at": annotation.modified_at,
            }
            for annotation in annotations
        ]
        if values:
            with self._engine.begin() as connection:
                connection.execute(_WRITTEN_LATE, values)

    def changed_elsewhere(self, project: Project, annotations: Sequence[Annotation]) -> None:
        for annotation in annotations:
            self.closed(project, annotation.id, "it was changed in Clarifai", only_open=True)

    def posted_keys(self, project_id: str) -> Sequence[tuple[str, str]]:
        rows = self._rows(
            "select distinct annotation_id, input_id from review where project_id = :p and state = 'posted' limit 1000",
            p=project_id,
        )
        return [(row["annotation_id"], row["input_id"]) for row in rows]

    def gone_elsewhere(self, project: Project, annotation_ids: Sequence[str]) -> None:
        for annotation_id in annotation_ids:
            self.closed(project, annotation_id, "it was deleted in Clarifai", only_open=True)

    def swept(self, project: Project, *, until: dt.datetime | None, full_at: dt.datetime | None) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update project set seen_until = greatest(seen_until, cast(:until as timestamptz)), "
                    "swept_at = coalesce(:full_at, swept_at) where id = :p and take_older = :older"
                ),
                {"p": project.id, "until": until, "full_at": full_at, "older": project.take_older},
            )

    def last_full_sweep(self, project_id: str) -> dt.datetime | None:
        return next(iter(self._column("select swept_at from project where id = :p", p=project_id)), None)

    def unsettled(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[Unsettled]:
        with self._engine.begin() as connection:
            rows = connection.execute(_UNSETTLED, {"project": project_id, "now": now, "limit": limit}).mappings()
            return [_unsettled(row) for row in rows]

    def settled(self, project: Project, done: Sequence[tuple[Unsettled, LabelState, dt.datetime]]) -> None:
        if not done:
            return
        values = [
            {
                "project": project.id,
                "id": unsettled.id,
                "dirty": unsettled.dirty,
                "stands": json.dumps(stands.to_json()) if stands != unsettled.snapshot else None,
                "modified_at": modified_at,
            }
            for unsettled, stands, modified_at in done
        ]
        with self._engine.begin() as connection:
            _lock_reviews(connection, project, [u.id for u, _, _ in done])
            connection.execute(_SETTLED, values)
            connection.execute(_REVIEWS_SETTLED, {"project": project.id, "ids": [u.id for u, _, _ in done]})
            inputs = sorted({u.input_id for u, _, _ in done})
            connection.execute(ANSWERS_BEHIND, {"project": project.id, "inputs": inputs})
            retried = [u.input_id for u, _, _ in done if u.attempts]
            if retried:
                connection.execute(CARD_BEHIND, {"project": project.id, "inputs": retried})

    def closed(self, project: Project, annotation_id: str, reason: str, *, only_open: bool = False) -> None:
        waiting = "and exists (select 1 from review r where r.project_id = :p and r.annotation_id = :i "
        waiting += "and r.state in ('queued', 'posted'))"
        with self._engine.begin() as connection:
            connection.execute(_UNBLOCKED, {"project": project.id, "annotation": annotation_id})
            _lock_reviews(connection, project, [annotation_id])
            closed = connection.execute(
                text(
                    "update annotation set closed = true, closed_reason = :reason, problem = '' "
                    f"where project_id = :p and id = :i {waiting if only_open else ''} returning input_id"
                ),
                {"p": project.id, "i": annotation_id, "reason": reason},
            ).all()
            if closed:
                connection.execute(_CLOSE, {"project": project.id, "annotation": annotation_id})
                inputs = [row[0] for row in closed]
                connection.execute(CARD_BEHIND, {"project": project.id, "inputs": inputs})
                connection.execute(ANSWERS_BEHIND, {"project": project.id, "inputs": inputs})

    def later(self, project_id: str, ids: Sequence[str], problem: str, *, not_before: dt.datetime) -> None:
        values = {"project": project_id, "ids": list(ids), "problem": problem, "not_before": not_before}
        with self._engine.begin() as connection:
            inputs = [row[0] for row in connection.execute(_LATER, values)]
            connection.execute(CARD_BEHIND, {"project": project_id, "inputs": inputs})

    def learned(self, project: Project, customs: Customs) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text("update project set customs = customs || cast(:found as jsonb) where id = :p"),
                {"p": project.id, "found": json.dumps(customs.to_json())},
            )

    def tell_once(self, project: Project, user_id: str, line: str, *, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            add_note(
                connection,
                team_id=project.team_id,
                channel_id=project.channel_id,
                user_id=user_id,
                note=NoteView((line,)),
                now=now,
                once=True,
            )

    def _rows(self, statement: str, **values: object) -> Sequence[Any]:
        with self._engine.begin() as connection:
            return connection.execute(text(statement), values).mappings().all()

    def _column(self, statement: str, **values: object) -> Sequence[Any]:
        with self._engine.begin() as connection:
            return connection.execute(text(statement), values).scalars().all()


def _lock_reviews(connection: Connection, project: Project, annotation_ids: Sequence[str]) -> None:
    """Take locks in the order of a click (review, annotation, post), so that a click is never a deadlock's victim."""
    locked = "select id from review where project_id = :p and annotation_id = any(:a) order by id for update"
    connection.execute(text(locked), {"p": project.id, "a": list(annotation_ids)})


def _unsettled(row: Any) -> Unsettled:  # noqa: ANN401 - a row
    reviews = tuple(
        Answered(
            concept_id=r["concept"],
            is_open=r["state"] in {"queued", "posted"},
            verdict=Verdict(r["verdict"]) if r["verdict"] else None,
            decided_by=r["by"],
            decided_at=dt.datetime.fromisoformat(r["at"]) if r["at"] else None,
            lane=r["lane"],
            value=r["value"],
            applied=r["applied"],
            first_by=r["first"],
        )
        for r in row["reviews"] or ()
    )
    return Unsettled(
        id=row["id"],
        input_id=row["input_id"],
        dirty=row["dirty"],
        settled=row["settled"],
        attempts=row["attempts"],
        modified_at=row["modified_at"],
        snapshot=LabelState.from_json(row["snapshot"]),
        stands=LabelState.from_json(row["stands"]) if row["stands"] else None,
        thresholds=row["revision"],
        reviews=reviews,
    )
