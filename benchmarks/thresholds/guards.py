"""How soon a drift is caught, and how seldom a good model is stopped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.thresholds.report import Table, percent
from bot.domain.thresholds import Guard

TARGETS = (0.95, 0.99)
BEFORE = 300  # checks before the jump
LONGEST = 20_000  # checks; a guard that lasts so long is counted as that many


@dataclass(frozen=True)
class Caught:
    """How many checks after the jump the alarm came, and how many after it the last good point is (below 0: before)."""

    delay: int
    good_point: int


def guards(runs: int) -> Table:
    """Let guards run, at the allowed error and after jumps to twice, four and ten times as much."""
    table = Table(
        "target",
        "mean checks to a false alarm at 1x",
        "jump from",
        *(f"caught after, {times}x" for times in (2, 4, 10)),
        "last good point at 4x, after the jump",
    )
    for target in TARGETS:
        allowed, random = 1 - target, np.random.default_rng(13)
        lasted = [_lasted(allowed, random) for _ in range(runs)]
        error = np.std(lasted) / np.sqrt(runs)
        quiet = f"{np.mean(lasted):,.0f} ± {error:,.0f}"
        for before in (1.0, 0.4):
            caught = {times: [_jump(allowed, before, times, random) for _ in range(runs)] for times in (2, 4, 10)}
            delays = (f"{np.median([one.delay for one in caught[times]]):.0f}" for times in caught)
            points = np.percentile([one.good_point for one in caught[4]], (10, 50, 90))
            spread = f"{points[1]:.0f} (80 %: {points[0]:.0f} to {points[2]:.0f})"
            table.add(percent(target), quiet if before == 1 else "", f"{before:g}x", *delays, spread)
    return table


def _lasted(allowed: float, random: np.random.Generator) -> int:
    guard = Guard(allowed)
    while not guard.is_alarmed and guard.checks < LONGEST:
        guard = guard.after(rejected=bool(random.random() < allowed))
    return guard.checks


def _jump(allowed: float, before: float, times: float, random: np.random.Generator) -> Caught:
    """Give checks at `before` times the allowed error, then at `times`; a false alarm starts a guard afresh."""
    guard, started = Guard(allowed), 0
    for check in range(BEFORE):
        guard = guard.after(rejected=bool(random.random() < before * allowed))
        if guard.is_alarmed:
            guard, started = Guard(allowed), check + 1
    while not guard.is_alarmed:
        guard = guard.after(rejected=bool(random.random() < times * allowed))
    return Caught(started + guard.checks - BEFORE, started + guard.good_until - BEFORE)
