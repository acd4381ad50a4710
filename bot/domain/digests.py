"""When a digest is due and what it says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

LATE_AFTER = dt.timedelta(minutes=15)  # a digest posted later than this says so
GIVEN_UP_AFTER = dt.timedelta(hours=12)  # a digest missed for longer is left out; the next one says so
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DigestTime:
    """When a project hears of itself: a local time of day in a time zone."""

    at: dt.time
    zone: str

    def moment(self, date: dt.date) -> dt.datetime:
        """Return the one moment (aware UTC) of the digest of a local date.

        In a gap of the local clock it is the moment just as far after the gap's start; in a fold the first of the two.
        """
        return dt.datetime.combine(date, self.at, ZoneInfo(self.zone)).replace(fold=0).astimezone(dt.UTC)

    def newest(self, now: dt.datetime) -> dt.date:
        """Return the newest local date whose moment has come by `now`."""
        date = now.astimezone(ZoneInfo(self.zone)).date() + _DAY
        while not self._has(date) or self.moment(date) > now:
            date -= _DAY
        return date

    def date_before(self, date: dt.date) -> dt.date:
        """Return the local date before `date`, which is two days back where the zone skipped one."""
        before = date - _DAY
        return before if self._has(before) else self.date_before(before)

    def dates_between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """List the local dates after `first` and before `last`, oldest first."""
        days = (first + n * _DAY for n in range(1, (last - first).days))
        return [day for day in days if self._has(day)]

    def _has(self, date: dt.date) -> bool:
        """Say whether the zone has this day: Samoa had no 30 December 2011. A skipped day has no noon."""
        zone = ZoneInfo(self.zone)
        return dt.datetime.combine(date, dt.time(12), zone).astimezone(dt.UTC).astimezone(zone).date() == date


@dataclass(frozen=True)
class DueDigest:
    """A digest to post: its local date, the period it tells of (aware UTC), and whether it comes late."""

    local_date: dt.date
    since: dt.datetime
    until: dt.datetime
    late: bool


def due_digest(now: dt.datetime, when: DigestTime) -> DueDigest | None:
    """Say which digest should stand by `now`; None when the newest one was missed by 12 hours or more.

    Asked at any two moments of one local day after the hour it names the same local date, so that a table with one
    row per project and local date makes it exactly one.
    """
    date = when.newest(now)
    until = when.moment(date)
    if now - until >= GIVEN_UP_AFTER:
        return None
    return DueDigest(date, when.moment(when.date_before(date)), until, late=now - until > LATE_AFTER)


@dataclass(frozen=True)
class Worst:
    """The concept that did worst among the checked automatic labels."""

    name: str
    wrong: int
    checked: int


@dataclass(frozen=True)
class DigestFigures:
    """What happened in a period. Counts are images for `uploaded`, predictions for all others."""

    uploaded: int = 0
    labelled: int = 0  # accepted automatically
    pending: int = 0  # brought to people because the model was not sure
    approved: int = 0
    rejected: int = 0
    not_sure: int = 0
    waiting: int = 0
    parked: int = 0
    oldest_waiting: dt.datetime | None = None
    worst: Worst | None = None
    checked: int = 0

    @property
    def is_quiet(self) -> bool:
        """Nothing happened and nothing waits."""
        return not (self.uploaded or self.labelled or self.approved or self.rejected or self.not_sure or self.waiting)

    @property
    def share_for_people(self) -> float | None:
        """Share of the predictions of the period that needed a person, checks not counted, in [0, 1]."""
        total = self.labelled + self.pending
        return self.pending / total if total else None


_TIME = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})")


def read_time(text: str) -> dt.time:
    """Read a time of day such as 09:00 or 9.30.

    Raises:
        Refused: it is not one.
    """
    matched = _TIME.fullmatch(text.strip())
    if not matched or int(matched["hour"]) > 23 or int(matched["minute"]) > 59:  # noqa: PLR2004 - a day's last hour and minute
        raise Refused(f"“{text}” is not a time of day. Write for example: digest 09:00 Europe/Berlin")
    return dt.time(int(matched["hour"]), int(matched["minute"]))


def read_zone(text: str) -> str:
    """Check the name of a time zone such as Europe/Berlin.

    Raises:
        Refused: nobody knows such a zone.
    """
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise Refused(f"“{text}” is not a time zone. Write for example: digest 09:00 Europe/Berlin") from None
