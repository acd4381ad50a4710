"""Set-up: a saga whose steps are rows. Each step is get-or-create by fixed id, so repeating one changes nothing."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Protocol

from bot.domain import blueprint
from bot.domain.concepts import ModelRef
from bot.domain.errors import PlatformRefused, PlatformUnavailable, Refused
from bot.domain.projects import ProjectState
from bot.usecases.crashing import Checkpoint
from bot.usecases.ports import ModelConcept, RelationPlan
from bot.usecases.steps import GOING_LIVE, LEAVING, SETTING_UP, Result, SetUp, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bot.domain.concepts import Concept
    from bot.domain.projects import Project
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, LabellingPlatform

log = logging.getLogger(__name__)

NO_WORKFLOW = "Empty"  # Clarifai's own workflow that does nothing; a default cannot be taken away, only replaced


class SetUpStore(Protocol):
    """The steps of set-ups."""

    def alone(self, what: str) -> AbstractContextManager[bool]:
        """Hold the door to `what` against every other process; False when somebody else is inside. No transaction."""

    def set_up(self, project_id: str) -> SetUp: ...

    def next_step(self, project_id: str, *, now: dt.datetime) -> Step | None:
        """The first step that is not done; None when all are, when it failed, or when it waits for a later time."""

    def step_done(self, project_id: str, step: Step, result: Result) -> None:
        """Record the step, once, and have the checklist drawn."""

    def step_later(self, project_id: str, step: Step, problem: str, *, now: dt.datetime, wait_s: float) -> None:
        """Note what the step waits for; it is tried after `wait_s`, doubled with each attempt up to 5 minutes."""

    def step_failed(self, project_id: str, step: Step, problem: str) -> None: ...

    def ready(self, project_id: str) -> None:
        """All steps of the set-up are done: the project is ready, not live."""

    def live(self, project_id: str, *, since: dt.datetime) -> None:
        """All steps of going live are done: from now on every added image is annotated, and kept uploads are taken."""

    def left(self, project_id: str) -> bool:
        """The old default is back: unbind the channel once every decision stands in Clarifai; say whether it is."""


def door_of_set_up(project_id: str) -> str:
    """Name the door (`SetUpStore.alone`) behind which the steps of a project's set-up are done."""
    return f"set-up {project_id}"


def run_steps(
    store: SetUpStore,
    platform_of: Callable[[Project], LabellingPlatform],
    clock: Clock,
    reached: Reached,
    project_id: str,
    *,
    for_s: float,
    monotonic: Callable[[], float],
) -> int:
    """Carry a set-up (or going live) on from where it is; return how many steps were done.

    Stops at the first step that Clarifai cannot do now; the clock comes back to it. A crash after a step was done
    remotely and before it was recorded costs one repetition, which finds what it made.
    """
    done, started = 0, monotonic()
    with store.alone(door_of_set_up(project_id)) as alone:
        while alone and monotonic() - started < for_s:
            step = store.next_step(project_id, now=clock())
            if step is None or not _run(store, platform_of, clock, reached, project_id, step):
                break
            done += 1
        if alone:
            _finish(store, project_id)
    return done


def _run(
    store: SetUpStore,
    platform_of: Callable[[Project], LabellingPlatform],
    clock: Clock,
    reached: Reached,
    project_id: str,
    step: Step,
) -> bool:
    set_up, began = store.set_up(project_id), clock().isoformat()
    try:
        result = _WORK[step](set_up, platform_of(set_up.project))
    except PlatformUnavailable as away:
        log.warning("set-up: %s of %s waits: %s", step, project_id, away)
        store.step_later(project_id, step, str(away), now=clock(), wait_s=max(away.retry_after_s, 1.0))
        return False
    except (PlatformRefused, Refused) as refused:
        log.warning("set-up: %s of %s failed: %s", step, project_id, refused)
        store.step_failed(project_id, step, str(refused))
        return False
    reached(Checkpoint.STEP_DONE_REMOTELY)
    store.step_done(project_id, step, {**result, "began": began})
    reached(Checkpoint.STEP_RECORDED)
    return True


def _finish(store: SetUpStore, project_id: str) -> None:
    set_up = store.set_up(project_id)
    if set_up.project.state is ProjectState.SETTING_UP and all(s in set_up.results for s in SETTING_UP):
        store.ready(project_id)
    if set_up.project.state is ProjectState.READY and all(s in set_up.results for s in GOING_LIVE):
        began = dt.datetime.fromisoformat(set_up.results[Step.REMEMBER]["began"])
        store.live(project_id, since=began)  # inputs added while the default changes belong to us

    if all(s in set_up.results for s in LEAVING):
        store.left(project_id)


def _prove(set_up: SetUp, platform: LabellingPlatform) -> Result:
    del set_up
    return {"owner": platform.prove_ownership()}


def _read(set_up: SetUp, platform: LabellingPlatform) -> Result:
    facts = platform.read_app()
    if facts is None:
        return {"exists": False, "said": f"{set_up.project.app_id} does not exist yet; it is created now"}
    default = f"its default workflow is {facts.default_workflow}" if facts.default_workflow else "no default workflow"
    said = f"{set_up.project.app_id} holds {facts.inputs} input{_s(facts.inputs)}, {facts.pending} pending "
    said += f"annotation{_s(facts.pending)}, {default}"
    return {"exists": True, "said": said, "default_workflow": facts.default_workflow, "pending": facts.pending}


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _app(set_up: SetUp, platform: LabellingPlatform) -> Result:
    platform.create_app()
    return {"said": set_up.project.app_id}


