"""A proof is kept with its ledger and comes back as it was."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import CalibrationReview, Evidence, Lane, LedgerKey, what_counts
from bot.domain.probation import GuardFacts
from bot.domain.proofs import Proof, Spread, prove
from bot.domain.reviews import Verdict
from bot.domain.thresholds import (
    OFF,
    ConceptThreshold,
    Sample,
    accepts,
    band,
    checks_still_needed,
    freeze_grid,
    narrow,
)

KEY = LedgerKey("people", "model-1", "mapper-1")
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
CUT = ConceptThreshold("people")

SAMPLE = Sample.of([0.1 * n for n in range(1, 10)], [n > 3 for n in range(1, 10)], [1.0] * 9)
PROOF = Proof(
    target=0.95,
    accept=0.9,
    predictions=12,
    accepted=3,
    certified=(0.8999999761581421, 0.8),
    at_accept=band(SAMPLE, 0.9, 0.95),
    need=checks_still_needed(SAMPLE, freeze_grid(SAMPLE.scores), 0.95, 0.95),
)


def test_it_is_the_same_after_the_table() -> None:
    assert Proof.from_json(json.loads(json.dumps(PROOF.to_json()))) == PROOF


@pytest.mark.parametrize(
    ("accept", "target", "proven"),
    [(0.9, 0.95, True), (0.8, 0.95, True), (0.85, 0.95, False), (0.95, 0.95, False), (0.9, 0.99, False)],
)
def test_only_the_very_cut_that_was_tested_is_proven(accept: float, target: float, *, proven: bool) -> None:
    assert PROOF.proves(accept, target) is proven


def test_the_lowest_proven_cut_is_recommended_and_nothing_where_none_is() -> None:
    assert PROOF.recommended == 0.8
    assert Proof(0.95, 0.9, 0, 0).recommended is None
    assert Proof(0.95, 0.9, 0, 0).accepted_share is None


def test_figures_from_before_the_guard_are_read_too() -> None:
    stored = PROOF.to_json()
    del stored["guard"]
    assert Proof.from_json(stored) == PROOF
    assert Proof.from_json({**stored, "guard": {"checks": 3, "rejected": 1, "is_warned": False}}).guard == GuardFacts(
        3, 1, is_warned=False
    )


def evidence(scores: list[float], *, wrong: int = 0) -> Evidence:
    """So many reviews of which the first few were rejected."""
    verdicts = [Verdict.REJECT if n < wrong else Verdict.APPROVE for n in range(len(scores))]
    return what_counts(
        CalibrationReview(KEY, score, 1.0, 1.0, 0.5, Lane.CALIBRATION, NOON, n, verdict=verdict)
        for n, (score, verdict) in enumerate(zip(scores, verdicts, strict=True))
    )


def spread(*scores: float, floor: float = 0.2) -> Spread:
    return Spread.of([narrow(score) for score in scores], floor)


def test_the_spread_counts_in_the_precision_of_the_wire_and_from_the_floor_up() -> None:
    of = spread(0.1, 0.2, 0.5, 0.9, 0.9, 0.97)
    assert len(of) == 5
    assert [of.count_from(cut) for cut in (0.2, 0.9, 0.97, OFF)] == [5, 3, 1, 0]


@given(st.lists(st.floats(0.25, 1, width=32), min_size=1, max_size=50))
def test_grid_values_are_rounded_and_no_prediction_lies_below_the_lowest(scores: list[float]) -> None:
    grid = Spread.of(scores, 0.2).grid()
    assert all(round(cut, 4) == cut for cut in grid)
    assert all(accepts(score, grid[-1]) for score in scores)


def test_a_cut_that_a_score_meets_exactly_has_that_score_above_it() -> None:
    scores = [narrow(0.9)] * 100
    proof = prove(evidence(scores), Spread.of(scores, 0.2), ConceptThreshold("people", accept=0.9), grid=None)
    assert (proof.accepted, proof.at_accept and proof.at_accept.checks) == (100, 100)


def test_without_a_frozen_grid_nothing_is_certified_and_the_need_is_known() -> None:
    scores = [0.5 + n / 1000 for n in range(299)]
    proof = prove(evidence(scores), Spread.of(scores, 0.2), CUT, grid=None)
    assert (proof.certified, proof.recommended, proof.at_recommended) == ((), None, None)
    assert proof.need is not None
    assert prove(evidence([]), spread(), CUT, grid=None).need is None
    assert prove(evidence([]), spread(0.5), CUT, grid=None).need is None


def test_what_is_recommended_is_a_value_of_the_grid() -> None:
    scores = [narrow(0.5 + n / 1000) for n in range(300)]
    of = Spread.of(scores, 0.2)
    proof = prove(evidence(scores), of, CUT, grid=of.grid(), guard=GuardFacts(5, 0, is_warned=False))
    assert proof.recommended in of.grid()
    assert proof.at_recommended is not None
    assert proof.at_recommended.threshold == proof.recommended
    assert proof.recommended_share == of.count_from(proof.recommended) / 300
    assert proof.guard == GuardFacts(5, 0, is_warned=False)


def test_what_was_proven_before_stays_and_what_the_floor_covers_now_is_not_recommended() -> None:
    scores = [0.5 + n / 1000 for n in range(300)]
    of = Spread.of(scores, 0.55)
    proof = prove(evidence(scores, wrong=200), of, replace(CUT, floor=0.55), grid=of.grid(), proven=(0.6, 0.5))
    assert proof.certified[-1] == 0.6
    assert proof.recommended == 0.6


def test_where_the_concept_is_off_only_the_recommendation_has_a_band() -> None:
    scores = [0.5 + n / 1000 for n in range(300)]
    of = Spread.of(scores, 0.2)
    proof = prove(evidence(scores), of, CUT.switched_off(), grid=of.grid())
    assert (proof.at_accept, proof.accepted) == (None, 0)
    assert proof.at_recommended is not None
