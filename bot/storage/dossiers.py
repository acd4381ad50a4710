"""All that is known of each concept, on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, RowMapping, text

from bot.domain.dossiers import Dossier
from bot.domain.evidence import CalibrationReview, Lane, LedgerKey, what_counts
from bot.domain.reviews import Verdict
from bot.domain.thresholds import ConceptThreshold
from bot.storage.engine import by_itself

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPEN = text("""
select l.*, c.name, t.accept, t.floor, t.before_off, t.target as wanted, t.checks
from ledger l join project p on p.id = l.project_id
join concept c on c.project_id = l.project_id and c.id = l.concept_id
join cut t on t.project_id = p.id and t.number = p.applied_revision and t.concept_id = l.concept_id
where l.project_id = :p and l.ended_at is null and not c.removed and :concept in ('', l.concept_id)
order by c.position
""")

# The first final answer counts, whatever was undone and answered again; one closed unanswered counts as not sure.
_CALIBRATION = text("""
select r.id, r.value, r.probability, r.smallest, coalesce(r.coin, 0) as coin, r.created_at,
       coalesce(f.verdict, case when r.state = 'closed' then 'unsure' end) as verdict, f.decided_at,
       coalesce(f.decided_by, '') as reviewer, s.verdict as second
from review r left join lateral (
    select d.verdict, d.decided_by, d.decided_at from decision d
    where d.review_id = r.id and d.final and d.verdict <> 'undo' order by d.id limit 1) f on true
left join second_look s on s.review_id = r.id and s.state = 'decided'
where r.ledger_id = :ledger and r.lane = 'calibration'
""")

_SCORES = text("select coalesce(array_agg(value), '{}') from review where ledger_id = :ledger")

# Enough of them stand for all: it is asked whether there is a curve to draw.
_CHECKED = text("""
select l.concept_id, (select count(*) from (
    select 1 from review r where r.ledger_id = l.id and r.lane = 'calibration' and r.decided_at is not null limit :most
    ) enough) as checks
from ledger l where l.project_id = :p and l.ended_at is null
""")


class SqlDossiers:
    """Implements `usecases.commanding.Dossiers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def with_checks(self, project_id: str, many: int) -> frozenset[str]:
        with by_itself(self._engine) as connection:
            rows = connection.execute(_CHECKED, {"p": project_id, "most": many})
            return frozenset(row.concept_id for row in rows if row.checks >= many)

    def dossiers(self, project_id: str, concept_id: str = "") -> Mapping[str, Dossier]:
        with self._engine.begin() as connection:
            rows = connection.execute(_OPEN, {"p": project_id, "concept": concept_id}).mappings().all()
            return {row["concept_id"]: _dossier(connection, row) for row in rows}


def _dossier(connection: Connection, ledger: RowMapping) -> Dossier:
    key = LedgerKey(ledger["concept_id"], ledger["model_version"], ledger["mapper_version"])
    rows = connection.execute(_CALIBRATION, {"ledger": ledger["id"]}).mappings()
    return Dossier(
        concept=ledger["name"],
        cut=ConceptThreshold(
            ledger["concept_id"],
            ledger["accept"],
            ledger["floor"],
            ledger["before_off"],
            ledger["wanted"],
            ledger["checks"],
        ),
        evidence=what_counts([_calibration(key, row) for row in rows]),
        scores=connection.execute(_SCORES, {"ledger": ledger["id"]}).scalar_one(),
        grid=tuple(ledger["grid"]) if ledger["grid"] else None,
        certified=tuple(ledger["certified"]),
        proven_for=ledger["target"],
    )


def _calibration(key: LedgerKey, row: RowMapping) -> CalibrationReview:
    return CalibrationReview(
        ledger=key,
        score=row["value"],
        probability=row["probability"],
        smallest_probability=row["smallest"],
        coin=row["coin"],
        lane=Lane.CALIBRATION,
        arrived_at=row["created_at"],
        order=row["id"],
        decided_at=row["decided_at"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        reviewer=row["reviewer"],
        second_verdict=Verdict(row["second"]) if row["second"] else None,
    )
