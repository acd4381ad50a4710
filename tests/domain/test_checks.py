"""Which automatic labels a person checks: all at first, then a share drawn by a coin that nobody can steer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checks import check_probability, coin

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
