"""Thresholds and their revisions, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, text

from bot.domain.thresholds import ConceptThreshold
from bot.storage import own_mistakes
from bot.storage.engine import by_itself
from bot.storage.ledgers import is_proven
from bot.storage.outbox import announce
from bot.storage.projects import MAPPER_VERSION, SqlProjects, mark_behind
from bot.usecases.cutting import Wanted
from bot.usecases.own_mistakes import Span, offers_of
from bot.usecases.proving import verdict_on
from bot.usecases.steps import CHANGING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.views import Offer
    from bot.usecases.cutting import Change

NEXT_REVISION = text("""
update project set revision = (select max(number) + 1 from revision where project_id = :p)
where id = :p and revision = :seen returning revision
""")

_PREVIOUS = "select max(number) from revision where project_id = :p and number < :n and state <> 'failed'"

_TAKEN_BACK = text(f"""
update project set revision = ({_PREVIOUS}) where id = :p and revision = :n returning revision
""")

_ALL_OFF = "Until a person turns them on again, every concept is off: nothing is accepted automatically."

_APPLIED = text(f"""
update revision set state = 'applied', problem = '', mapper_version = {MAPPER_VERSION.format(p="revision.project_id")}
where project_id = :p and number <= :n and state = 'wanted'
returning number, words, asked_by, about
""")

_MADE_AGAIN = text("""
update step set result = jsonb_set(result, '{version}', to_jsonb(cast(:version as text)))
where project_id = :p and result ->> 'model' = :model
""")

_WAITING = text("select count(*) from review where project_id = :p and state in ('queued', 'posted')")

_WEIGHED = text("""
select c.name, l.certified, l.target as proven_for, t.concept_id, t.accept, t.floor, t.before_off, t.target
from cut t join concept c on c.project_id = t.project_id and c.id = t.concept_id
join cut b on b.project_id = t.project_id and b.number = :before and b.concept_id = t.concept_id
left join ledger l on l.project_id = t.project_id and l.concept_id = t.concept_id and l.ended_at is null
where t.project_id = :p and t.number = :n and (b.accept, b.target) <> (t.accept, t.target) order by c.position
""")

_IN_FORCE = text("select applied_revision from project where id = :p for update")

_REVISION = text("""
insert into revision (project_id, number, asked_by, asked_at, words, undoes, state, about, attempts, problem)
values (:p, :number, :by, :at, :words, :undoes, :state, :about, 0, '')
""")

_CUT = text("""
insert into cut (project_id, number, concept_id, accept, floor, before_off, target, checks)
values (:p, :number, :concept, :accept, :floor, :before_off, :target, :checks)
""")

_WANTED = text("""
select v.number, v.asked_by, v.words, v.attempts from revision v join project p on p.id = v.project_id
where v.project_id = :p and v.number = p.revision and v.state = 'wanted' and p.state <> 'setting up'
  and not exists (select 1 from step s where s.project_id = p.id and s.name = any(:before) and s.state <> 'done')
  and (v.not_before is null or v.not_before <= :now)
