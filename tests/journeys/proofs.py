"""Proofs planted where the weighing of evidence leaves them, and evidence that it would be made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.domain.proofs import Proof
from bot.domain.thresholds import Band, Need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.journeys.lab import Lab

EXACT = 0.8471600413322449  # a float32, as a score on the wire is


def band(threshold: float, checks: int = 790, rejected: int = 59, at_least: float = 0.9149) -> Band:
    return Band(threshold, checks, rejected, (checks - rejected) / checks if checks else None, at_least, at_least, 1.0)


def need(done: int = 41, clean: int = 56, **more: object) -> Need:
    stands = {"expected": 60, "share": 0.5, "refuted": False, "right": 0.97, **more}
    return Need(0.9, done, clean, **stands)  # type: ignore[arg-type]


def plant(lab: Lab, proof: Proof, concept: str = "people") -> None:
    """Leave a proof with the concept's open ledger."""
    lab.sql(
        """update ledger set figures = cast(:figures as jsonb), certified = cast(:certified as jsonb), target = :target
           where concept_id = :concept and ended_at is null""",
        figures=json.dumps(proof.to_json()),
        certified=json.dumps(list(proof.certified)),
        target=proof.target,
        concept=concept,
    )


def proven(certified: Sequence[float] = (EXACT,), accept: float = 0.99, target: float = 0.90) -> Proof:
    return Proof(
        target=target,
        accept=accept,
        predictions=3000,
        accepted=1500,
        certified=tuple(certified),
        at_accept=band(accept, 400, 4, 0.95),
        at_recommended=band(min(certified)),
        recommended_share=0.748,
        need=need(790, 0),
        checks_a_week=70,
    )


def plant_past(lab: Lab, values: Sequence[float], *, state: str = "unchecked", verdict: str | None = None) -> None:
    """As if the model had said these values of pictures of the past, and people had answered `verdict` to each."""
    [(project,)] = lab.rows("select id from project")
    [(before,)] = lab.rows("select count(*) from annotation")
    lab.sql(
        """insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty,
               settled, closed, closed_reason, attempts, problem)
           select :p, 'past' || :before + n, 'past' || :before + n, 'success',
               '{"status": "success", "concepts": [], "region": null}', now(), 1, now(), 0, 0, false, '', 0, ''
           from generate_series(1, :many) n""",
        p=project,
        before=before,
        many=len(values),
    )
    lab.sql(
        """insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
           select :p, 'past' || :before + n, 'upload', 'past' || :before + n || '.png', '', '', '', '', 'none', now()
           from generate_series(1, :many) n""",
        p=project,
        before=before,
        many=len(values),
    )
    lab.sql(
        """insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state,
               revision, verdict, decided_by, decided_at, doubted_by, thresholds, created_at, lane, ledger_id)
           select l.project_id, 'past' || :before + v.n, 'past' || :before + v.n, l.concept_id, 'check',
               cast(v.value as real), 1, :state, 1, cast(:verdict as text), '',
               case when cast(:verdict as text) is null then null else cast(:now as timestamptz) end, '', 1,
               cast(:now as timestamptz), case when cast(:verdict as text) is null then 'work' else 'calibration' end,
               l.id
           from ledger l, unnest(cast(:values as float8[])) with ordinality v (value, n)
           where l.ended_at is null and l.concept_id = 'people'""",
        before=before,
        values=list(values),
        state=state,
        verdict=verdict,
        now=lab.clock(),
    )
