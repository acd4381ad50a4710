"""The daily digest, ticked by any number of clocks, against a table that knows which dates are taken."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING
from unittest.mock import create_autospec
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import DigestFigures, DueDigest
from bot.usecases.digesting import DigestStore, post_digest_now, post_digests
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from unittest.mock import Mock

    from bot.domain.projects import Project

Posted = tuple[dt.date, DueDigest, tuple[dt.date, ...]]

TURNS = [
    ("Europe/Berlin", dt.date(2026, 3, 29), dt.time(2, 30)),
    ("Europe/Berlin", dt.date(2026, 10, 25), dt.time(2, 30)),
    ("America/Sao_Paulo", dt.date(2018, 11, 4), dt.time(0, 30)),
    ("America/Sao_Paulo", dt.date(2018, 2, 18), dt.time(23, 30)),
    ("Asia/Kathmandu", dt.date(2026, 5, 4), dt.time(9, 0)),
    ("Pacific/Apia", dt.date(2011, 12, 30), dt.time(9, 0)),
]


def table_of(project: Project) -> tuple[Mock, list[Posted]]:
    """A store of one project that takes each date once, and what it was given to post."""
    store: Mock = create_autospec(DigestStore, instance=True)
    posted: dict[dt.date, Posted] = {}

    def take(
        _project: Project, due: DueDigest, _figures: DigestFigures, *, missed: Sequence[dt.date], now: dt.datetime
    ) -> bool:
        assert now >= due.until
        new = due.local_date not in posted
        posted.setdefault(due.local_date, (due.local_date, due, tuple(missed)))
        record[:] = posted.values()
        return new

    record: list[Posted] = []
    store.all.return_value = [project]
    store.last_digest.side_effect = lambda _project_id: max(posted, default=None)
    store.figures.return_value = DigestFigures()
    store.post_scheduled.side_effect = take
    return store, record


def berlin(text: str) -> dt.datetime:
    """A moment by Berlin's clock, aware UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(dt.UTC)


@given(st.sampled_from(TURNS), st.lists(st.integers(1, 11 * 60), min_size=10, max_size=30), st.integers(1, 3))
@pytest.mark.fault(19)
def test_ticks_at_any_times_make_one_digest_for_each_local_day(
    turn: tuple[str, dt.date, dt.time], gaps_min: list[int], clocks: int
) -> None:
    zone, day, at = turn
    store, posted = table_of(live_project(digest_zone=zone, digest_at=at))
    now = dt.datetime.combine(day - dt.timedelta(days=3), dt.time(12), dt.UTC)
    for gap in gaps_min:
        now += dt.timedelta(minutes=gap)
        for _ in range(clocks):
            post_digests(store, lambda now=now: now)  # type: ignore[misc]
    dates = [date for date, _, _ in posted]
    assert dates == sorted(set(dates))
    assert all(not missed for _, _, missed in posted)
    assert all(one.until == other.since for (_, one, _), (_, other, _) in pairwise(posted))


def test_a_digest_missed_for_twelve_hours_is_left_out_and_named_by_the_next() -> None:
    store, posted = table_of(live_project())
    for moment in ["2026-05-04T09:00", "2026-05-05T21:00", "2026-05-06T14:00", "2026-05-07T09:00"]:
        post_digests(store, lambda moment=moment: berlin(moment))  # type: ignore[misc]
    assert [(date.day, due.late, [m.day for m in missed]) for date, due, missed in posted] == [
        (4, False, []),
        (6, True, [5]),
        (7, False, []),
    ]


def test_after_a_long_absence_at_most_a_week_is_named() -> None:
    store, posted = table_of(live_project())
    for moment in ["2026-05-04T09:00", "2026-06-04T09:00"]:
        post_digests(store, lambda moment=moment: berlin(moment))  # type: ignore[misc]
    assert [m.isoformat() for m in posted[-1][2]] == [
        "2026-05-28",
        "2026-05-29",
        "2026-05-30",
        "2026-05-31",
        "2026-06-01",
        "2026-06-02",
        "2026-06-03",
    ]


@pytest.mark.parametrize(
    "project",
    [
        live_project(digest_on=False),
        live_project(live_since=None),
        live_project(live_since=berlin("2026-05-04T09:30")),
    ],
)
def test_nothing_is_due_while_it_is_off_or_before_going_live(project: Project) -> None:
    store, posted = table_of(project)
    assert post_digests(store, lambda: berlin("2026-05-04T10:00")) == 0
    assert not posted


@pytest.mark.parametrize(
    ("zone", "now", "since"),
    [
        ("Europe/Berlin", "2026-05-04T10:00+02:00", "2026-05-04T09:00+02:00"),
        ("Europe/Berlin", "2026-05-04T08:59+02:00", "2026-05-03T09:00+02:00"),
        ("Pacific/Auckland", "2026-05-05T08:00+12:00", "2026-05-04T09:00+12:00"),
        ("Pacific/Auckland", "2026-05-05T10:00+12:00", "2026-05-05T09:00+12:00"),
        ("Pacific/Honolulu", "2026-05-04T20:00-10:00", "2026-05-04T09:00-10:00"),
        ("Pacific/Honolulu", "2026-05-04T08:00-10:00", "2026-05-03T09:00-10:00"),
    ],
)
def test_a_digest_somebody_asks_for_tells_of_the_time_since_the_last_digest_hour(
    zone: str, now: str, since: str
) -> None:
    project = live_project(digest_zone=zone)
    store, _ = table_of(project)
    at, start = (dt.datetime.fromisoformat(text).astimezone(dt.UTC) for text in (now, since))
    post_digest_now(store, lambda: at, project)
    store.post_asked.assert_called_once_with(project, store.figures.return_value, start, at)
    store.post_scheduled.assert_not_called()
