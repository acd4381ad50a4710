"""The table "What a verdict writes", row by row, and what holds for every row."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.annotations import AnnotationStatus, LabelState, Region, Suggestion
from bot.domain.reviews import Verdict, what_verdicts_write

A, R, U = Verdict.APPROVE, Verdict.REJECT, Verdict.UNSURE
SUCCESS, PENDING, REJECTED = AnnotationStatus.SUCCESS, AnnotationStatus.PENDING, AnnotationStatus.REJECTED
BOX = Region(0.1, 0.2, 0.5, 0.6, raw="as it came")
BEFORE = {"people": 0.36, "man": 0.5, "adult": 0.91}


def state(status: AnnotationStatus, values: dict[str, float], region: Region | None = BOX) -> LabelState:
    return LabelState(status, tuple(Suggestion(c, v, c.title()) for c, v in values.items()), region)


def written(status: AnnotationStatus, *verdicts: Verdict) -> tuple[AnnotationStatus, dict[str, float]] | None:
    """What stands after these verdicts on people, man and adult, in this order; those missing were not asked."""
    after = what_verdicts_write(state(status, BEFORE), dict(zip(BEFORE, verdicts, strict=False)))
    return None if after is None else (after.status, {s.concept_id: s.value for s in after.suggestions})


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((A, A, A), (SUCCESS, {"people": 1.0, "man": 1.0, "adult": 1.0})),
        ((A, R, R), (SUCCESS, {"people": 1.0, "man": 0.0, "adult": 0.0})),
        ((A, R, U), (SUCCESS, {"people": 1.0, "man": 0.0})),
        ((U, A, U), (SUCCESS, {"man": 1.0})),
        ((R, R, R), (REJECTED, {"people": 0.0, "man": 0.0, "adult": 0.0})),
        ((R, U, R), (REJECTED, {"people": 0.0, "adult": 0.0})),
        ((U, U, R), (REJECTED, {"adult": 0.0})),
        ((U, U, U), None),
    ],
)
def test_a_pending_annotation(
    verdicts: tuple[Verdict, ...], expected: tuple[AnnotationStatus, dict[str, float]] | None
) -> None:
    assert written(PENDING, *verdicts) == expected


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((A, A, A), None),
        ((U, U, U), None),
        ((A, U, A), None),
        ((A,), None),
        ((), None),
        ((R, A, A), (SUCCESS, {"people": 0.0, "man": 0.5, "adult": 0.91})),
        ((R, U, A), (SUCCESS, {"people": 0.0, "man": 0.5, "adult": 0.91})),
        ((R,), (SUCCESS, {"people": 0.0, "man": 0.5, "adult": 0.91})),
        ((R, R, U), (SUCCESS, {"people": 0.0, "man": 0.0, "adult": 0.91})),
        ((R, R, R), (REJECTED, {"people": 0.0, "man": 0.0, "adult": 0.0})),
    ],
)
def test_an_automatic_annotation_with_checks(
    verdicts: tuple[Verdict, ...], expected: tuple[AnnotationStatus, dict[str, float]] | None
) -> None:
    assert written(SUCCESS, *verdicts) == expected


@pytest.mark.parametrize("status", [PENDING, SUCCESS])
@pytest.mark.parametrize("verdicts", list(itertools.product(Verdict, repeat=3)))
def test_region_names_and_order_are_kept(status: AnnotationStatus, verdicts: tuple[Verdict, ...]) -> None:
    after = what_verdicts_write(state(status, BEFORE), dict(zip(BEFORE, verdicts, strict=True)))
    if after is None:
        return
    assert after.region == BOX
    order = [s.concept_id for s in after.suggestions]
    assert order == sorted(order, key=list(BEFORE).index)
    assert all(s.name == s.concept_id.title() for s in after.suggestions)


def test_a_concept_of_a_pending_annotation_that_nobody_was_asked_about_keeps_its_value() -> None:
    assert written(PENDING, A) == (SUCCESS, {"people": 1.0, "man": 0.5, "adult": 0.91})


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(2**-6, 1, width=32), min_size=1),
    st.data(),
    st.sampled_from([PENDING, SUCCESS]),
)
def test_what_is_written_says_what_people_said(
    values: dict[str, float], data: st.DataObject, status: AnnotationStatus
) -> None:
    verdicts = {c: data.draw(st.sampled_from(list(Verdict)), c) for c in values}
    after = what_verdicts_write(state(status, values), verdicts)
    given_verdicts = set(verdicts.values())
    decisive = {A, R} if status is PENDING else {R}
    assert (after is not None) == bool(given_verdicts & decisive)
    if after is None:
        return
    now = {s.concept_id: s.value for s in after.suggestions}
    for concept, verdict in verdicts.items():
        if verdict is R:
            assert now[concept] == 0
        elif status is SUCCESS:
            assert now[concept] == values[concept]
        elif verdict is A:
            assert now[concept] == 1
        else:
            assert concept not in now
    assert (after.status is REJECTED) == all(value == 0 for value in now.values())


@given(
    st.sampled_from([SUCCESS, PENDING, REJECTED]),
    st.dictionaries(st.text(min_size=1, max_size=8), st.floats(0, 1, width=32)),
    st.none() | st.just(BOX),
)
def test_a_snapshot_survives_being_stored_exactly(
    status: AnnotationStatus, values: dict[str, float], region: Region | None
) -> None:
    before = state(status, values, region)
    assert LabelState.from_json(before.to_json()) == before
