"""Projects and their set-up, on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlmodel import Session, col, select

from bot.domain.concepts import Concept, ConceptRelation, Predicate
from bot.domain.customs import Customs
from bot.domain.projects import Project, ProjectState
from bot.domain.thresholds import ConceptThreshold
from bot.storage.engine import by_itself
from bot.storage.tables import ConceptRow, CutRow, ProjectRow, StepRow
from bot.usecases.steps import GOING_LIVE, Result, SetUp, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.storage.secrets import Sealer

LONGEST_WAIT_S = 300.0  # between two tries of a step

_BEHIND = text("""
update post set wanted = wanted + 1, draw_after = null
where project_id = :project and kind = :kind and (:subject = '' or subject = :subject)
""")


# Of the project that `p` names, as a value; empty before the set-up has made the mapper.
MAPPER_VERSION = (
    "coalesce((select s.result ->> 'version' from step s where s.project_id = {p} and s.name = 'mapper'), '')"
)

_RECORD_MAPPER = text(f"""
update revision v set mapper_version = {MAPPER_VERSION.format(p="v.project_id")} from project p
where p.id = :id and v.project_id = p.id and v.number = p.applied_revision and v.mapper_version = ''
""")

_LEFT = text("""
update project set state = 'left', live_since = null where id = :p and state <> 'left' and not exists (
    select 1 from annotation a where a.project_id = project.id and a.settled < a.dirty and not a.closed)
returning id
""")

_CLOSE_ASKED = text("""
with asked as (
    update review set state = 'closed' where project_id = :p and state in ('queued', 'posted')
    returning project_id, annotation_id)
