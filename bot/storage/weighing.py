"""The evidence of each ledger and what is made of it, on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Row, RowMapping, text

from bot.domain.evidence import CalibrationReview, Lane, LedgerKey
from bot.domain.reviews import ReviewKind, Verdict
from bot.domain.thresholds import ConceptThreshold
from bot.storage.alarms import raise_alarm
from bot.storage.engine import by_itself
from bot.usecases.weighing import Predictions, Weighable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.proofs import Proof
    from bot.usecases.weighing import Alarm

# A mark that changes with each answer (also with one whose clock or commit was a little late) and each second look of
# the project `p`, read from a day or two of an index, however many there are.
_NEWS = """
select hashtext(concat_ws(' ', extract(epoch from newest.day), (
    select count(*) from decision d where d.project_id = p.id and d.decided_at >= newest.day - interval '1 day'), (
    select string_agg(cast(s.id as text), ' ' order by s.id) from second_look s
    where s.project_id = p.id and s.state = 'open'))) as news
from (select date_trunc('day', max(d.decided_at), 'UTC') as day from decision d where d.project_id = p.id) newest
offset 0
"""

# Of the project `p`: its open ledgers `l` whose figures are behind, with the cut in force `t`.
_BEHIND = f"""
({_NEWS}) n
join ledger l on l.project_id = p.id and l.ended_at is null
join cut t on t.project_id = p.id and t.number = p.applied_revision and t.concept_id = l.concept_id
where case when l.figures = '{{}}'
      then (select r.id from review r where r.ledger_id = l.id order by r.id limit 1) is not null
      else l.weighed <> n.news or (l.figures ->> 'accept')::float8 <> t.accept
           or (l.figures ->> 'target')::float8 <> t.target end
"""

HAS_NEWS = f"exists (select 1 from {_BEHIND})"

_WITH_NEWS = text(f"""
select b.*, c.name as concept from project p cross join lateral (
    select l.id, l.concept_id, l.grid, l.certified, l.target as proven_for, l.weighed as seen, n.news,
           t.accept, t.floor, t.before_off, t.target, t.checks from {_BEHIND}) b
join concept c on c.project_id = p.id and c.id = b.concept_id
where p.id = :p order by c.position
""")

# The first final answer counts, whatever was undone and answered again.
_CALIBRATION = text("""
select r.id, r.created_at, r.value, r.probability, r.smallest, coalesce(r.coin, 0) as coin, r.kind,
       coalesce(f.verdict, case when r.state = 'closed' then 'unsure' end) as verdict,
       coalesce(f.decided_by, '') as reviewer, f.decided_at, s.verdict as second_verdict,
       coalesce(t.target, 0.95) as promised, l.concept_id, l.model_version, l.mapper_version
from review r join ledger l on l.id = r.ledger_id
left join lateral (
    select d.verdict, d.decided_by, d.decided_at from decision d
    where d.review_id = r.id and d.final and d.verdict <> 'undo' order by d.id limit 1) f on true
left join lateral (
    select l.verdict from second_look l where l.review_id = r.id and l.state = 'decided' limit 1) s on true
left join cut t on t.project_id = r.project_id and t.number = r.thresholds and t.concept_id = r.concept_id
where r.ledger_id = :ledger and r.lane = 'calibration'
""")

_SCORES = text("select coalesce(array_agg(r.value), '{}') from review r where r.ledger_id = :ledger")

_FREEZE = text("""
update ledger set grid = coalesce(grid, cast(:grid as jsonb)) where id = :ledger returning grid
""")

_STILL = text("""
select l.certified, l.target from ledger l join project p on p.id = l.project_id
join cut t on t.project_id = p.id and t.number = p.applied_revision and t.concept_id = l.concept_id
where l.id = :ledger and l.ended_at is null and l.weighed = :seen and t.target = :target and t.accept = :accept
for update of l
""")

_WEIGHED = text("""
update ledger set figures = cast(:figures as jsonb), certified = cast(:certified as jsonb), target = :target,
    weighed = :news where id = :ledger
""")

_VERDICTS: Mapping[str | None, Verdict | None] = {None: None, **{verdict.value: verdict for verdict in Verdict}}
_KINDS = {kind.value: kind for kind in ReviewKind}


class SqlWeighing:
    """Implements `usecases.weighing.WeighStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def with_news(self, project: Project) -> Sequence[Weighable]:
        with by_itself(self._engine) as connection:
            return [_weighable(row) for row in connection.execute(_WITH_NEWS, {"p": project.id}).mappings()]

    def predictions(self, ledger_id: int) -> Predictions:
        with self._engine.begin() as connection:
            calibration = [_calibration(row) for row in connection.execute(_CALIBRATION, {"ledger": ledger_id})]
            return Predictions(calibration, connection.execute(_SCORES, {"ledger": ledger_id}).scalar_one())

    def freeze(self, ledger_id: int, grid: Sequence[float]) -> tuple[float, ...]:
        with by_itself(self._engine) as connection:
            return tuple(
                connection.execute(_FREEZE, {"ledger": ledger_id, "grid": json.dumps(list(grid))}).scalar_one()
            )

    def weighed(self, ledger: Weighable, proof: Proof) -> bool:
        asked = {"ledger": ledger.id, "seen": ledger.seen, "target": proof.target, "accept": proof.accept}
        with self._engine.begin() as connection:
            stands = connection.execute(_STILL, asked).mappings().first()
            if stands is None:
                return False
            before = stands["certified"] if stands["target"] == proof.target else ()
            values = {
                "ledger": ledger.id,
                "figures": json.dumps(proof.to_json()),
                "certified": json.dumps(sorted({*before, *proof.certified}, reverse=True)),
                "target": proof.target,
                "news": ledger.news,
            }
            connection.execute(_WEIGHED, values)
            return True

    def alarm(self, project: Project, ledger: Weighable, alarm: Alarm, *, now: dt.datetime) -> bool:
        with self._engine.connect() as connection, connection.begin() as transaction:
            raised = raise_alarm(connection, project, ledger, alarm, now=now)
            if not raised:
                transaction.rollback()
            return raised


def _weighable(row: RowMapping) -> Weighable:
    cut = ConceptThreshold(
        row["concept_id"], row["accept"], row["floor"], row["before_off"], row["target"], row["checks"]
    )
    return Weighable(
        id=row["id"],
        concept_id=row["concept_id"],
        concept=row["concept"],
        cut=cut,
        grid=tuple(row["grid"]) if row["grid"] else None,
        proven=tuple(row["certified"]) if row["proven_for"] == cut.target else (),
        news=row["news"],
        seen=row["seen"],
    )


def _calibration(row: Row[Any]) -> CalibrationReview:
    return CalibrationReview(
        ledger=LedgerKey(row.concept_id, row.model_version, row.mapper_version),
        score=row.value,
        probability=row.probability,
        smallest_probability=row.smallest,
        coin=row.coin,
        lane=Lane.CALIBRATION,
        arrived_at=row.created_at,
        order=row.id,
        decided_at=row.decided_at,
        verdict=_VERDICTS[row.verdict],
        reviewer=row.reviewer,
        second_verdict=_VERDICTS[row.second_verdict],
        kind=_KINDS[row.kind],
        promised=row.promised,
    )
