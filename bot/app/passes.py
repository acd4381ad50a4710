"""Which pass does what, for whom, and which follows it."""

from __future__ import annotations

import datetime as dt
import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import PlatformError, WrongKey
from bot.domain.troubles import Trouble
from bot.storage.checks import SqlChecks
from bot.storage.due import Due
from bot.storage.exports import SqlExports
from bot.storage.labels import SqlLabels
from bot.storage.notes import SqlNotes
from bot.storage.pictures import SqlPictures
from bot.storage.probes import SqlProbes
from bot.storage.second_looks import SqlSecondLooks
from bot.storage.weighing import SqlWeighing
from bot.usecases.applying_cuts import apply_cuts
from bot.usecases.checking_off import check_off
from bot.usecases.commanding import finish_lines
from bot.usecases.digesting import post_digests
from bot.usecases.discovering import discover
from bot.usecases.exporting.sharing import share_exports
from bot.usecases.forming import show_forms
from bot.usecases.homing import publish_homes
from bot.usecases.looking_again import look_again
from bot.usecases.picturing import show_pictures
from bot.usecases.posting import post_due, recover_posts, redraw
from bot.usecases.probing import ProbeWork, probe
from bot.usecases.setting_up import run_steps
from bot.usecases.settling import settle
from bot.usecases.taking_lists import ListWork, ended_addresses, take_lists
from bot.usecases.taking_uploads import ended_inputs, take_uploads
from bot.usecases.telling import tell
from bot.usecases.weighing import weigh
from bot.work import LONGEST_PASS_S, Pass, Passes, Work

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from bot.domain.projects import Project
    from bot.storage.lists import SqlLists
    from bot.storage.projects import SqlProjects
    from bot.storage.troubles import SqlTroubles
    from bot.usecases.commanding import Office
    from bot.usecases.exporting.sharing import ExportDesk
    from bot.usecases.forming import FormDesk
    from bot.usecases.homing import HomeDesk
    from bot.usecases.ports import LabellingPlatform
    from bot.usecases.posting import Desk
    from bot.usecases.taking_uploads import Intake
    from bot.web import Metrics

FORGET_AFTER = dt.timedelta(hours=1)  # Slack repeats an event for some minutes
SOON_S = (1.0, 2.0, 4.0, 8.0)  # a fresh upload is looked at after these, besides the clock


@dataclass(frozen=True)
class Tools:
    """What the passes of one process work with. `stopping` is set when the process is to end."""

    engine: Engine
    projects: SqlProjects
    platform_of: Callable[[Project], LabellingPlatform]
    office: Office
    forms: FormDesk
    homes: HomeDesk
    intake: Intake
    posting: Desk
    exports: ExportDesk
    lists: SqlLists
    troubles: SqlTroubles
    metrics: Metrics
    stopping: threading.Event

    def for_project(self, run: Callable[[Project, LabellingPlatform], int]) -> Callable[[str], int]:
        """Make a pass over one project out of what is done with the project and its app."""

        def one(project_id: str) -> int:
            project = self.projects.project(project_id)
            return run(project, self.platform_of(project))

        return one

    def go_on(self) -> Callable[[], bool]:
        """Return what a pass asks before each unit of work: whether there is time for another one."""
        ends_at = time.monotonic() + LONGEST_PASS_S
        return lambda: time.monotonic() < ends_at and not self.stopping.is_set()


def make_passes(tools: Tools) -> Passes:
    """Tie each pass to what it works with. Every pass may run at any time, twice, or next to itself."""
    due = Due(tools.engine)
    parts = (_directing, _taking_in, _answering, _talking)
    works = {name: work for part in parts for name, work in part(tools, due).items()}
    return {name: _watched(name, works[name], tools.metrics) for name in Pass}