update annotation a set closed = true, closed_reason = 'this channel was disconnected from Clarifai' from asked
where a.project_id = asked.project_id and a.id = asked.annotation_id
""")


def mark_behind(connection: Connection, project_id: str, kind: str, subject: str = "") -> None:
    """Have the posts of a kind drawn again, at once."""
    connection.execute(_BEHIND, {"project": project_id, "kind": kind, "subject": subject})


class SqlProjects:
    """Implements `usecases.setting_up.SetUpStore` and the reading of projects."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    @contextmanager
    def alone(self, what: str) -> Iterator[bool]:
        """Hold a session lock; a killed process loses it with its connection."""
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            door = {"what": what}
            got = bool(
                connection.execute(text("select pg_try_advisory_lock(hashtextextended(:what, 0))"), door).scalar()
            )
            try:
                yield got
            finally:
                if got:
                    connection.execute(text("select pg_advisory_unlock(hashtextextended(:what, 0))"), door)

    def project(self, project_id: str) -> Project:
        with self._reading() as session:
            return self._project(session.get_one(ProjectRow, project_id))

    def in_channel(self, team_id: str, channel_id: str) -> Project | None:
        """The project of a channel, unless it was left."""
        wanted = select(ProjectRow).where(
            ProjectRow.team_id == team_id,
            ProjectRow.channel_id == channel_id,
            ProjectRow.state != ProjectState.LEFT.value,
        )
        with self._reading() as session:
            row = session.exec(wanted).first()
            return self._project(row) if row else None

    def all(self) -> Sequence[Project]:
        """Every project that was not left."""
        with self._reading() as session:
            rows = session.exec(select(ProjectRow).where(ProjectRow.state != ProjectState.LEFT.value)).all()
            return [self._project(row) for row in rows]

    def sealed_key(self, project_id: str) -> str | None:
        """The project's own Clarifai key; None when it uses the default account."""
        with self._reading() as session:
            row = session.get_one(ProjectRow, project_id)
            return self._sealer.open(f"{row.team_id}|clarifai-key|", row.sealed_key) if row.sealed_key else None

    def concepts(self, project_id: str) -> Sequence[Concept]:
        """The concepts that are labelled now, in order."""
        with self._reading() as session:
            return _concepts(session, project_id)

    def cuts(self, project_id: str, revision: int) -> Sequence[ConceptThreshold]:
        """The cuts of one revision, in the order of the concepts."""
        with self._reading() as session:
            return _cuts(session, project_id, revision)

    def set_up(self, project_id: str) -> SetUp:
        with self._reading() as session:
            project = self._project(session.get_one(ProjectRow, project_id))
            steps = session.exec(select(StepRow).where(StepRow.project_id == project_id, StepRow.state == "done"))
            results: dict[Step, Result] = {Step(row.name): row.result or {} for row in steps}
            cuts = _cuts(session, project_id, project.revision)
            return SetUp(project, _concepts(session, project_id), cuts, results, _removed(session, project_id))

    def next_step(self, project_id: str, *, now: dt.datetime) -> Step | None:
        wanted = select(StepRow).where(StepRow.project_id == project_id, StepRow.state != "done")
        with self._reading() as session:
            row = session.exec(wanted.order_by(col(StepRow.position))).first()
            if row is None or row.state == "failed" or (row.not_before and row.not_before > now):
                return None
            return Step(row.name)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with by_itself(self._engine) as connection, Session(connection) as session:
            yield session

    def step_done(self, project_id: str, step: Step, result: Result) -> None:
        self._step(project_id, step, state="done", result=result, problem="", not_before=None)

    def step_later(self, project_id: str, step: Step, problem: str, *, now: dt.datetime, wait_s: float) -> None:
        with Session(self._engine) as session:
            row = session.exec(_one(project_id, step)).one()
            row.attempts += 1
            wait = dt.timedelta(seconds=min(wait_s * 2 ** min(row.attempts - 1, 20), LONGEST_WAIT_S))
            row.not_before, row.problem = now + wait, problem
            session.add(row)
            mark_behind(session.connection(), project_id, "checklist")
            session.commit()

    def step_failed(self, project_id: str, step: Step, problem: str) -> None:
        self._step(project_id, step, state="failed", problem=problem)

    def ready(self, project_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update project set state = 'ready', applied_revision = revision "
                    "where id = :id and state = 'setting up'"
                ),
                {"id": project_id},
            )
            connection.execute(_RECORD_MAPPER, {"id": project_id})
            mark_behind(connection, project_id, "checklist")

    def live(self, project_id: str, *, since: dt.datetime) -> None:
        results = self.set_up(project_id).results
        remembered = results[GOING_LIVE[0]]
        with self._engine.begin() as connection:
            connection.execute(
                text(
                    "update project set state = 'live', live_since = coalesce(live_since, :since), "
                    "previous_workflow = coalesce(previous_workflow, :previous), older_pending = :older "
                    "where id = :id and state = 'ready'"
                ),
                {"id": project_id, "since": since, "previous": remembered["previous"], "older": remembered["pending"]},
            )
            connection.execute(
                text("update picture set state = 'new' where project_id = :id and state = 'kept'"), {"id": project_id}
            )
            mark_behind(connection, project_id, "checklist")
            mark_behind(connection, project_id, "upload")

    def left(self, project_id: str) -> bool:
        with self._engine.begin() as connection:
            if connection.execute(_LEFT, {"p": project_id}).first() is None:
                return False
            connection.execute(_CLOSE_ASKED, {"p": project_id})
            for kind in ("card", "checklist", "upload"):
                mark_behind(connection, project_id, kind)
            return True

    def _step(self, project_id: str, step: Step, **values: object) -> None:
        with Session(self._engine) as session:
            row = session.exec(_one(project_id, step)).one()
            if row.state != "done":
                for name, value in values.items():
                    setattr(row, name, value)
                session.add(row)
                mark_behind(session.connection(), project_id, "checklist")
            session.commit()

    def _project(self, row: ProjectRow) -> Project:
        return Project(
            id=row.id,
            team_id=row.team_id,
            channel_id=row.channel_id,
            state=ProjectState(row.state),
            set_up_by=row.set_up_by,
            user_id=row.user_id,
            app_id=row.app_id,
            graph=row.graph,
            model_id=row.model_id,
            model_version=row.model_version,
            zone=row.zone,
            digest_at=row.digest_at,
            digest_zone=row.digest_zone,
            digest_channel=row.digest_channel,
            digest_on=row.digest_on,
            revision=row.revision,
            applied_revision=row.applied_revision,
            live_since=row.live_since,
            seen_until=row.seen_until,
            previous_workflow=row.previous_workflow,
            older_pending=row.older_pending,
            take_older=row.take_older,
            coin_secret=self._sealer.open(f"{row.team_id}|coin|", row.coin_secret).encode(),
            customs=Customs.from_json(row.customs),
        )


def _concepts(session: Session, project_id: str) -> Sequence[Concept]:
    wanted = select(ConceptRow).where(ConceptRow.project_id == project_id, col(ConceptRow.removed).is_(False))
    return [_concept(row) for row in session.exec(wanted.order_by(col(ConceptRow.position)))]


def _removed(session: Session, project_id: str) -> Sequence[str]:
    wanted = select(ConceptRow.id).where(ConceptRow.project_id == project_id, col(ConceptRow.removed).is_(True))
    return list(session.exec(wanted))


def _cuts(session: Session, project_id: str, revision: int) -> Sequence[ConceptThreshold]:
    of_concept = (col(ConceptRow.project_id) == CutRow.project_id) & (col(ConceptRow.id) == CutRow.concept_id)
    wanted = select(CutRow).join(ConceptRow, of_concept).order_by(col(ConceptRow.position))
    rows = session.exec(wanted.where(CutRow.project_id == project_id, CutRow.number == revision))
    return [ConceptThreshold(r.concept_id, r.accept, r.floor, r.before_off, r.target, r.checks) for r in rows]


def _one(project_id: str, step: Step):  # type: ignore[no-untyped-def]  # noqa: ANN202 - sqlmodel's own select type
    return select(StepRow).where(StepRow.project_id == project_id, StepRow.name == step.value)


def _concept(row: ConceptRow) -> Concept:
    links = tuple(ConceptRelation(r["object"], Predicate(r["predicate"])) for r in row.relations)
    return Concept(row.id, row.name, links)
