"""The concepts of a running project: one more, one less, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.domain.thresholds import ConceptThreshold
from bot.storage.cuts import NEXT_REVISION, add_revision
from bot.storage.projects import SqlProjects, mark_behind
from bot.usecases.steps import CHANGING, Step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.concepts import Concept
    from bot.domain.projects import Project

_CONCEPT = text("""
insert into concept (project_id, id, name, position, relations, removed)
values (:p, :id, :name, :position, cast(:relations as jsonb), false)
on conflict (project_id, id) do update set name = excluded.name, position = excluded.position,
    relations = excluded.relations, removed = false
""")

_LAST = text("select coalesce(max(position), -1) from concept where project_id = :p")

_REMOVE = text("update concept set removed = true where project_id = :p and id = any(:ids)")

_AGAIN = text("""
update step set state = 'waiting', attempts = 0, not_before = null, problem = ''
where project_id = :p and name = any(:steps)
""")


def add_concepts(connection: Connection, project_id: str, concepts: Sequence[Concept]) -> None:
    """Put concepts behind those that are there; one that was removed comes back."""
    last = connection.execute(_LAST, {"p": project_id}).scalar_one()
    for position, concept in enumerate(concepts, start=last + 1):
        links = [{"object": r.object_name, "predicate": r.predicate.value} for r in concept.relations]
        row = {"p": project_id, "id": concept.id, "name": concept.name, "position": position}
        connection.execute(_CONCEPT, {**row, "relations": json.dumps(links)})


class SqlConcepts(SqlProjects):
    """The part of `usecases.directing.ProjectStore` that changes concepts."""

    def change_concepts(
        self,
        project: Project,
        added: Sequence[Concept],
        removed: Sequence[str],
        lines: Sequence[str],
        *,
        by: str,
        now: dt.datetime,
    ) -> bool:
        with self._engine.begin() as connection:
            seen = {"p": project.id, "seen": project.revision}
            number = connection.execute(NEXT_REVISION, seen).scalar()
            if number is None:
                return False
            add_concepts(connection, project.id, added)
            connection.execute(_REMOVE, {"p": project.id, "ids": list(removed)})
            kept = [cut for cut in self.cuts(project.id, project.revision) if cut.concept_id not in removed]
            cuts = [*kept, *(ConceptThreshold(concept.id) for concept in added)]
            words = "\n".join(lines)
            add_revision(connection, project.id, number, cuts, by=by, at=now, words=words, about="concepts")
            steps = [step.value for step in Step if step in CHANGING]
            connection.execute(_AGAIN, {"p": project.id, "steps": steps})
            mark_behind(connection, project.id, "checklist")
            return True
