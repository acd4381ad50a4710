"""The curve of a concept, and the advice that scripts read: from what counts, in exactly the values tested."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.advice import Advice
from bot.domain.curves import EVIDENCE_FROM, curve_of
from bot.domain.dossiers import Dossier
from bot.domain.evidence import CalibrationReview, Lane, LedgerKey, what_counts
from bot.domain.reviews import Verdict
from bot.domain.thresholds import ConceptThreshold, freeze_grid, narrow, shown

KEY = LedgerKey("people", "model-1", "mapper-1")
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
CUT = ConceptThreshold("people", 0.95)


def dossier(answers: list[tuple[float, bool]], cut: ConceptThreshold = CUT, *, frozen: bool = True) -> Dossier:
    """Make one whose predictions were all drawn and answered."""
    reviews = [
        CalibrationReview(
            KEY, narrow(score), 1, 1, 0.1, Lane.CALIBRATION, NOON, n, verdict=Verdict.APPROVE if yes else Verdict.REJECT
        )
        for n, (score, yes) in enumerate(answers)
    ]
    scores = [review.score for review in reviews]
    grid = freeze_grid(scores, lowest=cut.floor, decimals=4) if frozen and scores else None
    return Dossier("people", cut, what_counts(reviews), scores, grid)


GOOD = [(0.3 + 0.69 * n / 600, n % 2 == 0 if n < 100 else n != 300) for n in range(600)]


def test_there_is_no_curve_before_there_is_evidence() -> None:
    assert curve_of(dossier(GOOD[: EVIDENCE_FROM - 1])) is None
    assert curve_of(dossier(GOOD[:EVIDENCE_FROM])) is not None
    assert curve_of(dossier([])) is None


def test_its_points_go_from_strict_to_loose_and_hold_the_marks() -> None:
    made = curve_of(dossier(GOOD))
    assert made is not None
    assert [p.threshold for p in made.points] == sorted((p.threshold for p in made.points), reverse=True)
    assert [p.share for p in made.points] == sorted(p.share for p in made.points)
    now, best = made.point(made.now), made.point(made.recommended)
    assert now is not None
    assert best is not None
    assert best.estimate >= made.target
    assert "Recommended" in made.words


def test_below_the_floor_nothing_is_shown() -> None:
    made = curve_of(dossier(GOOD, replace(CUT, floor=0.7), frozen=False))
    assert made is not None
    assert min(p.threshold for p in made.points) >= 0.7
    assert made.points[-1].share == 1.0


@settings(max_examples=5)
@given(st.lists(st.tuples(st.floats(0.25, 1, width=32), st.booleans()), min_size=EVIDENCE_FROM, max_size=60))
def test_a_curve_stays_within_its_bounds(answers: list[tuple[float, bool]]) -> None:
    made = curve_of(dossier(answers))
    assert made is not None
    for point in made.points:
        assert 0 <= point.lowest <= point.estimate + 1e-9 <= point.highest + 2e-9
        assert 0 < point.share <= 1
        assert point.checks <= made.checks == len(answers)


def test_what_is_recommended_was_tested_in_exactly_this_value_and_only_on_a_frozen_grid() -> None:
    known = dossier(GOOD)
    best = known.recommended(0.95)
    assert best in (known.grid or ())
    assert dossier(GOOD, frozen=False).recommended(0.95) is None
    assert known.recommended(0.999) is None


def test_what_was_proven_before_stays_proven_for_its_target_only() -> None:
    known = replace(dossier([(0.9, False)] * 30), certified=(0.9,), proven_for=0.95)
    assert known.recommended(0.95) == 0.9
    assert known.recommended(0.9) is None


def test_advice_says_what_is_proven_or_what_is_needed() -> None:
    proven = Advice.of(dossier(GOOD))
    assert proven.recommended is not None
    assert proven.at_least is not None
    assert proven.at_least >= 0.95
    right = f"at least {int(100 * proven.at_least)}% right (95% sure)"
    assert f"From {shown(proven.recommended)} up: {right}, from {proven.checks} checks" in proven.told()
    few = Advice.of(dossier(GOOD[-60:]))
    assert (few.recommended, few.is_proven) == (None, False)
    assert few.needed
    assert f"{few.checks} of about {few.checks + few.needed} checks" in few.told()
    assert "No checks yet." in Advice.of(dossier([])).told()
    hopeless = Advice.of(dossier([(0.9, n % 2 == 0) for n in range(200)]))
    assert (hopeless.recommended, hopeless.needed) == (None, None)
    assert "Too much is wrong" in hopeless.told()


def test_advice_for_another_target_is_about_that_one() -> None:
    assert Advice.of(dossier(GOOD), 0.9).target == 0.9
    with pytest.raises(ValueError, match="target"):
        Advice.of(dossier(GOOD), 1.0)
