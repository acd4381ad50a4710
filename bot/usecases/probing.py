"""A fiftieth of the inputs is also read below the floor, and what lies there is put to people like anything else."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.blueprint import WORKFLOW_ID
from bot.domain.errors import AlreadyExists, NotFound, PlatformRefused, PlatformUnavailable, WrongKey
from bot.domain.probes import below_the_floor, probe_id, probe_info, probed_values
from bot.usecases.crashing import Checkpoint
from bot.usecases.ports import AnnotationWrite, InputState
from bot.usecases.waiting import wait_after

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bot.domain.annotations import Suggestion
    from bot.domain.evidence import Ledger
    from bot.domain.probes import ProbedValue
    from bot.domain.projects import Project
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, InputFacts, LabellingPlatform

log = logging.getLogger(__name__)

READ_AT_ONCE = 20  # inputs in one run of the pass
MOST_REFUSALS = 5  # then the input is left unread
LONGEST_WAIT = dt.timedelta(hours=1)
STILL_WORKING = dt.timedelta(seconds=5)  # before it is asked again whether Clarifai is through with an input


@dataclass(frozen=True)
class WaitingProbe:
    """An input that is still to be read. `values` are there if it was, and only the asking is left."""

    input_id: str
    url: str  # where a list said it is; empty for a file
    attempts: int
    values: tuple[ProbedValue, ...] = ()


class ProbeStore(Protocol):
    """Inputs whose coin fell."""

    def waiting(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[WaitingProbe]: ...

    def floors(self, project_id: str) -> Mapping[str, float]:
        """The floor in force, by id, of each concept that is labelled."""

    def ledgers(self, project: Project, *, now: dt.datetime) -> Mapping[str, Ledger]: ...

    def asked(self, project_id: str, input_ids: Sequence[str]) -> Collection[tuple[str, str]]: ...

    def said(self, project_id: str, input_id: str, values: Sequence[ProbedValue]) -> None:
        """Keep what the model said; what was kept before stays."""

    def read(self, project_id: str, input_id: str) -> None: ...

    def failed(self, project_id: str, input_id: str, problem: str) -> None: ...

    def put_off(
        self, project_id: str, input_id: str, attempts: int, problem: str, *, not_before: dt.datetime
    ) -> None: ...


@dataclass(frozen=True)
class ProbeWork:
    """What probing works with."""

    store: ProbeStore
    clock: Clock
    reached: Reached


def probe(
    work: ProbeWork, platform: LabellingPlatform, project: Project, *, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Read the inputs that were drawn and ask people about what the floor drops there; return how many are through.

    The values are kept before anybody is asked. A crash after that costs posting one annotation again, which its id
    makes a repeat and not a second one.
    """
    todo = work.store.waiting(project.id, now=work.clock(), limit=READ_AT_ONCE)
    facts = platform.read_inputs([one.input_id for one in todo]) if todo else {}
    done = 0
    for one in todo:
        if not go_on():
            break
        fact = facts[one.input_id]
        if fact.state is InputState.WORKING:
            work.store.put_off(project.id, one.input_id, one.attempts, "", not_before=work.clock() + STILL_WORKING)
            continue
        try:
            if fact.state is not InputState.READY:
                raise NotFound(fact.reason or "Clarifai does not hold the input.")
            _probe(work, platform, project, one, fact)
        except (PlatformUnavailable, WrongKey) as away:
            _put_off(work, project, one, away)
            break
        except PlatformRefused as refused:
            done += _refused(work, project, one, fact, refused)
        else:
            done += 1
    return done


def _probe(work: ProbeWork, platform: LabellingPlatform, project: Project, one: WaitingProbe, fact: InputFacts) -> None:
    values = one.values or _read(work, platform, project, one, fact)
    asked = {concept_id for _, concept_id in work.store.asked(project.id, [one.input_id])}
    state = below_the_floor(values, asked)
    if state:
        write = AnnotationWrite(probe_id(one.input_id), one.input_id, state, probe_info())
        [written] = platform.add_annotations([write])
        if written.error and not isinstance(written.error, AlreadyExists):
            raise written.error
        work.reached(Checkpoint.PROBE_WRITTEN)
    work.store.read(project.id, one.input_id)


def _read(
    work: ProbeWork, platform: LabellingPlatform, project: Project, one: WaitingProbe, fact: InputFacts
) -> tuple[ProbedValue, ...]:
    ledgers = work.store.ledgers(project, now=work.clock())
    floors = work.store.floors(project.id)
    said = _dry_run(platform, one, fact)
    values = probed_values(said, floors, {concept_id: ledger.id for concept_id, ledger in ledgers.items()})
    work.store.said(project.id, one.input_id, values)
    work.reached(Checkpoint.PROBE_READ)
    return values


def _dry_run(platform: LabellingPlatform, one: WaitingProbe, fact: InputFacts) -> Sequence[Suggestion]:
    """Run the workflow over the picture that Clarifai keeps; over its address where only Clarifai may read it."""
    try:
        picture = platform.fetch_picture(fact)
    except WrongKey:
        raise
    except PlatformRefused:
        if not (fact.url or one.url):
            raise
        return platform.dry_run(WORKFLOW_ID, url=fact.url or one.url)
    return platform.dry_run(WORKFLOW_ID, image=picture)


def _refused(work: ProbeWork, project: Project, one: WaitingProbe, fact: InputFacts, refused: PlatformRefused) -> bool:
    """Leave an input unread for good, or put it off; say which. One that is not there may still be on its way."""
    if fact.state is InputState.FAILED or one.attempts + 1 >= MOST_REFUSALS:
        log.warning("probe: %s of %s is left unread: %s", one.input_id, project.id, refused)
        work.store.failed(project.id, one.input_id, str(refused))
        return True
    _put_off(work, project, one, refused)
    return False


def _put_off(work: ProbeWork, project: Project, one: WaitingProbe, why: Exception) -> None:
    wait = wait_after(one.attempts, LONGEST_WAIT)
    log.info("probe: %s of %s waits %s: %s", one.input_id, project.id, wait, why)
    work.store.put_off(project.id, one.input_id, one.attempts + 1, str(why), not_before=work.clock() + wait)
