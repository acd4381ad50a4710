"""Which automatic labels a person checks: all at first, then a share drawn by a coin that nobody can steer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checks import CheckPolicy, check_probability, coin, cost_of_checks, is_probed, smallest_in_force

SECRET = b"the project's own secret"


@pytest.mark.parametrize(("reviewed", "share"), [(0, 1.0), (299, 1.0), (300, 0.2), (10_000, 0.2)])
def test_everything_is_checked_until_300_were_reviewed(reviewed: int, share: float) -> None:
    assert check_probability(reviewed) == pytest.approx(share)


@given(st.binary(min_size=1), st.text(), st.text())
def test_a_throw_is_a_share_and_always_the_same(secret: bytes, input_id: str, concept_id: str) -> None:
    thrown = coin(secret, input_id, concept_id)
    assert 0 <= thrown < 1
    assert thrown == coin(secret, input_id, concept_id)


def test_every_throw_falls_below_the_probability_of_one() -> None:
    assert all(coin(SECRET, f"in{n}", "people") < check_probability(0) for n in range(1000))


def test_throws_are_spread_evenly_and_independent_of_each_other() -> None:
    people, man = (np.array([coin(SECRET, f"in{n:030x}", c) for n in range(20_000)]) for c in ("people", "man"))
    tenths = np.histogram(people, bins=10, range=(0, 1))[0]
    chi_square = float(((tenths - 2000) ** 2 / 2000).sum())
    assert chi_square < 27.9  # 9 degrees of freedom; exceeded once in a thousand even coins, and this one is fixed
    assert abs((people < 0.2).mean() - 0.2) < 0.01
    assert abs(float(np.corrcoef(people, man)[0, 1])) < 0.03


def test_whoever_does_not_know_the_secret_cannot_tell_the_throw() -> None:
    one, other = (np.array([coin(secret, f"in{n}", "people") for n in range(5000)]) for secret in (SECRET, b"another"))
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.06


def test_where_the_input_ends_and_the_concept_begins_matters() -> None:
    assert coin(SECRET, "in1", "2man") != coin(SECRET, "in12", "man")


@pytest.mark.parametrize(
    ("reviewed", "proven", "share"),
    [(0, False, 1.0), (299, False, 1.0), (300, False, 0.2), (9000, False, 0.2), (10, True, 0.05), (9000, True, 0.05)],
)
def test_a_proof_brings_the_share_down_at_once(reviewed: int, proven: bool, share: float) -> None:
    assert check_probability(reviewed, proven=proven) == pytest.approx(share)


def test_a_concept_may_have_shares_of_its_own() -> None:
    policy = CheckPolicy(all_until=100, until_proven=0.5, once_proven=0.01)
    shares = [
        check_probability(n, proven=proven, policy=policy) for n, proven in ((99, False), (100, False), (0, True))
    ]
    assert shares == [1.0, 0.5, 0.01]


@pytest.mark.parametrize("share", [0, -0.1, 1.1, float("nan")])
def test_a_share_of_nothing_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        CheckPolicy(once_proven=share)


def test_the_smallest_probability_is_stored_beside_the_own_one() -> None:
    assert smallest_in_force(0.2, 0.4) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="chance to be drawn"):
        smallest_in_force(0.2, 0.0)
    with pytest.raises(ValueError, match="chance to be drawn"):
        smallest_in_force()


def test_one_input_in_fifty_is_read_below_the_floor_whatever_the_concepts_draw() -> None:
    inputs = [f"in{n:030x}" for n in range(20_000)]
    probed = np.array([is_probed(SECRET, input_id) for input_id in inputs])
    drawn = np.array([coin(SECRET, input_id, "people") < 0.2 for input_id in inputs])
    assert abs(probed.mean() - 0.02) < 0.004
    assert abs(float(np.corrcoef(probed, drawn)[0, 1])) < 0.03


def test_the_cost_of_checks_is_told_in_clicks_and_days() -> None:
    cost = cost_of_checks(0.05, accepted_a_day=200, target=0.95)
    assert cost.clicks_a_week == pytest.approx(70)
    assert cost.unnoticed_checks is not None
    assert 20 <= cost.unnoticed_checks <= 40
    assert cost.unnoticed_days == -(-cost.unnoticed_checks // 10)


def test_without_automatic_labels_a_drift_is_never_noticed() -> None:
    assert cost_of_checks(0.05, accepted_a_day=0, target=0.95).unnoticed_days is None