def _find(set_up: SetUp, platform: LabellingPlatform) -> Result:
    model = platform.resolve_model(set_up.model) if set_up.model else None
    found = find_objects(platform, set_up.concepts, model)
    objects = {n: {"id": c.id, "name": c.name, "app_id": c.app_id} for n, c in found.items()}
    return {"objects": objects, "model": {"id": model.id, "version": model.version} if model else None}


def find_objects(
    platform: LabellingPlatform, concepts: Sequence[Concept], model: ModelRef | None
) -> Mapping[str, ModelConcept]:
    """Find the model's concepts that `concepts` are linked with, by name.

    Raises:
        Refused: the model does not know one of the names; with the five nearest it knows.
    """
    names = sorted({r.object_name for c in concepts for r in c.relations})
    found = platform.find_concepts(names, model)
    for name in names:
        if found.get(name) is None:
            nearest = platform.nearest_names(name, model)
            hint = f" The nearest it knows: {', '.join(nearest)}." if nearest else ""
            raise Refused(
                f"The model knows no concept “{name}”.{hint} Run setup again with another name, "
                "or link yours with one of these, for example: setup person=people"
            )
    return {name: concept for name, concept in found.items() if concept}


def _concepts(set_up: SetUp, platform: LabellingPlatform) -> Result:
    platform.ensure_concepts(set_up.concepts)
    return {"said": ", ".join(c.name for c in set_up.concepts)}


def _relations(set_up: SetUp, platform: LabellingPlatform) -> Result:
    graph, objects = set_up.project.graph, set_up.results[Step.FIND]["objects"]
    if graph:
        platform.ensure_graph(graph)
    plans = [
        RelationPlan(c.id, ModelConcept(**objects[r.object_name]), r.predicate, graph)
        for c in set_up.concepts
        for r in c.relations
    ]
    platform.ensure_relations(plans)
    if set_up.removed:
        platform.remove_relations(set_up.removed)
    words = {"synonym": "=", "hypernym": ">", "hyponym": "<"}
    said = (f"{c.name} {words[r.predicate]} {r.object_name}" for c in set_up.concepts for r in c.relations)
    return {"said": ", ".join(said)}


def _model_step(plan: Callable[[SetUp], blueprint.ModelPlan]) -> Callable[[SetUp, LabellingPlatform], Result]:
    def work(set_up: SetUp, platform: LabellingPlatform) -> Result:
        planned = plan(set_up)
        return {"model": planned.id, "version": platform.ensure_model(planned)}

    return work


def _workflow(set_up: SetUp, platform: LabellingPlatform) -> Result:
    made = {r["model"]: r["version"] for s, r in set_up.results.items() if s in _MODEL_STEPS}
    chosen = set_up.results[Step.FIND]["model"]
    nodes = blueprint.nodes(made, ModelRef(**chosen) if chosen else None)
    version = platform.ensure_workflow(blueprint.WORKFLOW_ID, nodes)
    return {"version": version, "said": blueprint.WORKFLOW_ID}


def _remember(set_up: SetUp, platform: LabellingPlatform) -> Result:
    del set_up
    workflow, _ = platform.default_workflow()
    facts = platform.read_app()
    return {
        "previous": "" if workflow == blueprint.WORKFLOW_ID else workflow,
        "pending": facts.pending if facts else 0,
        "said": workflow or "there was none",
    }


def _default(set_up: SetUp, platform: LabellingPlatform) -> Result:
    del set_up
    platform.set_default_workflow(blueprint.WORKFLOW_ID)
    workflow, version = platform.default_workflow()
    if workflow != blueprint.WORKFLOW_ID:
        raise PlatformUnavailable("Clarifai took the new default workflow and does not show it yet")
    return {"version": version}


def _restore(set_up: SetUp, platform: LabellingPlatform) -> Result:
    """Give the app its old default back, unless somebody has chosen another one since."""
    workflow, _ = platform.default_workflow()
    if workflow != blueprint.WORKFLOW_ID:
        return {"said": f"its default workflow is {workflow or 'none'} already"}
    old = set_up.project.previous_workflow or NO_WORKFLOW
    platform.set_default_workflow(old)
    if platform.default_workflow()[0] == blueprint.WORKFLOW_ID:
        raise PlatformUnavailable("Clarifai took the old default workflow and does not show it yet")
    return {"said": "nothing runs on added images, as before" if old == NO_WORKFLOW else old}


_WORK: Mapping[Step, Callable[[SetUp, LabellingPlatform], Result]] = {
    Step.PROVE: _prove,
    Step.READ: _read,
    Step.APP: _app,
    Step.FIND: _find,
    Step.CONCEPTS: _concepts,
    Step.RELATIONS: _relations,
    Step.MAPPER: _model_step(lambda s: blueprint.mapper(s.project.graph)),
    Step.FLOOR: _model_step(lambda s: blueprint.thresholders(s.cuts)[0]),
    Step.ACCEPT: _model_step(lambda s: blueprint.thresholders(s.cuts)[1]),
    Step.BELOW: _model_step(lambda s: blueprint.thresholders(s.cuts)[2]),
    Step.WRITE_SUCCESS: _model_step(lambda s: blueprint.writers(s.project.user_id)[0]),
    Step.WRITE_PENDING: _model_step(lambda s: blueprint.writers(s.project.user_id)[1]),
    Step.WORKFLOW: _workflow,
    Step.REMEMBER: _remember,
    Step.DEFAULT: _default,
    Step.RESTORE: _restore,
}
_MODEL_STEPS = (Step.MAPPER, Step.FLOOR, Step.ACCEPT, Step.BELOW, Step.WRITE_SUCCESS, Step.WRITE_PENDING)
