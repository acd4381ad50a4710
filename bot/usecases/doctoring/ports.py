"""What the doctor asks of the outside: facts only, judged elsewhere. Nothing here changes anything that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.concepts import ModelRef
    from bot.usecases.ports import AppFacts


@dataclass(frozen=True)
class Server:
    """The database server: its version as it says it and as a number (180001 is 18.1), and its clock."""

    version: str
    number: int
    now: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits in the database and what was given up. Times are aware UTC, None where nothing is."""

    unwritten: int = 0  # annotations with decisions that Clarifai does not have yet
    unwritten_since: datetime | None = None
    problem: str = ""  # why the oldest of them is not written
    late_since: datetime | None = None  # when the oldest job came that is due and not begun
    stalled: int = 0  # jobs of workers that give no sign of life
    dead: tuple[tuple[str, int], ...] = ()  # (what was given up and why, how many)


@dataclass(frozen=True)
class ProjectPlace:
    """Where a project lives and what it uses, as far as it can be read without opening a secret."""

    id: str
    team_id: str
    channel_id: str
    user_id: str  # Clarifai's
    app_id: str
    model: ModelRef | None  # in General's place
    is_made: bool  # its set-up is complete, so its app must stand
    has_own_key: bool


class StoreCheckUp(Protocol):
    """Our database. Every question has a deadline and raises StoreUnavailable only."""

    def server(self) -> Server: ...

    def schema(self) -> tuple[str, str]:
        """Return (the revision the database stands at, empty for none, and the one this version needs)."""

    def waiting(self) -> Waiting: ...

    def places(self) -> Sequence[ProjectPlace]:
        """Every project that was not left."""

    def sealed_shut(self) -> Sequence[str]:
        """Name the channels with a secret that does not open with the keys at hand."""


class PlatformCheckUp(Protocol):
    """One Clarifai app, reached with one key; raises PlatformError only."""

    def prove_ownership(self) -> str:
        """Return the id of the user whose key this is; raise WrongKey unless that user owns the app."""

    def read_app(self) -> AppFacts | None: ...

    def resolve_model(self, model: ModelRef) -> ModelRef:
        """Return `model` with a version that exists, the newest unless it names one; raise NotFound for none."""

    def refused_calls(self) -> Sequence[str]:
        """Name those of the bot's calls that Clarifai does not allow this key; see the adapter for what is proven."""


@dataclass(frozen=True)
class Introduction:
    """What auth.test says of the bot: None where Slack (or a stand-in) does not tell."""

    team_id: str
    user_id: str
    scopes: frozenset[str] | None
    now: datetime | None  # Slack's clock, to the second


@dataclass(frozen=True)
class ChannelFacts:
    """A channel as the bot sees it."""

    name: str
    is_member: bool
    is_archived: bool


class ChatCheckUp(Protocol):
    """One Slack workspace; raises ChatError only."""

    def introduce(self) -> Introduction: ...

    def connect(self) -> None:
        """Ask for a Socket Mode address with the app-level token; the address is not used."""

    def channel(self, channel_id: str) -> ChannelFacts: ...

    def read_files(self) -> None:
        """Ask about a file that does not exist; raise ChatRefused when files may not be asked about at all."""

    def refused_samples(self) -> Sequence[str] | None:
        """Let Slack validate some messages; name those it refuses and why. None where it validates none."""
