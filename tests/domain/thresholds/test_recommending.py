"""The promise: what is certified, what is not, and that only what was asked about decides."""

from __future__ import annotations

import math
from random import Random  # noqa: TC003 - hypothesis reads the annotation
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thresholds import COVER, freeze_grid, recommend
from bot.domain.thresholds.recommending import walk

FALLING = tuple(1 - cover for cover in COVER)
rows = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from([0.05, 0.2, 0.5, 1.0])), min_size=1, max_size=300
)


def asked(reviews: list[tuple[float, bool, float]], target: float = 0.6, confidence: float = 0.8) -> float | None:
    scores, labels, probabilities = zip(*reviews, strict=True)
    return recommend(scores, labels, probabilities, target, confidence)


def good_above_a_half(count: int, seed: int = 0) -> tuple[Any, Any]:
    """Scores, and labels that are right in 99.5 % from 0.5 up and in half of the cases below."""
    random = np.random.default_rng(seed)
    scores = random.random(count)
    return scores, random.random(count) < np.where(scores >= 0.5, 0.995, 0.5)


def test_97_approvals_at_one_score_certify_95_of_100_and_96_do_not() -> None:
    assert recommend([0.7] * 97, [1] * 97, [1] * 97, 0.95, 0.95) == 0.7
    assert recommend([0.7] * 96, [1] * 96, [1] * 96, 0.95, 0.95) is None


def test_the_answer_is_a_plain_float() -> None:
    scores, labels = good_above_a_half(2000)
    assert type(recommend(scores, labels, np.ones(2000), 0.95, 0.95)) is float
    narrow = recommend(scores.astype(np.float32), labels, np.ones(2000), 0.95, 0.95)
    assert type(narrow) is float
    assert np.float32(narrow) == narrow


def test_a_threshold_is_found_where_the_model_begins_to_be_right() -> None:
    scores, labels = good_above_a_half(3000)
    found = recommend(scores, labels, np.ones(3000), 0.95, 0.95)
    assert found is not None
    assert 0.45 < found < 0.6
    assert labels[scores >= found].mean() >= 0.95


def test_nothing_is_certified_without_reviews_or_when_all_are_rejected() -> None:
    assert recommend([], [], [], 0.95, 0.95) is None
    assert recommend([], [], [], 0.95, 0.95, smallest_probabilities=[], grid=FALLING) is None
    assert recommend(np.linspace(0, 1, 900), [0] * 900, [1] * 900, 0.01, 0.5) is None


def test_a_thousand_approvals_certify_everything() -> None:
    scores = np.linspace(0.2, 1, 1000)
    assert recommend(scores, [True] * 1000, [1.0] * 1000, 0.95, 0.95) == pytest.approx(0.2)


@given(rows, st.randoms())
def test_the_order_of_reviews_does_not_matter(reviews: list[tuple[float, bool, float]], random: Random) -> None:
    shuffled = list(reviews)
    random.shuffle(shuffled)
    assert asked(reviews) == asked(shuffled)


