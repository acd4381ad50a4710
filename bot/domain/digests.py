"""When a digest is due and what it says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

LATE_AFTER = dt.timedelta(minutes=15)  # a digest posted later than this says so
GIVEN_UP_AFTER = dt.timedelta(hours=12)  # a digest missed for longer is left out; the next one says so
ENOUGH_CHECKS = 5  # of a concept in the period, before its number is called bad
_DAY = dt.timedelta(days=1)
_ROUNDING = 1e-9  # 1 - 0.9 is not quite 0.1
_FEW = 0.1  # below it a share is said as "1 in so many"
_LARGEST_PART = 10


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
class Checked:
    """The checked automatic labels of one concept in a period; at most `allowed` of them may be wrong, in (0, 1)."""

    name: str
    wrong: int
    checked: int
    allowed: float
    is_accepting: bool = True  # whether labels of it are accepted automatically now

    @property
    def share_wrong(self) -> float:
        return self.wrong / self.checked

    @property
    def is_bad(self) -> bool:
        """Whether somebody should think of stopping it; the guard does so by itself, once it is sure."""
        return self.is_accepting and self.checked >= ENOUGH_CHECKS and self.share_wrong > self.allowed + _ROUNDING


def worst_of(checked: Iterable[Checked]) -> Worst | None:
    """Return the concept with the largest share of wrong labels; None where none was wrong."""
    return _worst(one for one in checked if one.wrong)


def doubtful_of(checked: Iterable[Checked]) -> Worst | None:
    """Return the worst of those whose number is bad, and not only from a check or two."""
    return _worst(one for one in checked if one.is_bad)


def _worst(checked: Iterable[Checked]) -> Worst | None:
    order = sorted(checked, key=lambda one: (-one.share_wrong, -one.wrong, one.name))
    return Worst(order[0].name, order[0].wrong, order[0].checked) if order else None


@dataclass(frozen=True)
class Proven:
    """How far the proof of one concept is.

    `at_least` is the share that is right, 95 % sure, where the threshold in force is proven; else None. `needed` is
    about how many checks it takes in all; None where no number would do, or nothing is known. `recommended` is the
    threshold that keeps the target while the one in force does not.
    """

    name: str
    is_off: bool = False
    at_least: float | None = None
    checks: int = 0
    needed: int | None = None
    recommended: float | None = None


@dataclass(frozen=True)
class SecondLooks:
    """What other people said of rejected checks, blind to the first answer, since the project began."""

    answered: int  # not sure included
    confirmed: int
    overturned: int


@dataclass(frozen=True)
class DigestFigures:
    """What happened in a period. Counts are images for `uploaded`, predictions for all others.

    `for_people` are the predictions of the period that were brought to people, checks of automatic labels included;
    None in digests from before these were counted.
    """

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
    for_people: int | None = None
    doubtful: Worst | None = None
    proven: tuple[Proven, ...] = ()
    second_looks: SecondLooks | None = None
    alarms: tuple[str, ...] = ()  # names of concepts that their checks switched off

    @property
    def is_quiet(self) -> bool:
        """Nothing happened and nothing waits."""
        happened = self.uploaded or self.labelled or self.approved or self.rejected or self.not_sure or self.alarms
        return not (happened or self.waiting)

    @property
    def share_for_people(self) -> float | None:
        """Share of the predictions of the period that needed a person, in [0, 1]; None where there was none.

        Checks are counted, save in digests from before they were.
        """
        total = self.labelled + self.pending
        asked = self.pending if self.for_people is None else self.for_people
        return min(asked / total, 1.0) if total else None


def in_words(share: float) -> str:
    """Say a share as people do: "1 in 3", "all", "none", "nearly all", "1 in 71".

    The words are at most a twentieth off; the exact numbers stand beside them.
    """
    if share <= 0:
        return "none"
    if share >= 1:
        return "all"
    if share < _FEW:
        return f"1 in {round(1 / share)}"
    near = Fraction(share).limit_denominator(_LARGEST_PART)
    return "nearly all" if near == 1 else f"{near.numerator} in {near.denominator}"


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
