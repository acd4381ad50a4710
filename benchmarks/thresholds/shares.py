"""How much people still do: certified thresholds against labelling everything, fixed 0.95, and the naive rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.thresholds.plans import audit, defaults
from benchmarks.thresholds.pools import breast_cancer, digits
from benchmarks.thresholds.report import Table, percent
from benchmarks.thresholds.stream import Scenario, run

if TYPE_CHECKING:
    from benchmarks.thresholds.pools import Pool
    from benchmarks.thresholds.stream import Outcome

FEEDS = (2_000, 20_000)
LOOKED_EVERY = 25
FIXED = 0.95
RULES = {
    "certified; nothing accepted before": (audit, "certified", np.nan),
    "certified; the bot's defaults": (defaults, "certified", FIXED),
    "naive": (audit, "naive", np.nan),
}


def shares(projects: int, feeds: tuple[int, ...] = FEEDS) -> Table:
    """Run whole feeds; a threshold is asked for after every 25 inputs. "misses": the last threshold is below target."""
    table = Table("pool", "target", "inputs", "rule", "seen by people", "less work", "accepted are right", "misses")
    for target in (0.95, 0.99):
        for pool in (digits(), breast_cancer()):
            for arrivals in feeds:
                head = (pool.name, percent(target), f"{arrivals:,}")
                table.add(*head, *_fixed(pool, target))
                for name, (plan, rule, before) in RULES.items():
                    scenario = Scenario(pool, target, plan, arrivals, projects, LOOKED_EVERY, rule, before)
                    table.add(*head, name, *_figures(scenario, run(scenario)))
    return table


def _fixed(pool: Pool, target: float) -> tuple[str, ...]:
    """Accept from 0.95 and check nothing, which is no price for a promise."""
    seen, right = 1 - float(pool.coverage(FIXED)), float(pool.precision(FIXED))
    return f"fixed {FIXED}, unchecked", percent(seen), f"{1 / seen:.1f}x", percent(right, 1), percent(right < target)


def _figures(scenario: Scenario, out: Outcome) -> tuple[str, ...]:
    answer = out.answer if scenario.rule == "certified" else out.naive_answer
    seen = float(out.people.mean()) / scenario.arrivals
    accepted = float(out.accepted.sum())
    right = percent(float(out.accepted_right.sum()) / accepted, 1) if accepted else "none accepted"
    misses = float((scenario.pool.precision(answer) < scenario.target).mean())
    return percent(seen), f"{1 / seen:.1f}x", right, percent(misses, 1)
