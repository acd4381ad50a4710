"""Which pass does what, for whom, and which follows it."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import TYPE_CHECKING

from bot.domain.errors import PlatformError
from bot.storage.due import Due
from bot.storage.labels import SqlLabels
from bot.storage.notes import SqlNotes
from bot.storage.pictures import SqlPictures
from bot.usecases.commanding import finish_lines
from bot.usecases.cutting import apply_cuts
from bot.usecases.digesting import post_digests
from bot.usecases.discovering import discover
from bot.usecases.picturing import show_pictures
from bot.usecases.posting import post_due, recover_posts, redraw
from bot.usecases.setting_up import run_steps
from bot.usecases.settling import settle
from bot.usecases.taking_uploads import ended_inputs, take_uploads
from bot.usecases.telling import tell
from bot.work import LONGEST_PASS_S, Pass, Passes, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from bot.domain.projects import Project
    from bot.storage.projects import SqlProjects
    from bot.usecases.commanding import Office
    from bot.usecases.ports import LabellingPlatform
    from bot.usecases.posting import Desk
    from bot.usecases.taking_uploads import Intake
    from bot.web import Metrics

FORGET_AFTER = dt.timedelta(hours=1)  # Slack repeats an event for some minutes
SOON_S = (1.0, 2.0, 4.0, 8.0)  # a fresh upload is looked at after these, besides the clock


def make_passes(
    *,
    engine: Engine,
    projects: SqlProjects,
    platform_of: Callable[[Project], LabellingPlatform],
    office: Office,
    intake: Intake,
    posting: Desk,
    metrics: Metrics,
) -> Passes:
    """Tie each pass to what it works with. Every pass may run at any time, twice, or next to itself."""
    due, labels, pictures, notes = Due(engine), SqlLabels(engine), SqlPictures(engine), SqlNotes(engine)
    chat, clock, reached = posting.chat, posting.clock, posting.reached

    def for_project(run: Callable[[Project, LabellingPlatform], int]) -> Callable[[str], int]:
        def one(project_id: str) -> int:
            project = projects.project(project_id)
            return run(project, platform_of(project))

        return one

    def set_up(project_id: str) -> int:
        return run_steps(
            projects, platform_of, clock, reached, project_id, for_s=LONGEST_PASS_S, monotonic=time.monotonic
        )

    def apply(project_id: str) -> int:
        return apply_cuts(office.cuts, platform_of, clock, projects.project(project_id))

    def look(project: Project, platform: LabellingPlatform) -> int:
        ended = ended_inputs(intake.store, platform, project)
        found = discover(labels, platform, clock, reached, project)
        return found + intake.store.finished(project, ended)

    def take(project: Project, platform: LabellingPlatform) -> int:
        return take_uploads(intake, platform, project, for_s=LONGEST_PASS_S)

    def show(project: Project, platform: LabellingPlatform) -> int:
        return show_pictures(pictures, chat, platform, intake.pictures, clock, project)

    def carry(project: Project, platform: LabellingPlatform) -> int:
        return settle(labels, platform, clock, reached, project)

    works = {
        Pass.SET_UP: Work(set_up, due.looks("set_up"), then=(Pass.POST, Pass.REDRAW, Pass.TAKE_UPLOADS)),
        Pass.APPLY_CUTS: Work(apply, due.looks("cuts"), then=(Pass.POST, Pass.REDRAW)),
        Pass.TAKE_UPLOADS: Work(
            for_project(take),
            due.looks("uploads"),
            then=(Pass.REDRAW, Pass.DISCOVER),
            look_again=(Pass.DISCOVER,),
            look_again_s=SOON_S,
        ),
        Pass.DISCOVER: Work(
            for_project(look), due.looks("discover"), then=(Pass.SHOW_PICTURES, Pass.POST, Pass.REDRAW)
        ),
        Pass.SHOW_PICTURES: Work(for_project(show), due.looks("pictures"), then=(Pass.POST,)),
        Pass.SETTLE: Work(for_project(carry), due.looks("settle"), then=(Pass.REDRAW, Pass.POST)),
        Pass.POST: Work(lambda _: post_due(posting, for_s=LONGEST_PASS_S), then=(Pass.REDRAW,)),
        Pass.REDRAW: Work(lambda _: redraw(posting, for_s=LONGEST_PASS_S), then=(Pass.POST,)),
        Pass.RECOVER: Work(lambda _: recover_posts(posting), then=(Pass.POST, Pass.REDRAW)),
        Pass.TELL: Work(lambda _: tell(notes, chat, clock), then=(Pass.SETTLE, Pass.REDRAW)),  # an admin's late *Undo*
        Pass.COMMANDS: Work(
            lambda _: finish_lines(office, chat),
            then=(Pass.TELL, Pass.SET_UP, Pass.APPLY_CUTS, Pass.POST, Pass.REDRAW, Pass.TAKE_UPLOADS, Pass.DISCOVER),
        ),
        Pass.DIGESTS: Work(lambda _: post_digests(office.digests, clock), then=(Pass.POST,)),
        Pass.FORGET_SEEN: Work(lambda _: due.forget_seen(before=clock() - FORGET_AFTER)),
    }
    return {name: _watched(name, work, metrics) for name, work in works.items()}


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
