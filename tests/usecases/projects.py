"""A project as the use cases see it, for tests that need no database."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.projects import Project, ProjectState

LIVE_SINCE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

_LIVE = Project(
    id="p1",
    team_id="T0HOME0001",
    channel_id="C0LABELS01",
    state=ProjectState.LIVE,
    set_up_by="U0DANA0001",
    user_id="demo",
    app_id="team",
    graph="",
    model_id="",
    model_version="",
    zone="Europe/Berlin",
    digest_at=dt.time(9),
    digest_zone="Europe/Berlin",
    digest_channel="C0LABELS01",
    digest_on=True,
    revision=1,
    applied_revision=1,
    live_since=LIVE_SINCE,
    seen_until=None,
    previous_workflow=None,
    older_pending=0,
    take_older=False,
    coin_secret=b"secret",
)


def live_project(**different: object) -> Project:
    """A live project with the defaults of a fresh set-up, but for what is `different`."""
    return dataclasses.replace(_LIVE, **different)  # type: ignore[arg-type]
