"""A project: one Slack channel bound to one Clarifai app and its workflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.customs import Customs
from bot.domain.digests import DigestTime

if TYPE_CHECKING:
    import datetime as dt


class ProjectState(StrEnum):
    """SETTING_UP -> READY -> LIVE <-> PAUSED; LEFT when it was unbound."""

    SETTING_UP = "setting up"
    READY = "ready"
    LIVE = "live"
    PAUSED = "paused"
    LEFT = "left"


@dataclass(frozen=True)
class Project:
    """What the use cases need to know of a project. Times are aware UTC."""

    id: str
    team_id: str
    channel_id: str
    state: ProjectState
    set_up_by: str
    user_id: str  # Clarifai's, the app's owner
    app_id: str
    graph: str
    model_id: str
    model_version: str
    zone: str
    digest_at: dt.time
    digest_zone: str
    digest_channel: str
    digest_on: bool
    revision: int  # of the thresholds people asked for
    applied_revision: int  # of the thresholds the workflow runs
    live_since: dt.datetime | None
    seen_until: dt.datetime | None
    previous_workflow: str | None
    older_pending: int
    take_older: bool
    coin_secret: bytes
    customs: Customs = field(default_factory=Customs)

    @property
    def digest_time(self) -> DigestTime:
        return DigestTime(self.digest_at, self.digest_zone)

    @property
    def takes_work(self) -> bool:
        """New images are labelled and cards are posted."""
        return self.state is ProjectState.LIVE

    @property
    def writes_back(self) -> bool:
        """Decisions are carried to Clarifai, also during a pause."""
        return self.state in {ProjectState.LIVE, ProjectState.PAUSED}