""")


_BEFORE = [step.value for step in CHANGING]  # concepts and links stand before the workflow speaks of them


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
    about: str = "cuts",
) -> None:
    """Store the cuts of every concept under the next number; `about` says whether cuts or concepts were changed."""
    revision = {"p": project_id, "number": number, "by": by, "at": at, "words": words, "undoes": undoes}
    revision |= {"state": state, "about": about}
    connection.execute(_REVISION, revision)
    rows = [
        {
            "p": project_id,
            "number": number,
            "concept": cut.concept_id,
            "accept": cut.accept,
            "floor": cut.floor,
            "before_off": cut.before_off,
            "target": cut.target,
            "checks": cut.checks,
        }
        for cut in cuts
    ]
    connection.execute(_CUT, rows)


class SqlCuts(SqlProjects):
    """Implements `usecases.cutting.CutStore`."""

    def want(
        self, project: Project, change: Change, *, by: str, at: dt.datetime, undoes: int | None = None
    ) -> int | None:
        with self._engine.begin() as connection:
            number = connection.execute(NEXT_REVISION, {"p": project.id, "seen": project.revision}).scalar()
            if number is not None:
                words = "\n".join(change.lines)
                add_revision(connection, project.id, number, change.cuts, by=by, at=at, words=words, undoes=undoes)
                mark_behind(connection, project.id, "checklist")
            return number

    def wanted(self, project_id: str, *, now: dt.datetime) -> Wanted | None:
        with by_itself(self._engine) as connection:
            row = connection.execute(_WANTED, {"p": project_id, "now": now, "before": _BEFORE}).mappings().first()
            return Wanted(row["number"], row["asked_by"], _lines(row["words"]), row["attempts"]) if row else None

    def made_again(self, project_id: str, versions: Mapping[str, str]) -> None:
        with self._engine.begin() as connection:
            for model, version in versions.items():
                connection.execute(_MADE_AGAIN, {"p": project_id, "model": model, "version": version})

    def applied(self, project: Project, wanted: Wanted, *, notes: Sequence[str] = (), now: dt.datetime) -> None:
        with self._engine.begin() as connection:
            before = connection.execute(_IN_FORCE, {"p": project.id}).scalar_one()
            done = connection.execute(_APPLIED, {"p": project.id, "n": wanted.number}).mappings().all()
            connection.execute(
                text("update project set applied_revision = greatest(applied_revision, :n) where id = :p"),
                {"p": project.id, "n": wanted.number},
            )
            for row in sorted(done, key=lambda r: r["number"]):
                if row["number"] == wanted.number:
                    _announce_newest(connection, project, row, notes, Span(before, wanted.number), now)
                else:
                    _announce(connection, project, row, (), now=now)

    def apply_later(self, project: Project, wanted: Wanted, problem: str, *, not_before: dt.datetime) -> None:
        later = "attempts = attempts + 1, not_before = :at, problem = :why"
        with self._engine.begin() as connection:
            _change(connection, project, wanted, later, at=not_before, why=problem)

    def apply_failed(
        self, project: Project, wanted: Wanted, problem: str, *, instead: Sequence[ConceptThreshold], now: dt.datetime
    ) -> None:
        follows = _ALL_OFF if instead else "The thresholds before stay in force."
        lines = [*wanted.lines, f"Clarifai refused this: {problem}", follows]
        with self._engine.begin() as connection:
            _change(connection, project, wanted, "state = 'failed', problem = :why", why=problem)
            before = connection.execute(_TAKEN_BACK, {"p": project.id, "n": wanted.number}).scalar()
            if instead and before is not None:
                number = connection.execute(NEXT_REVISION, {"p": project.id, "seen": before}).scalar_one()
                add_revision(connection, project.id, number, instead, by="", at=now, words=_ALL_OFF)
            mark_behind(connection, project.id, "checklist")
            announce(connection, project, f"thresholds {wanted.number} refused", lines, now=now, by=wanted.asked_by)

    def review_below(self, project: Project, span: Span, *, now: dt.datetime) -> int:
        with self._engine.begin() as connection:
            return own_mistakes.review_below(connection, project, span, now=now)

    def apply_lower(self, project: Project, span: Span) -> int | None:
        with self._engine.begin() as connection:
            return own_mistakes.apply_lower(connection, project, span)

    def previous(self, project_id: str, revision: int) -> int:
        with by_itself(self._engine) as connection:
            return connection.execute(text(_PREVIOUS), {"p": project_id, "n": revision}).scalar() or 0


def _change(connection: Connection, project: Project, wanted: Wanted, what: str, **values: object) -> None:
    connection.execute(
        text(f"update revision set {what} where project_id = :p and number = :n"),
        {"p": project.id, "n": wanted.number, **values},
    )


def _announce_newest(
    connection: Connection, project: Project, row: RowMapping, notes: Sequence[str], span: Span, now: dt.datetime
) -> None:
    """Tell of the newest change, whether it is proven, and offer *Undo* and what can be done about older labels."""
    below, waiting = own_mistakes.count_old(connection, project, span, now=now)
    weighed = connection.execute(_WEIGHED, {"p": project.id, "n": span.new, "before": span.old}).mappings()
    proven = [_verdict(cut) for cut in weighed]
    is_of_cuts = row["about"] == "cuts"
    offers = offers_of(span, below, waiting) if is_of_cuts else ()
    undo = row["number"] if is_of_cuts else 0
    _announce(connection, project, row, [*proven, *notes], now=now, undo_thresholds=undo, offers=offers)


def _verdict(row: RowMapping) -> str:
    cut = ConceptThreshold(row["concept_id"], row["accept"], row["floor"], row["before_off"], row["target"])
    proven = row["certified"] is not None and is_proven(cut.accept, cut.target, row["certified"], row["proven_for"])
    return f"{row['name']} is {verdict_on(cut, proven=proven)}."


def _announce(
    connection: Connection,
    project: Project,
    row: RowMapping,
    notes: Sequence[str],
    *,
    now: dt.datetime,
    undo_thresholds: int = 0,
    offers: Sequence[Offer] = (),
) -> None:
    """Tell of one change: several may have come before the workflow was changed."""
    waiting = connection.execute(_WAITING, {"p": project.id}).scalar_one()
    stays = f"The {waiting} waiting stay as they are." if waiting else "Nothing waits that it would touch."
    lines = [*_lines(row["words"]), f"Images added from now on follow it. {stays}", *notes]
    announce(
        connection,
        project,
        f"thresholds {row['number']}",
        lines,
        now=now,
        by=row["asked_by"],
        undo_thresholds=undo_thresholds,
        offers=offers,
    )


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line for line in words.split("\n") if line)