def _directing(tools: Tools, due: Due) -> dict[Pass, Work]:
    """What people asked of their projects."""
    office, posting = tools.office, tools.posting

    def set_up(project_id: str) -> int:
        return run_steps(
            tools.projects,
            tools.platform_of,
            posting.clock,
            posting.reached,
            project_id,
            for_s=LONGEST_PASS_S,
            monotonic=time.monotonic,
        )

    def apply(project_id: str) -> int:
        return apply_cuts(office.cuts, tools.platform_of, posting.clock, tools.projects.project(project_id))

    return {
        Pass.SET_UP: Work(
            set_up, due.looks("set_up"), then=(Pass.POST, Pass.REDRAW, Pass.TAKE_UPLOADS, Pass.TAKE_LISTS)
        ),
        Pass.APPLY_CUTS: Work(apply, due.looks("cuts"), then=(Pass.POST, Pass.REDRAW)),
        Pass.COMMANDS: Work(
            lambda _: finish_lines(office, posting.chat, go_on=tools.go_on()),
            then=(
                Pass.TELL,
                Pass.SET_UP,
                Pass.APPLY_CUTS,
                Pass.POST,
                Pass.REDRAW,
                Pass.TAKE_UPLOADS,
                Pass.TAKE_LISTS,
                Pass.DISCOVER,
                Pass.EXPORT,
            ),
        ),
        Pass.FORMS: Work(
            lambda _: show_forms(tools.forms, go_on=tools.go_on()),
            then=(Pass.TELL, Pass.SET_UP, Pass.APPLY_CUTS, Pass.POST, Pass.REDRAW),
        ),
    }


def _taking_in(tools: Tools, due: Due) -> dict[Pass, Work]:
    """The first half of the river: from an image in Slack to a question with a picture."""
    intake, posting = tools.intake, tools.posting
    labels, pictures = SqlLabels(tools.engine), SqlPictures(tools.engine)
    chat, clock, reached = posting.chat, posting.clock, posting.reached
    lists = ListWork(tools.lists, chat, clock, reached, time.monotonic)
    probing = ProbeWork(SqlProbes(tools.engine), clock, reached)

    def take(project: Project, platform: LabellingPlatform) -> int:
        return take_uploads(intake, platform, project, for_s=LONGEST_PASS_S, go_on=tools.go_on())

    def take_addresses(project: Project, platform: LabellingPlatform) -> int:
        return take_lists(lists, platform, project, for_s=LONGEST_PASS_S, go_on=tools.go_on())

    def look(project: Project, platform: LabellingPlatform) -> int:
        with _watching_the_key(tools, project):
            ended = ended_inputs(intake.store, platform, project)
            fetched = ended_addresses(lists.store, platform, project, clock)
            found = discover(labels, platform, clock, reached, project, go_on=lambda: not tools.stopping.is_set())
        return found + intake.store.finished(project, ended) + lists.store.finished(project, fetched)

    def read_below(project: Project, platform: LabellingPlatform) -> int:
        return probe(probing, platform, project, go_on=tools.go_on())

    def show(project: Project, platform: LabellingPlatform) -> int:
        return show_pictures(pictures, chat, platform, intake.pictures, clock, project, go_on=tools.go_on())

    again = (Pass.DISCOVER,)
    taken, listed = (Pass.REDRAW, Pass.DISCOVER), (Pass.REDRAW, Pass.DISCOVER, Pass.TAKE_LISTS)
    found = (Pass.SHOW_PICTURES, Pass.POST, Pass.REDRAW, Pass.TELL)
    return {
        Pass.TAKE_UPLOADS: Work(
            tools.for_project(take), due.looks("uploads"), then=taken, look_again=again, look_again_s=SOON_S
        ),
        Pass.TAKE_LISTS: Work(
            tools.for_project(take_addresses), due.looks("lists"), then=listed, look_again=again, look_again_s=SOON_S
        ),
        Pass.DISCOVER: Work(tools.for_project(look), due.looks("discover"), then=found),
        Pass.PROBE: Work(tools.for_project(read_below), due.looks("probe"), then=(Pass.DISCOVER,)),
        Pass.SHOW_PICTURES: Work(tools.for_project(show), due.looks("pictures"), then=(Pass.POST,)),
    }


