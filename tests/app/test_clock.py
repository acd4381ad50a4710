"""The clock of the demo."""

import datetime as dt
from pathlib import Path

import pytest

from bot.app.clock import MovableClock

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_it_goes_forward_and_remembers(tmp_path: Path) -> None:
    clock = MovableClock(tmp_path / "clock", lambda: NOON)
    assert clock() == NOON
    clock.advance(DAY)
    clock.advance(dt.timedelta(minutes=5))
    assert clock() == NOON + DAY + dt.timedelta(minutes=5)
    assert MovableClock(tmp_path / "clock", lambda: NOON)() == clock()


@pytest.mark.parametrize("by", [dt.timedelta(0), -DAY])
def test_it_never_goes_back(tmp_path: Path, by: dt.timedelta) -> None:
    clock = MovableClock(tmp_path / "clock", lambda: NOON)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(by)
    assert clock() == NOON
