"""Decisions on their way to Clarifai, and what is closed because Clarifai says otherwise, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.annotations import LabelState
from bot.domain.reviews import Verdict
from bot.domain.views import NoteView
from bot.storage.engine import by_itself
from bot.storage.outbox import add_note
from bot.storage.second_looks import CHANGED_AT_A_SECOND_LOOK
from bot.storage.sightings import CARD_BEHIND
from bot.usecases.settling import Answered, Unsettled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.domain.customs import Customs
    from bot.domain.projects import Project

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
from annotation a where a.project_id = :project and a.settled < a.dirty and a.given_up < a.dirty
  and not a.closed
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

_GIVE_UP = text("""
update annotation set given_up = :dirty, attempts = attempts + 1, not_before = null, problem = :problem
where project_id = :project and id = :id and dirty = :dirty returning input_id
""")


class SqlSettling:
    """Implements `usecases.settling.SettleStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unsettled(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[Unsettled]:
        with by_itself(self._engine) as connection:
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

    def give_up(self, project_id: str, unsettled: Unsettled, problem: str) -> None:
        values = {"project": project_id, "id": unsettled.id, "dirty": unsettled.dirty, "problem": problem}
        with self._engine.begin() as connection:
            inputs = [row[0] for row in connection.execute(_GIVE_UP, values)]
            connection.execute(CARD_BEHIND, {"project": project_id, "inputs": inputs})

    def learned(self, project: Project, customs: Customs) -> None:
        with by_itself(self._engine) as connection:
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
        with by_itself(self._engine) as connection:
            return connection.execute(text(statement), values).mappings().all()

    def _column(self, statement: str, **values: object) -> Sequence[Any]:
        with by_itself(self._engine) as connection:
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
