"""How long an answer takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.table import middle
from benchmarks.thresholds.report import Table
from bot.domain.thresholds import Sample, band, checks_still_needed, freeze_grid, recommend

if TYPE_CHECKING:
    from collections.abc import Callable

REVIEWS = 5_000


def speed(repeats: int) -> Table:
    """Time each question over 5,000 reviews drawn with three probabilities."""
    random = np.random.default_rng(17)
    scores, labels = random.random(REVIEWS), random.random(REVIEWS) < 0.97
    probabilities = random.choice([0.05, 0.2, 1.0], REVIEWS)
    sample, grid = Sample.of(scores, labels, probabilities), freeze_grid(scores)
    table = Table(f"asked about {REVIEWS:,} reviews", "milliseconds: median (least-greatest)")
    questions: dict[str, Callable[[], object]] = {
        "`recommend`": lambda: recommend(scores, labels, probabilities, 0.95, 0.95),
        "the band of all 20 thresholds": lambda: [band(sample, cut, 0.95) for cut in grid],
        "checks still needed": lambda: checks_still_needed(sample, grid, 0.99, 0.95),
    }
    for name, question in questions.items():
        table.add(name, middle([_milliseconds(question) for _ in range(repeats)], 1))
    return table


def _milliseconds(question: Callable[[], object]) -> float:
    before = time.perf_counter()
    question()
    return (time.perf_counter() - before) * 1000
