"""Evidence as if people had answered for weeks, straight into the tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.journeys.lab import Lab

_ANNOTATION = """
insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty, settled,
    closed, closed_reason, attempts, problem)
select id, 'planted', 'planted', 'success', '{"status": "success", "concepts": [], "region": null}', now(), 1, now(),
    0, 0, true, 'planted', 0, '' from project on conflict do nothing
"""
_REVIEWS = """
with ledger_of as (select * from ledger where concept_id = :concept and ended_at is null), planted as (
    insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, smallest, coin,
        state, revision, verdict, decided_by, decided_at, doubted_by, thresholds, created_at, lane, ledger_id)
    select l.project_id, 'planted ' || l.id || ' ' || (:after + v.n), 'planted', l.concept_id, :kind,
        cast(cast(v.value as real) as float8), 1, 1, 0.1, 'settled', 2, v.verdict, :by, :at, '', 1,
        cast(:at as timestamptz) - interval '1 minute', 'calibration', l.id
    from ledger_of l,
        unnest(cast(:values as float8[]), cast(:verdicts as text[])) with ordinality v (value, verdict, n)
    returning id, project_id, verdict
)
insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
select project_id, id, 1, verdict, true, :by, :at from planted
"""


def answered(
    lab: Lab, concept: str, values: Sequence[float], verdicts: Sequence[str], *, kind: str = "check", by: str = ""
) -> None:
    """As if calibration reviews of these values had got these verdicts now; the concept has an open ledger.

    As if they had been undone and answered again as well: nobody is asked for a second look at a picture that is none.
    """
    lab.sql(_ANNOTATION)
    [(after,)] = lab.rows("select count(*) from review")
    lab.sql(
        _REVIEWS,
        concept=concept,
        values=list(values),
        verdicts=list(verdicts),
        kind=kind,
        by=by or lab.omar,
        at=lab.clock(),
        after=after,
    )


def frozen(lab: Lab, concept: str, grid: Sequence[float], certified: Sequence[float] = ()) -> None:
    """As if the concept's grid had been frozen, and these thresholds proven for 95 %."""
    lab.sql(
        "update ledger set grid = cast(:g as jsonb), certified = cast(:c as jsonb), target = 0.95 "
        "where concept_id = :concept and ended_at is null",
        concept=concept,
        g=json.dumps(list(grid)),
        c=json.dumps(list(certified)),
    )


def second_looks(lab: Lab, by: str, verdicts: Sequence[str]) -> None:
    """As if another person had looked at the first rejections of `by`, with these verdicts."""
    lab.sql(
        """insert into second_look (project_id, review_id, input_id, concept_id, first_by, state, verdict, decided_by,
               decided_at, doubted_by, created_at)
           select r.project_id, r.id, r.input_id, r.concept_id, :by, 'decided', v.verdict, 'U0SECOND', :at, '', :at
           from (select *, row_number() over (order by id) as n from review
                 where decided_by = :by and verdict = 'reject') r
           join unnest(cast(:verdicts as text[])) with ordinality v (verdict, n) on v.n = r.n""",
        by=by,
        verdicts=list(verdicts),
        at=lab.clock(),
    )
