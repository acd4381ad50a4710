"""The team hears of itself once a day, and whenever somebody asks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

from bot.domain.digests import DigestFigures, DueDigest, due_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.projects import Project
    from bot.usecases.ports import Clock


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
        missed = _missed(last, due.local_date)
        figures = store.figures(project.id, due.since, due.until)
        taken += store.post_scheduled(project, due, figures, missed=missed, now=now)
    return taken


def post_digest_now(store: DigestStore, clock: Clock, project: Project) -> None:
    """Post the state since the last digest hour, as often as asked; the scheduled ones stay as they are."""
    now = clock()
    today = project.digest_time.moment(now.astimezone(dt.UTC).date())
    since = today if today <= now else today - dt.timedelta(days=1)
    store.post_asked(project, store.figures(project.id, since, now), since, now)


def _missed(last: dt.date | None, now: dt.date) -> list[dt.date]:
    """The local dates between the last digest and this one; at most a week of them is named."""
    if last is None:
        return []
    days = (now - last).days
    return [last + dt.timedelta(days=n) for n in range(1, days)][-7:]
