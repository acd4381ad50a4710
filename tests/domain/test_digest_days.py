"""One digest for each local day, whatever the clocks of the world do."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.digests import (
    GIVEN_UP_AFTER,
    LATE_AFTER,
    DigestFigures,
    DigestTime,
    due_digest,
    read_time,
    read_zone,
)
from bot.domain.errors import Refused

# A zone and a day about which its clocks did something.
TURNS = [
    ("Europe/Berlin", dt.date(2026, 3, 29)),  # 02:00 -> 03:00
    ("Europe/Berlin", dt.date(2026, 10, 25)),  # 03:00 -> 02:00
    ("America/Sao_Paulo", dt.date(2018, 11, 4)),  # midnight does not exist
    ("America/Sao_Paulo", dt.date(2018, 2, 18)),  # 23:00 twice the evening before
    ("Asia/Kathmandu", dt.date(2026, 5, 4)),  # +05:45
    ("Asia/Kathmandu", dt.date(1986, 1, 1)),  # +05:30 -> +05:45
    ("Pacific/Apia", dt.date(2011, 12, 30)),  # this day does not exist
    ("Pacific/Kwajalein", dt.date(1993, 8, 21)),  # neither does this
    ("America/Nuuk", dt.date(2024, 3, 30)),  # 23:00 -> 24:00
    ("Australia/Lord_Howe", dt.date(2026, 10, 4)),  # half an hour
    ("America/Goose_Bay", dt.date(2010, 11, 7)),  # 00:01 -> 23:01 the day before
    ("UTC", dt.date(2026, 5, 4)),
]
turns = st.sampled_from(TURNS)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
minutes = st.integers(-4 * 1440, 4 * 1440)


def around(day: dt.date, offset_min: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC) + dt.timedelta(minutes=offset_min)


def local_days(zone: str, day: dt.date) -> list[dt.date]:
    """The days that people in `zone` lived through around `day`, found by walking through every hour."""
    start = around(day, -8 * 1440)
    walked = (start + dt.timedelta(hours=n) for n in range(16 * 24))
    return sorted({moment.astimezone(ZoneInfo(zone)).date() for moment in walked})


@given(turns, times, minutes)
@example(TURNS[6], dt.time(9), -10)
@example(TURNS[7], dt.time(20, 40), -5241)
@example(TURNS[8], dt.time(23, 30), 24 * 60)
def test_a_digest_tells_of_the_time_since_the_day_before_and_never_of_the_future(
    turn: tuple[str, dt.date], at: dt.time, offset_min: int
) -> None:
    zone, day = turn
    now = around(day, offset_min)
    due = due_digest(now, DigestTime(at, zone))
    if due is None:
        return
    assert due.since < due.until <= now < due.until + GIVEN_UP_AFTER
    assert due.late == (now - due.until > LATE_AFTER)
    lived = local_days(zone, day)
    assert due.local_date in lived
    before = lived[lived.index(due.local_date) - 1]
    assert due.since == DigestTime(at, zone).moment(before)


@given(turns, times, st.lists(minutes, min_size=2))
def test_time_never_takes_a_date_back(turn: tuple[str, dt.date], at: dt.time, offsets_min: list[int]) -> None:
    when = DigestTime(at, turn[0])
    dates = [when.newest(around(turn[1], offset)) for offset in sorted(offsets_min)]
    assert dates == sorted(dates)


@given(turns, times, st.integers(7, 11 * 60 + 30))
def test_ticks_at_any_times_give_every_lived_day_its_one_digest(
    turn: tuple[str, dt.date], at: dt.time, tick_min: int
) -> None:
    zone, day = turn
    ticks = [around(day, offset) for offset in range(-3 * 1440, 3 * 1440, tick_min)]
    due = [d for d in (due_digest(now, DigestTime(at, zone)) for now in ticks) if d]
    periods = sorted({(d.local_date, d.since, d.until) for d in due})
    assert len({date for date, _, _ in periods}) == len(periods)
    dates = [date for date, _, _ in periods]
    lived = local_days(zone, day)
    assert dates == lived[lived.index(dates[0]) : lived.index(dates[-1]) + 1]
    assert all(one[2] == other[1] for one, other in pairwise(periods))


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:30"),  # in the gap: 03:30 by the new clock
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),  # in the fold: the first 02:30
        ("Europe/Berlin", "2026-05-04", "09:00", "2026-05-04 07:00"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04 03:00"),  # 01:00 by the new clock
        ("Asia/Kathmandu", "2026-05-04", "09:00", "2026-05-04 03:15"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30 19:00"),
    ],
)
def test_the_moment_of_a_day(zone: str, day: str, at: str, expected: str) -> None:
    moment = DigestTime(read_time(at), zone).moment(dt.date.fromisoformat(day))
    assert moment == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


def test_a_day_that_the_zone_skipped_has_no_digest_and_is_not_missed() -> None:
    when = DigestTime(dt.time(9), "Pacific/Apia")
    after = dt.date(2011, 12, 31)
    due = due_digest(when.moment(after), when)
    assert due is not None
    assert due.local_date == after
    assert due.until - due.since == dt.timedelta(hours=24)
    assert when.date_before(after) == dt.date(2011, 12, 29)
    assert when.dates_between(dt.date(2011, 12, 28), dt.date(2012, 1, 2)) == [
        dt.date(2011, 12, 29),
        dt.date(2011, 12, 31),
        dt.date(2012, 1, 1),
    ]


@pytest.mark.parametrize(
    ("after", "is_due", "late"),
    [
        (dt.timedelta(0), True, False),
        (dt.timedelta(minutes=15), True, False),
        (dt.timedelta(minutes=16), True, True),
        (dt.timedelta(hours=5), True, True),
        (dt.timedelta(hours=12) - dt.timedelta(seconds=1), True, True),
        (dt.timedelta(hours=12), False, False),
        (dt.timedelta(hours=23), False, False),
    ],
)
def test_a_late_digest_says_so_and_after_twelve_hours_it_is_given_up(
    after: dt.timedelta, is_due: bool, late: bool
) -> None:
    when = DigestTime(dt.time(9), "Europe/Berlin")
    due = due_digest(when.moment(dt.date(2026, 5, 4)) + after, when)
    assert (due is not None) == is_due
    assert due is None or (due.local_date, due.late) == (dt.date(2026, 5, 4), late)


@pytest.mark.parametrize(
    ("typed", "expected"), [("09:00", (9, 0)), ("9.30", (9, 30)), ("0:00", (0, 0)), ("23:59", (23, 59))]
)
def test_a_time_of_day_is_read(typed: str, expected: tuple[int, int]) -> None:
    assert read_time(typed) == dt.time(*expected)


@pytest.mark.parametrize("typed", ["24:00", "9", "09:60", "9:0", "noon", "", "-1:00", "09:00:00"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not a time of day"):
        read_time(typed)


@pytest.mark.parametrize("typed", ["Europe/Berlin", "UTC", "America/Sao_Paulo"])
def test_a_zone_is_read(typed: str) -> None:
    assert read_zone(typed) == typed


@pytest.mark.parametrize(
    "typed", ["Berlin", "", "../../etc/passwd", "/etc/localtime", "Europe", "Europe/Berlin\x00", "x" * 5000]
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not a time zone"):
        read_zone(typed)


def test_a_quiet_day_is_one_without_events_and_without_anything_waiting() -> None:
    assert DigestFigures().is_quiet
    assert DigestFigures(parked=3).is_quiet
    assert not DigestFigures(uploaded=1).is_quiet
    assert not DigestFigures(labelled=1).is_quiet
    assert not DigestFigures(approved=1).is_quiet
    assert not DigestFigures(rejected=1).is_quiet
    assert not DigestFigures(not_sure=1).is_quiet
    assert not DigestFigures(waiting=1).is_quiet


def test_the_share_that_needed_a_person() -> None:
    assert DigestFigures().share_for_people is None
    assert DigestFigures(labelled=3, pending=1).share_for_people == pytest.approx(0.25)
