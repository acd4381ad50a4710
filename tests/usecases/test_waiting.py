"""Failures are tried again later and later, and an outage of days breaks nothing."""

from __future__ import annotations

import datetime as dt

from bot.usecases.waiting import wait_after

QUARTER = dt.timedelta(minutes=15)


def test_each_failure_doubles_the_wait() -> None:
    assert [wait_after(n, QUARTER).total_seconds() for n in range(4)] == [2, 4, 8, 16]


def test_a_thousand_failures_wait_no_longer_than_the_longest_wait() -> None:
    assert wait_after(1000, QUARTER) == QUARTER
