"""A project's own past under another cut, on PostgreSQL. Cuts are narrowed, since values are float32."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, text

from bot.domain.checks import DAYS_A_WEEK
from bot.domain.thresholds import CONFIDENCE, Sample, band, narrow
from bot.storage.engine import by_itself
from bot.storage.ledgers import is_proven
from bot.usecases.replaying import Example, Replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.thresholds import Band, ConceptThreshold

MOST_EXAMPLES = 3
LOOKED_AT = 200  # predictions, for so many pictures: of some there are several, and some are asked about
WEEKS = 4  # that the pace is taken from

# The open ledger, and every earlier one of the same model and mapper: after an alarm the evidence starts afresh, and
# what the model said stays what it said.
_LEDGERS = text("""
select l.id, l.certified, l.target, array(
    select e.id from ledger e where e.project_id = l.project_id and e.concept_id = l.concept_id
      and (e.model_version, e.mapper_version) = (l.model_version, l.mapper_version)) as same
from ledger l where l.project_id = :p and l.concept_id = :concept and l.ended_at is null
""")

_COUNTED = text("""
select count(*) as predictions, count(*) filter (where value >= :accept) as accepted,
       count(*) filter (where value >= :accept_now) as accepted_now,
       count(*) filter (where value >= :floor and value < :accept) as reviewed,
       count(*) filter (where created_at >= :since and value >= least(:accept, :accept_now)
                        and value < greatest(:accept, :accept_now)) as moved,
       min(created_at) as first_at
from review where ledger_id = any(:ledgers)
""")

_PROBED = text("""
select count(*) as probed, count(*) filter (where value < :floor) as discarded
from probed_value where project_id = :p and concept_id = :concept and ledger_id = any(:ledgers)
""")

# `bot.domain.evidence.what_counts` in SQL: up to the first undecided one in order of arrival; the first final answer
# stands; whatever is not an approval, by the first person or by a second look, counts as rejected.
_EVIDENCE = text("""
with lane as materialized (
    select r.id, r.created_at, r.value, r.probability, r.smallest, coalesce(
        case when r.revision = 1 then r.verdict
             else (select d.verdict from decision d where d.review_id = r.id and d.final and d.verdict <> 'undo'
                   order by d.id limit 1) end,
        case when r.state = 'closed' then 'unsure' end) as verdict
    from review r where r.ledger_id = :ledger and r.lane = 'calibration'
), undecided as (
    select created_at, id from lane where verdict is null order by created_at, id limit 1
)
select cast(l.probability as float8), cast(l.smallest as float8),
       l.verdict = 'approve' or coalesce(s.verdict = 'approve', false), count(*)
from lane l left join second_look s on s.review_id = l.id and s.state = 'decided'
where l.value >= :accept
  and not exists (select 1 from undecided u where (u.created_at, u.id) <= (l.created_at, l.id))
group by 1, 2, 3
""")

# Never a picture that somebody is asked about, a second look included: no value of an open review shows.
_NEAREST = text("""
select r.input_id, i.name, i.file_id, r.value, coalesce(r.verdict, '') as verdict from (
    select n.id, n.project_id, n.input_id, n.value, n.verdict from review n
    where n.ledger_id = any(:ledgers) and n.state <> 'closed'
    order by abs(n.value - :accept), n.id limit :many) r
join input i on i.project_id = r.project_id and i.id = r.input_id
where not exists (select 1 from review o where o.project_id = r.project_id and o.input_id = r.input_id
                  and o.state in ('queued', 'posted'))
  and not exists (select 1 from second_look s where s.project_id = r.project_id and s.input_id = r.input_id
                  and s.state = 'open')
order by abs(r.value - :accept), r.id
""")

_ACCEPTED = text("""
select count(*) from review r join ledger l on l.id = r.ledger_id
where l.project_id = :p and l.concept_id = :concept and l.ended_at is null and r.value >= :accept
  and r.created_at >= :since
""")


class SqlReplays:
    """Implements `usecases.replaying.Replays`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replay(
        self, project_id: str, old: ConceptThreshold, new: ConceptThreshold, *, now: dt.datetime
    ) -> Replay | None:
        about = {"p": project_id, "concept": new.concept_id, "floor": narrow(new.floor)}
        accepts = {"accept": narrow(new.accept), "accept_now": narrow(old.accept)}
        since = now - dt.timedelta(weeks=WEEKS)
        with self._engine.begin() as connection:
            ledger = connection.execute(_LEDGERS, about).first()
            if ledger is None:
                return None
            past = {"ledgers": ledger.same, **about, **accepts}
            counted = connection.execute(_COUNTED, {**past, "since": since}).one()
            if not counted.predictions:
                return None
            probed = connection.execute(_PROBED, past).one()
            return Replay(
                predictions=counted.predictions,
                accepted=counted.accepted,
                accepted_now=counted.accepted_now,
                reviewed=counted.reviewed,
                moved_a_week=counted.moved / _weeks(now - max(counted.first_at, since)),
                probed=probed.probed,
                discarded=probed.discarded,
                band=_band(connection, ledger.id, new.accept),
                is_proven=is_proven(new.accept, new.target, ledger.certified, ledger.target),
                examples=tuple(_examples(connection, past)),
            )

    def accepted_a_day(self, project_id: str, cut: ConceptThreshold, *, now: dt.datetime) -> float:
        asked = {"p": project_id, "concept": cut.concept_id, "accept": narrow(cut.accept)}
        with by_itself(self._engine) as connection:
            since = now - dt.timedelta(days=DAYS_A_WEEK)
            return float(connection.execute(_ACCEPTED, {**asked, "since": since}).scalar_one()) / DAYS_A_WEEK


def _weeks(span: dt.timedelta) -> float:
    """Return how many weeks a count is of; what came within less than one is taken for a week's."""
    return max(span / dt.timedelta(weeks=1), 1.0)


def _band(connection: Connection, ledger_id: int, accept: float) -> Band:
    rows = connection.execute(_EVIDENCE, {"ledger": ledger_id, "accept": narrow(accept)}).all()
    probabilities, smallest, right, counts = zip(*rows, strict=True) if rows else ((), (), (), ())
    many = np.array(counts, dtype=np.int64)
    scores = np.full(int(many.sum()), accept, dtype=np.float32)
    columns = (np.repeat(np.array(c, dtype=np.float64), many) for c in (right, probabilities, smallest))
    return band(Sample.of(scores, *columns), accept, CONFIDENCE)


def _examples(connection: Connection, past: dict[str, Any]) -> Sequence[Example]:
    found: dict[str, Example] = {}
    for row in connection.execute(_NEAREST, {**past, "many": LOOKED_AT}):
        found.setdefault(row.input_id, Example(row.name, row.file_id, row.value, row.verdict))
    return list(found.values())[:MOST_EXAMPLES]
