"""The team hears of itself once a day, and whenever somebody asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.digests import DigestFigures, DueDigest, due_digest, read_time, read_zone
from bot.domain.errors import Refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.usecases.ports import Clock

MOST_MISSED = 7  # local dates without a digest that the next one names


class DigestStore(Protocol):
    """Digests and what they count."""

    def all(self) -> Sequence[Project]: ...

    def last_digest(self, project_id: str) -> dt.date | None:
        """The newest local date that has its digest."""

    def figures(self, project_id: str, since: dt.datetime, until: dt.datetime) -> DigestFigures:
        """Count a period [since, until) and what waits now."""

    def post_scheduled(
        self, project: Project, due: DueDigest, figures: DigestFigures, *, missed: Sequence[dt.date], now: dt.datetime
    ) -> bool:
        """Take the local date and have its digest posted, in one transaction; False when it was taken already.

        A quiet digest takes the date and is not posted.
        """

    def post_asked(self, project: Project, figures: DigestFigures, since: dt.datetime, now: dt.datetime) -> None:
        """Have a digest of the state so far posted; it takes no date."""


def post_digests(store: DigestStore, clock: Clock) -> int:
    """Have the digests that are due posted; return how many dates were taken.

    Asked any number of times, by any number of processes, it is one digest per project and local date: the date is a
    key of a table.
    """
    now, taken = clock(), 0
    for project in store.all():
        if not project.digest_on or project.live_since is None:
            continue
        due = due_digest(now, project.digest_time)
        last = store.last_digest(project.id)
        if due is None or due.until <= project.live_since or (last is not None and last >= due.local_date):
            continue
        missed = project.digest_time.dates_between(last, due.local_date)[-MOST_MISSED:] if last else []
        figures = store.figures(project.id, due.since, due.until)
        taken += store.post_scheduled(project, due, figures, missed=missed, now=now)
    return taken


def post_digest_now(store: DigestStore, clock: Clock, project: Project) -> None:
    """Post the state since the last digest hour, as often as asked; the scheduled ones stay as they are."""
    now = clock()
    since = project.digest_time.moment(project.digest_time.newest(now))
    store.post_asked(project, store.figures(project.id, since, now), since, now)


_CHANNEL = re.compile(r"<#(?P<id>[CG][A-Z0-9]+)(?:\|[^>]*)?>")
_EXAMPLE = "Write for example: digest 09:00 Europe/Berlin #team"


@dataclass(frozen=True)
class DigestWish:
    """When and where the daily digest is to come; the channel is "" where nobody named one."""

    on: bool
    at: dt.time
    zone: str
    channel: str


def read_wish(text: str, project: Project) -> DigestWish:
    """Read `off`, `on`, or any of time, zone and channel: `09:00 Europe/Berlin #team`; the rest stays as it is.

    Raises:
        Refused: with what is wrong and an example of what is right; nothing was changed.
    """
    found = _CHANNEL.search(text)
    channel = found["id"] if found else ""
    words = _CHANNEL.sub(" ", text, count=1).split()
    if len(words) == 1 and words[0].casefold() == "off" and not channel:
        return DigestWish(on=False, at=project.digest_at, zone=project.digest_zone, channel="")
    if words and words[0].casefold() == "on":
        words = words[1:]
    if any(word.startswith(("#", "<#")) for word in words):
        raise Refused("Slack did not say which channel that is. Pick it from the list that opens as you type #.")
    if len(words) > 2:  # noqa: PLR2004 - time and zone
        raise Refused(f"“{' '.join(words[2:])}” is too much. {_EXAMPLE}")
    at = read_time(words[0]) if words else project.digest_at
    zone = read_zone(words[1]) if len(words) > 1 else project.digest_zone
    return DigestWish(on=True, at=at, zone=zone, channel=channel)
