"""An annotation that is seen for the first time, with its input, its reviews and its card, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.annotations import LabelState
from bot.domain.reviews import ReviewState
from bot.storage.outbox import CARD_RANK, add_post
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.projects import Project
    from bot.usecases.discovering import NewAnnotation

_ADD_INPUT = text("""
insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
values (:project, :id, 'elsewhere', :name, '', '', :url, '', 'asked', :created_at) on conflict do nothing
""")

_DRAW_REGION = text("update input set picture = 'asked' where project_id = :project and id = :id")

_UPLOADED_HERE = text("select source = 'upload' from input where project_id = :project and id = :id")

_ADD_ANNOTATION = text("""
insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty, settled,
                        closed, closed_reason, attempts, problem)
values (:project, :id, :input, :status, cast(:snapshot as jsonb), :modified_at, :revision, :now, 0, 0, false, '', 0, '')
on conflict do nothing returning id
""")

_ADD_REVIEW = text("""
insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, smallest, coin, lane,
                    ledger_id, state, revision, decided_by, doubted_by, thresholds, created_at)
values (:project, :annotation, :input, :concept, :kind, :value, :probability, :smallest, :coin, :lane, :ledger, :state,
        1, '', '', :thresholds, :now)
on conflict do nothing
""")

CARD_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where project_id = :project and kind = 'card' and subject = any(:inputs)
""")


_NO_LONGER_SPARED = text("""
update post set state = 'due' where project_id = :project and kind = 'card' and subject = :input and state = 'spared'
""")


def add_sighting(connection: Connection, project: Project, item: NewAnnotation, now: dt.datetime) -> int:
    """Record one annotation with its input, reviews and card, unless it is known; return how many reviews are new."""
    _add_input(connection, project, item)
    if not _add_annotation(connection, project, item, now):
        return 0
    _add_reviews(connection, project, item, now)
    if any(review.state is ReviewState.QUEUED for review in item.reviews):
        _ask(connection, project, item.seen.input.id, now)
    return len(item.reviews)


def _add_input(connection: Connection, project: Project, item: NewAnnotation) -> None:
    facts = item.seen.input
    name = str(facts.metadata.get("file_name", "")) or facts.id
    created_at = facts.created_at or item.seen.annotation.created_at
    row = {"project": project.id, "id": facts.id, "name": name, "url": facts.url, "created_at": created_at}
    connection.execute(_ADD_INPUT, row)


def _add_annotation(connection: Connection, project: Project, item: NewAnnotation, now: dt.datetime) -> bool:
    annotation, input_id = item.seen.annotation, item.seen.input.id
    row = {
        "project": project.id,
        "id": annotation.id,
        "input": input_id,
        "status": annotation.status.value,
        "snapshot": json.dumps(LabelState.of(annotation).to_json()),
        "modified_at": annotation.modified_at,
        "revision": project.applied_revision,
        "now": now,
    }
    if connection.execute(_ADD_ANNOTATION, row).first() is None:
        return False
    if annotation.region:
        connection.execute(_DRAW_REGION, {"project": project.id, "id": input_id})
    return True


def _add_reviews(connection: Connection, project: Project, item: NewAnnotation, now: dt.datetime) -> None:
    rows = [
        {
            "project": project.id,
            "annotation": item.seen.annotation.id,
            "input": item.seen.input.id,
            "concept": review.concept_id,
            "kind": review.kind.value,
            "value": review.value,
            "probability": review.probability,
            "smallest": review.draw.smallest if review.draw else 1.0,
            "coin": review.draw.coin if review.draw else None,
            "lane": review.lane.value,
            "ledger": review.draw.ledger_id if review.draw else None,
            "state": review.state.value,
            "thresholds": project.applied_revision,
            "now": now,
        }
        for review in item.reviews
    ]
    connection.execute(_ADD_REVIEW, rows)


def _ask(connection: Connection, project: Project, input_id: str, now: dt.datetime) -> None:
    """Have the input's card posted, or drawn again if it stands already."""
    own = connection.execute(_UPLOADED_HERE, {"project": project.id, "id": input_id}).scalar_one()
    if not add_post(connection, project, PostKind.CARD, input_id, now=now, rank=CARD_RANK, own_upload=own):
        connection.execute(CARD_BEHIND, {"project": project.id, "inputs": [input_id]})
        connection.execute(_NO_LONGER_SPARED, {"project": project.id, "input": input_id})
