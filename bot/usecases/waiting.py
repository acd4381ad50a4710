"""How long work waits after a failure before it is tried again."""

from __future__ import annotations

import datetime as dt

FIRST_WAIT_S = 2.0
MOST_TRIES = 8  # of what is refused; being away is waited for without end
_MOST_DOUBLINGS = 20  # far beyond any longest wait; without an end a long outage would leave what a timedelta holds


def wait_after(attempts: int, longest: dt.timedelta) -> dt.timedelta:
    """Return 2 s after the first failure (`attempts` 0), twice as much after each further one, at most `longest`."""
    return min(dt.timedelta(seconds=FIRST_WAIT_S * 2 ** min(attempts, _MOST_DOUBLINGS)), longest)


def given_up_on(attempts: int) -> bool:
    """Say whether one more refusal, after `attempts` failures, makes a dead letter of the work."""
    return attempts + 1 >= MOST_TRIES
