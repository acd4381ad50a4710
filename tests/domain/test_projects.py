"""What a project does in each of its states."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.digests import DigestTime
from bot.domain.projects import ProjectState
from tests.usecases.projects import live_project


@pytest.mark.parametrize(
    ("state", "takes_work", "writes_back"),
    [
        (ProjectState.SETTING_UP, False, False),
        (ProjectState.READY, False, False),
        (ProjectState.LIVE, True, True),
        (ProjectState.PAUSED, False, True),
        (ProjectState.LEFT, False, False),
    ],
)
def test_a_pause_takes_nothing_in_and_still_writes_decisions(
    state: ProjectState, takes_work: bool, writes_back: bool
) -> None:
    project = live_project(state=state)
    assert (project.takes_work, project.writes_back) == (takes_work, writes_back)


def test_the_digest_has_a_zone_of_its_own() -> None:
    project = live_project(zone="Europe/Berlin", digest_zone="Asia/Kathmandu", digest_at=dt.time(8, 15))
    assert project.digest_time == DigestTime(dt.time(8, 15), "Asia/Kathmandu")