def _answering(tools: Tools, due: Due) -> dict[Pass, Work]:
    """The second half: from an answer to a decision that stands in Clarifai, and to what answers prove."""
    labels, looks, weighing = SqlLabels(tools.engine), SqlSecondLooks(tools.engine), SqlWeighing(tools.engine)
    clock, reached, projects = tools.posting.clock, tools.posting.reached, tools.projects

    def carry(project: Project, platform: LabellingPlatform) -> int:
        return settle(labels, platform, clock, reached, project)

    def weigh_all(project_id: str) -> int:
        return weigh(weighing, clock, projects.project(project_id), go_on=tools.go_on())

    def ask_again(project_id: str) -> int:
        return look_again(looks, clock, projects.project(project_id))

    written = (Pass.WEIGH, Pass.REDRAW, Pass.POST, Pass.CHECK_OFF)
    weighed = (Pass.APPLY_CUTS, Pass.SHOW_PICTURES, Pass.POST, Pass.REDRAW)
    return {
        Pass.SETTLE: Work(tools.for_project(carry), due.looks("settle"), then=written),
        Pass.WEIGH: Work(weigh_all, due.looks("weigh"), then=weighed),
        Pass.SECOND_LOOKS: Work(ask_again, looks.projects, then=(Pass.WEIGH, Pass.POST, Pass.REDRAW)),
    }


@contextmanager
def _watching_the_key(tools: Tools, project: Project) -> Iterator[None]:
    """Have the person who set up told when Clarifai no longer takes the key, and when it does again; once each.

    This pass asks Clarifai at every tick, so that it is the one to notice.
    """
    now = tools.posting.clock()
    try:
        yield
    except WrongKey as wrong:
        tools.troubles.begins(project.id, Trouble.KEY, str(wrong), now=now)
        raise
    tools.troubles.ends(project.id, Trouble.KEY, now=now)


def _talking(tools: Tools, due: Due) -> dict[Pass, Work]:
    """What the bot says, in channels and to one person."""
    posting, notes, checks = tools.posting, SqlNotes(tools.engine), SqlChecks(tools.engine)
    chat, clock = posting.chat, posting.clock

    def share(project_id: str) -> int:
        return share_exports(tools.exports, project_id, go_on=lambda: not tools.stopping.is_set())

    return {
        Pass.HOMES: Work(lambda _: publish_homes(tools.homes, go_on=tools.go_on())),
        Pass.POST: Work(lambda _: post_due(posting, for_s=LONGEST_PASS_S), then=(Pass.REDRAW,)),
        Pass.REDRAW: Work(lambda _: redraw(posting, for_s=LONGEST_PASS_S), then=(Pass.POST,)),
        Pass.RECOVER: Work(lambda _: recover_posts(posting, go_on=tools.go_on()), then=(Pass.POST, Pass.REDRAW)),
        Pass.TELL: Work(
            lambda _: tell(notes, chat, clock, go_on=tools.go_on()),
            then=(Pass.SETTLE, Pass.REDRAW),  # an admin's late *Undo*
        ),
        Pass.CHECK_OFF: Work(lambda _: check_off(checks, chat, clock, posting.reached, go_on=tools.go_on())),
        Pass.EXPORT: Work(share, SqlExports(tools.engine).projects, then=(Pass.TELL,)),
        Pass.DIGESTS: Work(lambda _: post_digests(tools.office.digests, clock), then=(Pass.POST,)),
        Pass.FORGET_SEEN: Work(lambda _: due.forget_seen(before=clock() - FORGET_AFTER)),
    }


def _watched(name: Pass, work: Work, metrics: Metrics) -> Work:
    """Count the runs of a pass; Clarifai being away is no failure of ours, and the next tick tries again."""

    def run(key: str) -> int:
        try:
            done = work.run(key)
        except PlatformError as away:
            metrics.passes.labels(name=name.value, outcome="away").inc()
            logging.getLogger(__name__).warning("%s: Clarifai, for %s: %s", name.value, key, away)
            return 0
        metrics.passes.labels(name=name.value, outcome="ran").inc()
        return done

    return Work(run, work.keys, work.then, work.look_again, work.look_again_s)
