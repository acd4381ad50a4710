"""Thresholds: the two cuts of a concept, and what people's answers prove about them.

`cuts` and `numbers` are the cuts themselves; `recommending` is the promise, over `samples`, `grids` and `betting`;
`bounds` and `needs` are what is shown around it, `floors` the lower cut, `guarding` and `delays` the watch afterwards.
"""

from __future__ import annotations

from bot.domain.thresholds.bounds import Band, band, estimate, lower_bound, upper_bound
from bot.domain.thresholds.cuts import (
    CONFIDENCE,
    DEFAULT_ACCEPT,
    DEFAULT_CHECKS,
    DEFAULT_FLOOR,
    DEFAULT_TARGET,
    LEAST_TARGET,
    MOST_TARGET,
    NO_FLOOR,
    OFF,
    ConceptThreshold,
    accepts,
    narrow,
    route,
    share_shown,
    shown,
    with_checks,
    with_cuts,
    with_target,
)
from bot.domain.thresholds.delays import checks_until_noticed
from bot.domain.thresholds.floors import BelowFloor, recommend_floor
from bot.domain.thresholds.grids import COVER, floor_grid, freeze_grid
from bot.domain.thresholds.guarding import Bettor, Guard, run_length_for
from bot.domain.thresholds.needs import Need, checks_still_needed, clean_checks_needed
from bot.domain.thresholds.numbers import exact, read_number
from bot.domain.thresholds.recommending import certified, recommend
from bot.domain.thresholds.samples import Sample

__all__ = [
    "CONFIDENCE",
    "COVER",
    "DEFAULT_ACCEPT",
    "DEFAULT_CHECKS",
    "DEFAULT_FLOOR",
    "DEFAULT_TARGET",
    "LEAST_TARGET",
    "MOST_TARGET",
    "NO_FLOOR",
    "OFF",
    "Band",
    "BelowFloor",
    "Bettor",
    "ConceptThreshold",
    "Guard",
    "Need",
    "Sample",
    "accepts",
    "band",
    "certified",
    "checks_still_needed",
    "checks_until_noticed",
    "clean_checks_needed",
    "estimate",
    "exact",
    "floor_grid",
    "freeze_grid",
    "lower_bound",
    "narrow",
    "read_number",
    "recommend",
    "recommend_floor",
    "route",
    "run_length_for",
    "share_shown",
    "shown",
    "upper_bound",
    "with_checks",
    "with_cuts",
    "with_target",
]
