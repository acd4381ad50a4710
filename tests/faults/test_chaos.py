"""The short chaos run: two `web`, three `worker`, kills, pauses, failures of both services."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.faults.chaos.checker import check, read
from tests.faults.chaos.run import chaos

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.chaos
def test_a_storm_loses_and_doubles_nothing(database_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    path = tmp_path / "history.jsonl"
    chaos(database_url, path, for_s=float(os.environ.get("CHAOS_S", "15")), seed=seed)
    report = check(read(path))
    assert report.is_clean, f"seed {seed}, {path}: {report}"
    assert report.counts["clicks"] > 0
    assert report.counts["kills"] + report.counts["pauses"] > 0
