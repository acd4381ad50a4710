"""A project's labels and what stands behind them, as they were at one moment, on PostgreSQL."""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from bot.domain.blueprint import GENERAL_CONCEPT, MAPPER_ID, WORKFLOW_ID
from bot.domain.exports import Background, Change, Checked, People, Told, Versions
from bot.domain.thresholds import ConceptThreshold, Sample, estimate
from bot.storage.engine import by_itself

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PICTURES_AT_ONCE = 500  # in memory, with all that is said about them
READ_AT_ONCE = 2000  # rows in memory

_NEXT = text("select id from input where project_id = :p and id > :after order by id limit :many")

# A part of the pictures at a time, in the order of the key: nothing is ever sorted as a whole.
_TOLD = text("""
select r.input_id, i.name, i.permalink,
       coalesce((select max(f.sha256) from picture f
                 where f.project_id = r.project_id and f.input_id = r.input_id), ''),
       r.concept_id, c.name, r.kind, r.lane, r.state, r.verdict, r.value, r.probability, r.decided_by, r.decided_at,
       r.thresholds, coalesce(v.mapper_version, ''), a.closed,
       case when jsonb_typeof(a.snapshot -> 'region') = 'object' then a.snapshot -> 'region' end
from review r join annotation a on a.project_id = r.project_id and a.id = r.annotation_id
join input i on i.project_id = r.project_id and i.id = r.input_id
join concept c on c.project_id = r.project_id and c.id = r.concept_id
left join revision v on v.project_id = r.project_id and v.number = r.thresholds
where r.project_id = :p and r.input_id = any(:ids) order by r.input_id, r.concept_id, r.id
""")

_PROJECT = text("""
select app_id, channel_id, live_since, applied_revision,
    (select result -> 'model' from step s where s.project_id = project.id and s.name = 'find') as model,
    (select result ->> 'version' from step s where s.project_id = project.id and s.name = 'mapper') as mapper_version,
    (select count(*) from input i where i.project_id = project.id) as held,
    (select count(*) from picture f where f.project_id = project.id and f.state = 'skipped') as skipped
from project where id = :p
""")

_CONCEPTS = text("select id, name from concept where project_id = :p order by position")

_CUTS = text("""
select t.concept_id, t.accept, t.floor, t.before_off, t.target, t.checks from cut t
join concept c on c.project_id = t.project_id and c.id = t.concept_id
where t.project_id = :p and t.number = :n and not c.removed order by c.position
""")

_CHANGES = text("""
select number, asked_at, words from revision
where project_id = :p and number <= :n and state <> 'failed' order by number desc
""")

_PEOPLE = text("""
select count(distinct decided_by) filter (where verdict <> 'undo') as reviewers,
       count(*) filter (where verdict = 'approve') as approved, count(*) filter (where verdict = 'reject') as rejected,
       count(*) filter (where verdict = 'unsure') as not_sure, count(*) filter (where verdict = 'undo') as undone
from decision where project_id = :p
""")

# The first final answer to each drawn check stays the evidence, whatever was undone and answered again; only a second
# look counts besides. One that is open again is left out: which questions are checks shows nowhere.
_ANSWERS = text("""
select distinct on (r.id) r.concept_id, r.value, r.probability, d.verdict = 'approve' or exists (
    select 1 from second_look s where s.review_id = r.id and s.verdict = 'approve') as is_right
from review r join decision d on d.review_id = r.id and d.final and d.verdict <> 'undo'
where r.project_id = :p and r.kind = 'check' and r.lane = 'calibration' and r.state not in ('queued', 'posted')
order by r.id, d.id
""")


class Place(NamedTuple):
    """A project as whoever runs the bot names it."""

    id: str
    channel_id: str
    app_id: str
    is_left: bool


class SqlLabelledData:
    """Implements `usecases.exporting.ports.LabelledData`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def places(self) -> Sequence[Place]:
        """Every project there is or was, oldest first."""
        asked = text("select id, channel_id, app_id, state = 'left' from project order by created_at, id")
        with by_itself(self._engine) as connection:
            return [Place(*row) for row in connection.execute(asked)]

    @contextmanager
    def opened(self, project_id: str) -> Iterator[SqlSnapshot]:
        """Hold one state of the tables while a file is written; no network call happens meanwhile."""
        with self._engine.connect() as connection:
            reading = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with reading.begin():
                yield SqlSnapshot(reading, project_id)


class SqlSnapshot:
    """Implements `usecases.exporting.ports.Snapshot`."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._project_id = project_id

    def told(self) -> Iterator[Told]:
        after = ""
        while ids := [row.id for row in self._rows(_NEXT, after=after, many=PICTURES_AT_ONCE)]:
            for row in self._rows(_TOLD, ids=ids):
                yield Told._make((*row[:-1], _box(row[-1])))
            after = ids[-1]

    def background(self) -> Background:
        row = self._rows(_PROJECT)[0]
        revision = row.applied_revision
        model = row.model or {"id": GENERAL_CONCEPT.model_id, "version": GENERAL_CONCEPT.version}
        return Background(
            app_id=row.app_id,
            channel_id=row.channel_id,
            live_since=row.live_since,
            concepts=[(c.id, c.name) for c in self._rows(_CONCEPTS)],
            versions=Versions(model["id"], model["version"], MAPPER_ID, row.mapper_version or "", WORKFLOW_ID),
            cuts=[ConceptThreshold(*c) for c in self._rows(_CUTS, n=revision)],
            changes=[
                Change(c.number, c.asked_at, c.words, c.number == revision) for c in self._rows(_CHANGES, n=revision)
            ],
            people=People(*self._rows(_PEOPLE)[0]),
            checked=_checked(self._streamed(_ANSWERS)),
            pictures_held=row.held,
            files_skipped=row.skipped,
        )

    def _streamed(self, statement: Any) -> Iterator[Any]:  # noqa: ANN401 - a statement
        """Read through a cursor of the server's, some rows at a time."""
        options = {"stream_results": True, "max_row_buffer": READ_AT_ONCE}
        rows = self._connection.execute(statement, {"p": self._project_id}, execution_options=options)
        for some in rows.partitions(READ_AT_ONCE):
            yield from some

    def _rows(self, statement: Any, **values: object) -> Sequence[Any]:  # noqa: ANN401 - a statement
        return self._connection.execute(statement, {"p": self._project_id, **values}).all()


def _box(region: Mapping[str, float] | None) -> tuple[float, float, float, float] | None:
    return (region["top"], region["left"], region["bottom"], region["right"]) if region else None


def _checked(answers: Iterable[Any]) -> Mapping[str, Checked]:
    columns: dict[str, tuple[array[float], array[float], array[int]]] = {}
    for concept_id, value, probability, is_right in answers:
        scores, chances, right = columns.setdefault(concept_id, (array("d"), array("d"), array("b")))
        scores.append(value)
        chances.append(probability)
        right.append(is_right)
    return {concept_id: _of_concept(*given) for concept_id, given in columns.items()}


def _of_concept(scores: array[float], chances: array[float], right: array[int]) -> Checked:
    return Checked(len(right), right.count(0), estimate(Sample.of(scores, right, chances), 0.0))
