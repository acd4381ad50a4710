"""Inputs, annotations and their reviews, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.domain.annotations import LabelState
from bot.storage.engine import by_itself
from bot.storage.ledgers import open_ledgers
from bot.storage.settling import ANSWERS_BEHIND, SqlSettling
from bot.storage.sightings import add_sighting
from bot.usecases.discovering import Known

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from bot.domain.annotations import Annotation
    from bot.domain.evidence import Ledger
    from bot.domain.projects import Project
    from bot.usecases.discovering import NewAnnotation

_WRITTEN_LATE = text("""
update annotation set stands = cast(:stands as jsonb), modified_at = :modified_at, dirty = dirty + 1, not_before = null
where project_id = :project and id = :id and modified_at < :modified_at and not closed
""")


class SqlLabels(SqlSettling):
    """Implements `usecases.discovering.DiscoverStore`, and with what it builds on `usecases.settling.SettleStore`."""

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
        with by_itself(self._engine) as connection:
            connection.execute(
                text(
                    "update project set seen_until = greatest(seen_until, cast(:until as timestamptz)), "
                    "swept_at = coalesce(:full_at, swept_at) where id = :p and take_older = :older"
                ),
                {"p": project.id, "until": until, "full_at": full_at, "older": project.take_older},
            )

    def last_full_sweep(self, project_id: str) -> dt.datetime | None:
        return next(iter(self._column("select swept_at from project where id = :p", p=project_id)), None)