@given(rows, st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_a_higher_target_never_lowers_the_answer(
    reviews: list[tuple[float, bool, float]], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    easy, hard = asked(reviews, low), asked(reviews, high)
    assert hard is None or (easy is not None and easy <= hard)


@given(rows, st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_more_confidence_never_lowers_the_answer(
    reviews: list[tuple[float, bool, float]], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    bold, careful = asked(reviews, 0.6, low), asked(reviews, 0.6, high)
    assert careful is None or (bold is not None and bold <= careful)


@given(rows)
def test_the_answer_is_one_of_the_reviewed_scores(reviews: list[tuple[float, bool, float]]) -> None:
    assert asked(reviews) in {None, *(score for score, _, _ in reviews)}


@given(
    rows,
    st.floats(0, 1, exclude_min=True, exclude_max=True),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
)
def test_any_target_and_confidence_have_an_answer(
    reviews: list[tuple[float, bool, float]], target: float, confidence: float
) -> None:
    found = asked(reviews, target, confidence)
    assert found is None or math.isfinite(found)


def test_what_is_given_is_left_as_it_is() -> None:
    scores, labels = good_above_a_half(500)
    given_ = [scores, labels.astype(np.int64), np.full(500, 0.5), np.full(500, 0.25), np.array(FALLING)]
    kept = [column.copy() for column in given_]
    for column in given_:
        column.setflags(write=False)
    recommend(given_[0], given_[1], given_[2], 0.9, 0.9, smallest_probabilities=given_[3], grid=given_[4])
    assert all(np.array_equal(now, before) for now, before in zip(given_, kept, strict=True))


def test_lists_tuples_and_arrays_are_the_same() -> None:
    scores, labels = good_above_a_half(600)
    answers = {
        recommend(form(scores), form(labels), form(np.ones(600)), 0.9, 0.95) for form in (list, tuple, np.asarray)
    }
    assert len(answers) == 1
    assert None not in answers


def test_equal_scores_stand_or_fall_together() -> None:
    scores = [0.9] * 300 + [0.5] * 100
    labels = [1] * 300 + [0] * 100
    assert recommend(scores, labels, [1] * 400, 0.95, 0.95) == 0.9
    assert recommend([0.9] * 400, labels, [1] * 400, 0.95, 0.95) is None


def test_float32_scores_at_the_cut_are_kept_by_a_cut_of_nine_tenths() -> None:
    scores = np.full(97, 0.9, np.float32)
    assert float(scores[0]) < 0.9
    assert recommend(scores, [1] * 97, [1] * 97, 0.95, 0.95, grid=[0.9] * 20) == 0.9


def test_a_grid_of_the_caller_is_used_and_what_lies_below_it_ignored() -> None:
    scores, labels = [0.8] * 97 + [0.3] * 97, [1] * 97 + [0] * 97
    assert recommend(scores, labels, [1] * 194, 0.95, 0.95, grid=[0.75] * 20) == 0.75
    assert recommend(scores, labels, [1] * 194, 0.95, 0.95, grid=[0.81] * 20) is None


def test_a_start_of_all_reviewed_counts_once_its_smallest_probabilities_are_told() -> None:
    scores, labels, probabilities = [0.7] * 120, [1] * 120, [1.0] * 97 + [0.05] * 23
    assert recommend(scores, labels, probabilities, 0.95, 0.95) is None
    told = recommend(scores, labels, probabilities, 0.95, 0.95, smallest_probabilities=probabilities)
    assert told == 0.7


def test_one_smallest_probability_is_meant_for_each() -> None:
    scores, labels = good_above_a_half(900)
    pi = np.full(900, 0.5)
    one = recommend(scores, labels, pi, 0.9, 0.95, smallest_probabilities=0.25)
    assert one == recommend(scores, labels, pi, 0.9, 0.95, smallest_probabilities=np.full(900, 0.25))


def test_smallest_probabilities_of_zero_prove_nothing() -> None:
    assert recommend([0.7] * 999, [1] * 999, [1] * 999, 0.95, 0.95, smallest_probabilities=0) is None


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scores": [[0.1, 0.2, 0.3]]}, "dimensions"),
        ({"scores": 0.5}, "dimensions"),
        ({"scores": [0.1, 0.2]}, "2 scores, 3 labels"),
        ({"labels": [1, 0]}, "2 labels"),
        ({"sampling_probabilities": [1.0]}, "1 sampling"),
        ({"scores": ["high", 0.2, 0.3]}, "could not convert"),
        ({"scores": [object(), 0.2, 0.3]}, "not numbers"),
        ({"scores": [10**400, 0.2, 0.3]}, "not numbers"),
        *(({"target_precision": bad}, "target precision") for bad in (0, 1, -0.1, 1.1, NAN, INF)),
        *(({"confidence": bad}, "confidence") for bad in (0, 1, -0.1, 1.1, NAN, INF)),
        *(({"scores": [bad, 0.2, 0.3]}, "not finite") for bad in (NAN, INF, -INF, None)),
        *(({"labels": [bad, 0, 1]}, "neither 0 nor 1") for bad in (2, -1, 0.5, NAN, None)),
        *(({"sampling_probabilities": [bad, 1, 1]}, r"not in \(0, 1\]") for bad in (0, -0.1, 1.01, NAN, INF)),
        *(({"smallest_probabilities": [bad, 0.1, 0.1]}, "negative or not") for bad in (-0.1, NAN, -INF)),
        ({"smallest_probabilities": -0.1}, "negative or not"),
        ({"smallest_probabilities": NAN}, "negative or not"),
        ({"smallest_probabilities": [0.6, 0.1, 0.1]}, "above"),
        ({"smallest_probabilities": 0.5 + 2e-12}, "above"),
        ({"smallest_probabilities": [0.1, 0.1]}, "2 smallest"),
        ({"smallest_probabilities": [[0.1, 0.1, 0.1]]}, "dimensions"),
        ({"grid": [0.5]}, "20 thresholds"),
        ({"grid": FALLING[::-1]}, "strict to loose"),
        ({"grid": [NAN] * 20}, "finite"),
    ],
)
def test_what_is_not_described_is_refused(changed: dict[str, Any], said: str) -> None:
    asked_ = {
        "scores": [0.1, 0.2, 0.3],
        "labels": [0, 1, True],
        "sampling_probabilities": [0.5, 0.5, 0.5],
        "target_precision": 0.95,
        "confidence": 0.95,
    }
    assert recommend(**asked_) is None  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        recommend(**{**asked_, **changed})


def test_lengths_are_looked_at_first_and_the_target_before_nothing_is_answered() -> None:
    with pytest.raises(ValueError, match="2 labels"):
        recommend([], [1, 1], [], NAN, 0.95)
    with pytest.raises(ValueError, match="target precision"):
        recommend([], [], [], NAN, 0.95)
    with pytest.raises(ValueError, match="confidence"):
        recommend([NAN], [7], [0], 0.95, 1.0)


@pytest.mark.parametrize("smallest", [0.5, 0.5 + 1e-13])
def test_a_smallest_probability_may_be_off_by_rounding(smallest: float) -> None:
    assert recommend([0.7] * 97, [1] * 97, [0.5] * 97, 0.95, 0.95, smallest_probabilities=smallest) == 0.7


def walked(*certain: int) -> float | None:
    """Walk a grid on which exactly these positions have overwhelming evidence."""
    return min(walk(FALLING, [1e6 if at in certain else -1e6 for at in range(20)], 0.95), default=None)


def test_the_walk_begins_at_a_fifth_of_the_inputs() -> None:
    assert walked(0, 1, 2) is None
    assert walked(3) == FALLING[3]


def test_the_walk_goes_on_as_long_as_nothing_fails() -> None:
    assert walked(3, 4, 5, 6) == FALLING[6]
    assert walked(3, 5) == FALLING[3]
    assert walked(4, 5, 6) is None


def test_a_later_start_brings_its_own_share() -> None:
    assert walked(9, 10) == FALLING[10]
    assert walked(3, 15) == FALLING[15]
    assert walked(*range(20)) == FALLING[19]


def test_carried_risk_adds_up_and_is_lost_with_a_failure() -> None:
    need = {share: math.log(share / 0.05) for share in (3, 1.5, 1)}
    evidence = np.full(20, -1.0)
    evidence[3:9] = need[3] + 1e-9
    evidence[9] = need[1.5] + 1e-9
    assert min(walk(FALLING, evidence, 0.95)) == FALLING[9]
    evidence[6] = 0
    assert min(walk(FALLING, evidence, 0.95)) == FALLING[5]


def test_frozen_from_other_inputs_a_grid_keeps_the_promise_under_peeking() -> None:
    """200 models at the very limit, looked at after each of 400 reviews: at most 5 % (+ 2.33 errors) may be certified.

    The models are worst cases: 94.9 % right at every score, so that nothing ever deserves 95 %.
    """
    random, wrong = np.random.default_rng(20), 0
    for _ in range(200):
        grid = freeze_grid(random.random(300))
        scores, labels = random.random(400), random.random(400) < 0.949
        wrong += any(recommend(scores[:n], labels[:n], np.ones(n), 0.95, 0.95, grid=grid) for n in range(60, 401, 20))
    assert wrong / 200 <= 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / 200)
