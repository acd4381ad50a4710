"""Thresholds and their revisions, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.storage.outbox import announce
from bot.storage.projects import SqlProjects, mark_behind
from bot.usecases.cutting import Wanted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.cutting import Change

_NEXT = text("update project set revision = revision + 1 where id = :p and revision = :seen returning revision")

_REVISION = text("""
insert into revision (project_id, number, asked_by, asked_at, words, undoes, state, attempts, problem)
values (:p, :number, :by, :at, :words, :undoes, :state, 0, '')
""")

_CUT = text("""
insert into cut (project_id, number, concept_id, accept, floor, before_off)
values (:p, :number, :concept, :accept, :floor, :before_off)
""")

_WANTED = text("""
select v.number, v.asked_by, v.words, v.attempts from revision v join project p on p.id = v.project_id
where v.project_id = :p and v.number = p.revision and v.state = 'wanted' and p.state <> 'setting up'
  and (v.not_before is null or v.not_before <= :now)
""")


def add_revision(
    connection: Connection,
    project_id: str,
    number: int,
    cuts: Sequence[ConceptThreshold],
    *,
    by: str,
    at: dt.datetime,
    words: str = "",
    undoes: int | None = None,
    state: str = "wanted",
) -> None:
    """Store the cuts of every concept under the next number."""
    revision = {"p": project_id, "number": number, "by": by, "at": at, "words": words, "undoes": undoes, "state": state}
    connection.execute(_REVISION, revision)
    rows = [
        {
            "p": project_id,
            "number": number,
            "concept": cut.concept_id,
            "accept": cut.accept,
            "floor": cut.floor,
            "before_off": cut.before_off,
        }
        for cut in cuts
    ]
    connection.execute(_CUT, rows)


class SqlCuts(SqlProjects):
    """Implements `usecases.cutting.CutStore`."""

    def waiting_of(self, project_id: str) -> int:
        with self._engine.begin() as connection:
            waiting = "select count(*) from review where project_id = :p and state in ('queued', 'posted')"
            return int(connection.execute(text(waiting), {"p": project_id}).scalar_one())

    def want(
        self, project: Project, change: Change, *, by: str, at: dt.datetime, undoes: int | None = None
    ) -> int | None:
        with self._engine.begin() as connection:
            number = connection.execute(_NEXT, {"p": project.id, "seen": project.revision}).scalar()
            if number is not None:
                words = "\n".join(change.lines)
                add_revision(connection, project.id, number, change.cuts, by=by, at=at, words=words, undoes=undoes)
                mark_behind(connection, project.id, "checklist")
            return number

    def wanted(self, project_id: str, *, now: dt.datetime) -> Wanted | None:
        with self._engine.begin() as connection:
            row = connection.execute(_WANTED, {"p": project_id, "now": now}).mappings().first()
            return Wanted(row["number"], row["asked_by"], _lines(row["words"]), row["attempts"]) if row else None

    def applied(self, project: Project, wanted: Wanted, *, now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            done = connection.execute(
                text(
                    "update revision set state = 'applied' where project_id = :p and number <= :n and state = 'wanted' "
                    "returning number"
                ),
                {"p": project.id, "n": wanted.number},
            ).all()
            connection.execute(
                text("update project set applied_revision = greatest(applied_revision, :n) where id = :p"),
                {"p": project.id, "n": wanted.number},
            )
            if done:
                waiting = connection.execute(
                    text("select count(*) from review where project_id = :p and state in ('queued', 'posted')"),
                    {"p": project.id},
                ).scalar_one()
                stays = f"The {waiting} waiting stay as they are." if waiting else "Nothing waits that it would touch."
                lines = [*wanted.lines, f"Images added from now on follow it. {stays}"]
                announce(
                    connection,
                    project,
                    f"thresholds {wanted.number}",
                    lines,
                    now=now,
                    by=wanted.asked_by,
                    undo_thresholds=wanted.number,
                )

    def apply_later(self, project: Project, wanted: Wanted, problem: str, *, not_before: dt.datetime) -> None:
        self._set(
            project, wanted, "attempts = attempts + 1, not_before = :at, problem = :why", at=not_before, why=problem
        )

    def apply_failed(self, project: Project, wanted: Wanted, problem: str, *, now: dt.datetime) -> None:
        self._set(project, wanted, "state = 'failed', problem = :why", why=problem)
        self._go_back(project, wanted, now)
        lines = [*wanted.lines, f"Clarifai refused this: {problem}", "The thresholds before stay in force."]
        with self._engine.begin() as connection:
            announce(connection, project, f"thresholds {wanted.number} refused", lines, now=now, by=wanted.asked_by)

    def _go_back(self, project: Project, wanted: Wanted, now: dt.datetime) -> None:
        """Make the thresholds in force the newest revision, so that what is shown is what runs."""
        number = wanted.number + 1
        with self._engine.begin() as connection:
            taken = connection.execute(_NEXT, {"p": project.id, "seen": wanted.number}).scalar()
            if taken is None:
                return  # somebody asked for something else meanwhile; that is tried next
            revision = {"p": project.id, "number": number, "by": "", "at": now, "words": "", "undoes": wanted.number}
            connection.execute(_REVISION, {**revision, "state": "applied"})
            connection.execute(
                text(
                    "insert into cut select project_id, :new, concept_id, accept, floor, before_off from cut c "
                    "where project_id = :p and number = (select applied_revision from project where id = :p)"
                ),
                {"p": project.id, "new": number},
            )
            connection.execute(
                text("update project set applied_revision = :new where id = :p"), {"p": project.id, "new": number}
            )

    def words_of(self, project_id: str, revision: int) -> tuple[str, tuple[str, ...]] | None:
        with self._engine.begin() as connection:
            row = connection.execute(
                text("select asked_by, words from revision where project_id = :p and number = :n"),
                {"p": project_id, "n": revision},
            ).first()
            return (row[0], _lines(row[1])) if row else None

    def _set(self, project: Project, wanted: Wanted, what: str, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(f"update revision set {what} where project_id = :p and number = :n"),
                {"p": project.id, "n": wanted.number, **values},
            )


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line for line in words.split("\n") if line)
