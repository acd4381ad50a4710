"""What command lines work with: the line itself, its answer, and the tables behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import Refused
from bot.domain.roles import may
from bot.domain.views import NoteView
from bot.usecases.own_mistakes import COMMAND
from bot.usecases.replaying import Replays

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.curves import Curve
    from bot.domain.dossiers import Dossier
    from bot.domain.projects import Project
    from bot.domain.proofs import Proof
    from bot.domain.reviewers import Reviewer
    from bot.domain.roles import Action, Person
    from bot.domain.thresholds import BelowFloor
    from bot.usecases.cutting import CutStore
    from bot.usecases.digesting import DigestStore
    from bot.usecases.directing import Account, ProjectStore
    from bot.usecases.exporting.ports import ExportAsks
    from bot.usecases.ports import Clock, LabellingPlatform

    Verb = Callable[["Office", "Line", Person, str], "Answer"]

ANNOTATE, THRESHOLDS = "/annotate", COMMAND

NO_PROJECT = "This channel is not set up. Try: /annotate setup people man adult"

Answer = NoteView


def said(*lines: str) -> Answer:
    """Answer in plain lines."""
    return NoteView(lines)


@dataclass(frozen=True)
class Line:
    """One command line as somebody typed it, in a channel of a workspace; `thread_ts` where it stood in a thread."""

    team_id: str
    channel_id: str
    user_id: str
    command: str
    text: str
    thread_ts: str = ""


class LineStore(Protocol):
    """People's standing, and lines that a job finishes."""

    def person(
        self, team_id: str, user_id: str, home_team_id: str = "", *, known_since: dt.datetime | None = None
    ) -> Person:
        """What Slack said of somebody; their standing counts as unknown when Slack said it before `known_since`."""

    def learn(self, person: Person, *, now: dt.datetime) -> None: ...

    def defer(self, line: Line, *, now: dt.datetime) -> None: ...

    def defer_once(self, key: str, line: Line, *, now: dt.datetime) -> bool:
        """Leave the line to a job unless a delivery of this key did before; one transaction."""

    def claim_line(self, *, now: dt.datetime) -> tuple[int, int, Line] | None:
        """Take the next line to finish: its id, the tries so far, the line. A claim lapses after 15 s."""

    def finish_line(self, line_id: int, line: Line, answer: Answer, *, now: dt.datetime) -> None: ...


@dataclass(frozen=True)
class OpenPicture:
    """A picture of the project, and the names of the concepts that people are being asked about it right now."""

    input_id: str
    name: str
    file_id: str
    asked: tuple[str, ...]


class Lookups(Protocol):
    """What people ask to see."""

    def names(self, project_id: str) -> Mapping[str, str]: ...

    def waiting(self, project_id: str) -> int:
        """How many reviews wait for people, counted up to `MOST_COUNTED`."""

    def waiting_count(self, project_id: str, concept_id: str) -> int:
        """How many pictures people are being asked about, in all or (with a `concept_id`) about one concept."""

    def waiting_pictures(self, project_id: str, concept_id: str, *, offset: int, limit: int) -> Sequence[OpenPicture]:
        """Those pictures, the ones that wait longest first."""

    def known_pictures(self, project_id: str, input_ids: Sequence[str]) -> Mapping[str, OpenPicture]:
        """What the bot knows of these inputs, by id; those that it has never seen are left out."""

    def history(self, project_id: str, *, by: str, about: str, page: int) -> Sequence[str]:
        """Who changed or decided what, newest first: one person, about one picture (name or input id), or all."""

    def cut_history(self, project_id: str, *, page: int) -> Sequence[str]:
        """Who changed which thresholds, newest first."""

    def status(self, project: Project) -> tuple[str, ...]: ...

    def reviewers(self, project: Project) -> Sequence[Reviewer]:
        """Everybody who gave a final answer."""

    def forecasts(self, project_id: str) -> tuple[str, ...]:
        """What would become of the images that wait for *Go live*, one line each."""


class Proofs(Replays, Protocol):
    """What people's answers prove."""

    def proofs(self, project_id: str) -> Mapping[str, Proof]:
        """What was made of the evidence last, by concept id; concepts without any are left out."""


class Dossiers(Protocol):
    """All that is known of each concept."""

    def with_checks(self, project_id: str, many: int) -> frozenset[str]:
        """The ids of the concepts with so many answered checks, at least."""

    def dossiers(self, project_id: str, concept_id: str = "") -> Mapping[str, Dossier]:
        """The dossiers of all concepts, or (with a `concept_id`) of one, by concept id."""


class BelowFloors(Protocol):
    """What inputs that were drawn by a coin show about everything that lies below a floor."""

    def below_floors(self, project_id: str) -> Mapping[str, BelowFloor]:
        """The counts of each concept, by its id."""

    def below_floor_lines(self, project_id: str) -> tuple[str, ...]:
        """The same in words, with the floor that could be, concept by concept; "unknown" where nothing is known."""


class NeedsPlatform(Exception):
    """The answer needs Clarifai or Slack, which a listener never calls, or counts longer than Slack waits."""


@dataclass(frozen=True)
class Office:
    """What command lines work with. The last three are absent in listeners, which make no network calls."""

    lines: LineStore
    projects: ProjectStore
    cuts: CutStore
    digests: DigestStore
    lookups: Lookups
    proofs: Proofs
    dossiers: Dossiers
    below: BelowFloors
    exports: ExportAsks
    account: Account | None
    clock: Clock
    platform_of: Callable[[Project], LabellingPlatform] | None = None
    take_thread: Callable[[Line, Person], str] | None = None
    show_curve: Callable[[Curve], str] | None = None


def project_of(office: Office, line: Line, person: Person, action: Action) -> Project:
    """Find the channel's project and check that `person` may do `action` there."""
    project = office.projects.in_channel(line.team_id, line.channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    may(person, action, team_id=line.team_id, set_up_by=project.set_up_by)
    return project
