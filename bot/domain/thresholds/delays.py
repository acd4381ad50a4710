"""How long a drift goes unnoticed, for the sentence beside the setting of the audit rate."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from bot.domain.thresholds.guarding import RUN_LENGTH, expected_errors

RUNS = 400  # simulated models; the median of so many moves by about one part in twenty
BEFORE = 300  # checks at GOOD times the allowed error, before the change
GOOD = 0.4
LONGEST = 10_000  # checks; "not within" that many
SEED = 6  # the same question has the same answer


@lru_cache(maxsize=256)
def checks_until_noticed(allowed_error: float, times: float = 4.0, run_length: float = RUN_LENGTH) -> int | None:
    """Return after how many checks half of the guards have raised the alarm; None if not within LONGEST.

    The model's error jumps from 0.4 times the allowed one to `times` as much after 300 checks. There is no usable
    formula for this median, so it is simulated, with a fixed seed. Chance alarms before the jump start a guard afresh.

    Raises:
        ValueError: `allowed_error` leaves nothing to guard.
    """
    random, allowed = np.random.default_rng(SEED), allowed_error
    stakes = (np.array(expected_errors(allowed)) - allowed) / (allowed * (1 - allowed))
    owned, alarmed = np.zeros((RUNS, len(stakes))), np.zeros(RUNS, np.bool_)
    for check in range(BEFORE + LONGEST):
        is_after = check >= BEFORE
        rejected = random.random(RUNS) < min(1.0, allowed * (times if is_after else GOOD))
        owned = (owned + 1) * (1 + np.outer(rejected - allowed, stakes))
        over = owned.mean(axis=1) >= run_length
        owned[over] = 0.0
        alarmed |= over & is_after
        if 2 * alarmed.sum() >= RUNS:
            return check - BEFORE + 1
    return None
