"""Simulated projects: pictures arrive, a coin is thrown, a person answers, the bot looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.thresholds.ledgers import Ledgers
from benchmarks.thresholds.plans import Moment
from bot.domain.thresholds import freeze_grid

if TYPE_CHECKING:
    from benchmarks.thresholds.ledgers import Flags, Floats
    from benchmarks.thresholds.plans import Plan
    from benchmarks.thresholds.pools import Pool

CONFIDENCE = 0.95
BEFORE = 300  # inputs without answers, from which the grid is frozen


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is simulated. `rule` says whose threshold is in force: "certified" or "naive"."""

    pool: Pool
    target: float
    plan: Plan
    arrivals: int
    projects: int
    looked_every: int = 1
    rule: str = "certified"
    until_proven: float = np.nan  # the accept cut in force before anything is proven; NaN for none
    seed: int = 7


@dataclass(eq=False)
class Outcome:
    """One row per project."""

    grids: Floats
    answer: Floats  # the last recommendation, NaN for none
    broken: Flags  # a recommendation was below the target, at any look
    naive_broken: Flags
    naive_answer: Floats
    first_proof: Floats  # reviews until the first recommendation, NaN for never
    people: Floats  # how many pictures a person looked at
    accepted: Floats  # how many nobody had to, checks included
    accepted_right: Floats
    reviews: list[tuple[Floats, Flags, Floats, Floats, Flags]] = field(default_factory=list)


def run(scenario: Scenario, *, keep_reviews: bool = False) -> Outcome:
    """Run all projects of a scenario side by side."""
    random, pool, count = np.random.default_rng(scenario.seed), scenario.pool, scenario.projects
    before = pool.scores[random.integers(len(pool.scores), size=(count, BEFORE))]
    grids = np.array([freeze_grid(scores) for scores in before])
    ledgers = Ledgers(grids, scenario.target, CONFIDENCE)
    out, in_force, rejected = _blank(grids), np.full(count, np.nan), np.ones(count, np.bool_)
    middle = np.median(before, axis=1)
    for arrival in range(1, scenario.arrivals + 1):
        rows = random.integers(len(pool.scores), size=count)
        scores, right = pool.scores[rows], pool.right[rows]
        now = Moment(scores, in_force, ledgers.reviewed, middle, rejected)
        probability, smallest = scenario.plan(now)
        drawn = random.random(count) < probability
        ledgers.add(scores, right, smallest / probability, drawn)
        rejected = np.where(drawn, ~right, rejected)
        _count(out, scores, right, drawn, np.where(np.isnan(in_force), scenario.until_proven, in_force))
        if keep_reviews:
            out.reviews.append((scores, right, probability, smallest, drawn))
        if arrival % scenario.looked_every == 0:
            in_force = _look(out, scenario, ledgers, in_force)
    return out


def _blank(grids: Floats) -> Outcome:
    none, zero, never = np.full(len(grids), np.nan), np.zeros(len(grids)), np.zeros(len(grids), np.bool_)
    return Outcome(
        grids, none.copy(), never.copy(), never.copy(), none.copy(), none.copy(), zero.copy(), zero.copy(), zero.copy()
    )


def _count(out: Outcome, scores: Floats, right: Flags, drawn: Flags, accept: Floats) -> None:
    accepted = scores >= accept  # never where accept is NaN
    out.people += drawn | ~accepted
    out.accepted += accepted
    out.accepted_right += accepted & right


def _look(out: Outcome, scenario: Scenario, ledgers: Ledgers, in_force: Floats) -> Floats:
    """Ask both rules; return the threshold in force from now on: the latest that was recommended at all."""
    pool, target = scenario.pool, scenario.target
    out.answer, out.naive_answer = ledgers.certified(), ledgers.naive()
    out.broken |= pool.precision(out.answer) < target
    out.naive_broken |= pool.precision(out.naive_answer) < target
    out.first_proof = np.where(np.isnan(out.first_proof) & ~np.isnan(out.answer), ledgers.reviewed, out.first_proof)
    latest = out.answer if scenario.rule == "certified" else out.naive_answer
    return np.where(np.isnan(latest), in_force, latest)
