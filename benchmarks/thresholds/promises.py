"""Is the promise kept? Projects looked at after every review, in every plan, also where nothing deserves it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.thresholds.pools import breast_cancer, digits, worst_case
from benchmarks.thresholds.report import Table, percent
from benchmarks.thresholds.stream import CONFIDENCE, Scenario, run
from bot.domain.thresholds import recommend

if TYPE_CHECKING:
    from benchmarks.thresholds.ledgers import Floats
    from benchmarks.thresholds.plans import Plan
    from benchmarks.thresholds.pools import Pool
    from benchmarks.thresholds.stream import Outcome

ARRIVALS = 2000
TARGETS = (0.95, 0.99)


def allowed_share(projects: int, errors: float = 2.33) -> float:
    """Return the share of broken promises that chance explains: 5 % and 2.33 standard errors."""
    risk = 1 - CONFIDENCE
    return risk + errors * math.sqrt(risk * (1 - risk) / projects)


def promises(projects: int, plans: dict[str, Plan]) -> Table:
    """Simulate every pool, target and plan; a promise is broken if any look recommended less than the target."""
    table = Table("pool", "target", "reviews drawn", "broken", "naive broken", "coverage", "naive", "first proof")
    for target in TARGETS:
        for pool in (digits(), breast_cancer(), worst_case(target)):
            for name, plan in plans.items():
                scenario = Scenario(pool, target, plan, ARRIVALS, projects)
                table.add(pool.name, percent(target), name, *_figures(pool, target, run(scenario)))
    return table


def _figures(pool: Pool, target: float, out: Outcome) -> tuple[str, ...]:
    proven = out.first_proof[~np.isnan(out.first_proof)]
    first = f"{np.median(proven):,.0f} ({percent(len(proven) / len(out.broken), 1)})" if len(proven) else "never"
    return (
        percent(out.broken.mean(), 1),
        percent(out.naive_broken.mean(), 1),
        percent(valid_coverage(pool, target, out.answer)),
        percent(valid_coverage(pool, target, out.naive_answer)),
        first,
    )


def valid_coverage(pool: Pool, target: float, answers: Floats) -> float:
    """Return the mean share of inputs accepted; nothing where there is no answer or it is below the target."""
    keeps = pool.precision(answers) >= target
    return float(np.where(keeps, pool.coverage(answers), 0.0).mean())


def compared(projects: int, plans: dict[str, Plan]) -> tuple[int, int]:
    """Ask `recommend` itself about the same reviews; return how many answers were the same, and of how many."""
    same = asked = 0
    for plan in plans.values():
        scenario = Scenario(digits(), 0.95, plan, ARRIVALS, projects)
        out = run(replace(scenario, looked_every=25), keep_reviews=True)
        scores, right, probability, smallest, drawn = (np.array(column) for column in zip(*out.reviews, strict=True))
        for project in range(projects):
            rows = drawn[:, project]
            answer = recommend(
                scores[rows, project],
                right[rows, project],
                probability[rows, project],
                scenario.target,
                CONFIDENCE,
                smallest_probabilities=smallest[rows, project],
                grid=out.grids[project],
            )
            asked += 1
            same += np.array_equal(
                np.float64(np.nan if answer is None else answer), out.answer[project], equal_nan=True
            )
    return same, asked


def one_look(projects: int) -> Table:
    """Ask `recommend` once, after 2,000 reviews and without anything but the reviews themselves."""
    table = Table("pool", "target", "coverage at one look", "best possible", "broken")
    for target in TARGETS:
        for pool in (digits(), breast_cancer()):
            random = np.random.default_rng(11)
            answers = np.full(projects, np.nan)
            for project in range(projects):
                rows = random.integers(len(pool.scores), size=ARRIVALS)
                found = recommend(pool.scores[rows], pool.right[rows], np.ones(ARRIVALS), target, CONFIDENCE)
                answers[project] = np.nan if found is None else found
            broken = (pool.precision(answers) < target).mean()
            coverage, best = valid_coverage(pool, target, answers), pool.best_coverage(target)
            table.add(pool.name, percent(target), percent(coverage, 1), percent(best), percent(broken, 1))
    return table
