"""The workflow runs the thresholds that are wanted, and proves that it does."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import blueprint
from bot.domain.concepts import ModelRef
from bot.domain.errors import PlatformRefused, PlatformUnavailable
from bot.usecases.branching import OnlyAllOff, ensure_thresholders
from bot.usecases.steps import Step
from bot.usecases.waiting import wait_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.cutting import CutStore
    from bot.usecases.ports import Clock, LabellingPlatform
    from bot.usecases.steps import SetUp

log = logging.getLogger(__name__)

LONGEST_WAIT = dt.timedelta(minutes=5)


def apply_cuts(
    store: CutStore, platform_of: Callable[[Project], LabellingPlatform], clock: Clock, project: Project
) -> bool:
    """Have the workflow run the newest thresholds; say whether it does now.

    The mapper and the writers are looked up too, and one that somebody deleted is made again: with a version missing
    the workflow would label nothing. New versions of the three thresholders, one change of the workflow, then the
    proof: the app's default workflow must show the version that was made. A crash costs repeating it; versions that fit
    are found, not made again.
    """
    with store.alone(f"thresholds {project.id}") as alone:
        wanted = store.wanted(project.id, now=clock()) if alone else None
        if wanted is None:
            return False
        try:
            set_up = replace(store.set_up(project.id), cuts=store.cuts(project.id, wanted.number))
            made_again = _apply(set_up, platform_of(project), is_live=project.live_since is not None)
        except PlatformUnavailable as away:
            wait = wait_after(wanted.attempts, LONGEST_WAIT)
            log.warning("thresholds: revision %d of %s waits %s: %s", wanted.number, project.id, wait, away)
            store.apply_later(project, wanted, str(away), not_before=clock() + wait)
            return False
        except PlatformRefused as refused:
            log.error("thresholds: revision %d of %s was refused: %s", wanted.number, project.id, refused)  # noqa: TRY400 - not our fault, no trace
            instead = _all_off(set_up.cuts) if wanted.is_alarm and isinstance(refused, OnlyAllOff) else ()
            store.apply_failed(project, wanted, str(refused), instead=instead, now=clock())
            return False
        store.made_again(project.id, made_again)
        gone = f"These were gone from Clarifai and were made again: {', '.join(sorted(made_again))}."
        store.applied(project, wanted, notes=[gone] if made_again else [], now=clock())
        return True


def _all_off(cuts: Sequence[ConceptThreshold]) -> Sequence[ConceptThreshold]:
    """Return what keeps a concept whose checks went bad from labelling unseen where it cannot be switched off alone."""
    return [cut.switched_off() for cut in cuts]


def _apply(set_up: SetUp, platform: LabellingPlatform, *, is_live: bool) -> Mapping[str, str]:
    """Have the workflow run these cuts; return the models that somebody had removed a version of, with a new one."""
    recorded = {
        r["model"]: r["version"]
        for r in set_up.results.values()
        if "model" in r and "version" in r and isinstance(r["model"], str)
    }
    steady = (blueprint.mapper(set_up.project.graph), *blueprint.writers(set_up.project.user_id))
    versions = {plan.id: platform.ensure_model(plan) for plan in steady}
    made_again = {model: version for model, version in versions.items() if recorded.get(model) != version}
    branching, ensured = ensure_thresholders(platform, set_up.cuts)
    versions |= ensured
    chosen = set_up.results[Step.FIND]["model"]
    nodes = blueprint.nodes(versions, ModelRef(**chosen) if chosen else None, branching)
    version = platform.ensure_workflow(blueprint.WORKFLOW_ID, nodes)
    if not is_live or platform.default_workflow() == (blueprint.WORKFLOW_ID, version):
        return made_again
    platform.set_default_workflow(blueprint.WORKFLOW_ID)
    if platform.default_workflow() != (blueprint.WORKFLOW_ID, version):
        raise PlatformUnavailable("Clarifai took the new thresholds and its default workflow does not show them yet")
    return made_again
