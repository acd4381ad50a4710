"""When a digest is due and what it says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

LATE_AFTER = dt.timedelta(minutes=15)  # a digest posted later than this says so
GIVEN_UP_AFTER = dt.timedelta(hours=12)  # a digest missed for longer is left out; the next one says so


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
    today = now.astimezone(ZoneInfo(when.zone)).date()
    for date in (today + dt.timedelta(days=1), today, today - dt.timedelta(days=1)):
        until = when.moment(date)
        if until <= now:
            break
    if now - until >= GIVEN_UP_AFTER:
        return None
    return DueDigest(date, when.moment(date - dt.timedelta(days=1)), until, late=now - until > LATE_AFTER)


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
