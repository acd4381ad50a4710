"""A proof is kept with its ledger and comes back as it was."""

from __future__ import annotations

import json

import pytest

from bot.domain.proofs import Proof
from bot.domain.thresholds import Sample, band, checks_still_needed, freeze_grid

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
