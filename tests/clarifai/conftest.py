from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import UserAppIDSet
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

from bot.clarifai import ClarifaiAccount, Patience
from bot.domain import blueprint
from bot.domain.concepts import read_request
from bot.domain.thresholds import ConceptThreshold
from bot.sandbox.clarifai import ClarifaiSandbox, Switches
from bot.sandbox.recognition import PlantedModel
from bot.usecases.ports import NewInput, RelationPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.clarifai import ClarifaiPlatform

HASTE = Patience(total_s=5.0, first_pause_s=0.01, longest_pause_s=0.05, cold_pause_s=0.01)
NAMES = ("people", "man", "adult", "woman", "car", "truck", "vehicle", "dog", "puppy", "mango", "manga")
SURE = {"people": 0.99, "man": 0.5, "adult": 0.05, "car": 0.7, "dog": 0.6}


@pytest.fixture
def model() -> PlantedModel:
    return PlantedModel(NAMES, default=SURE)


@pytest.fixture
def sandbox(model: PlantedModel) -> Iterator[ClarifaiSandbox]:
    with ClarifaiSandbox(model, rate_limit=None) as running:
        yield running


@pytest.fixture
def account(sandbox: ClarifaiSandbox) -> Iterator[ClarifaiAccount]:
    with ClarifaiAccount(sandbox.base, patience=HASTE, requests_per_s=1000) as opened:
        yield opened


@pytest.fixture
def platform(account: ClarifaiAccount) -> ClarifaiPlatform:
    """An app that stands, and nothing in it."""
    made = account.platform("demo", "team", "demo-key")
    made.create_app()
    return made


@dataclass
class Lab:
    """The walkthrough as a test speaks of it, and Clarifai's own client to look at what really stands there."""

    sandbox: ClarifaiSandbox
    platform: ClarifaiPlatform
    stub: V2Stub

    def ask(self, rpc: str, **fields: Any) -> Any:  # noqa: ANN401 - any of 273 replies
        scope = UserAppIDSet(user_id="demo", app_id="team")
        request = getattr(api, f"{rpc}Request")(user_app_id=scope, **fields)
        return getattr(self.stub, rpc)(request, metadata=(("authorization", "Key demo-key"),), timeout=10)

    def set_up(self, asked: str = "people man adult", cuts: Sequence[ConceptThreshold] = ()) -> str:
        """Do every step once; return the workflow's version."""
        request, platform = read_request(asked), self.platform
        found = platform.find_concepts(
            [link.object_name for c in request.concepts for link in c.relations], request.model
        )
        platform.ensure_concepts(request.concepts)
        platform.ensure_graph(request.graph)
        platform.ensure_relations(
            [
                RelationPlan(concept.id, known, link.predicate, request.graph)
                for concept in request.concepts
                for link in concept.relations
                if (known := found[link.object_name])
            ]
        )
        thresholds = cuts or [ConceptThreshold(concept.id) for concept in request.concepts]
        plans = [blueprint.mapper(request.graph), *blueprint.thresholders(thresholds), *blueprint.writers("demo")]
        versions = {plan.id: platform.ensure_model(plan) for plan in plans}
        chosen = platform.resolve_model(request.model) if request.model else None
        return platform.ensure_workflow(blueprint.WORKFLOW_ID, blueprint.nodes(versions, chosen))

    def go_live(self) -> None:
        self.platform.set_default_workflow(blueprint.WORKFLOW_ID)

    def upload(self, *ids: str) -> None:
        """Add an input for each id and wait until the workflow has run."""
        assert self.platform.add_inputs([NewInput(one, one.encode()) for one in ids]) == dict.fromkeys(ids)
        self.sandbox.settled("team")

    def mapped(self) -> dict[str, float]:
        """What a dry run says of any picture, to two digits."""
        found = self.platform.dry_run(blueprint.WORKFLOW_ID, image=b"any")
        return {one.concept_id: round(one.value, 2) for one in found}


@contextmanager
def opened_lab(sandbox: ClarifaiSandbox, platform: ClarifaiPlatform) -> Iterator[Lab]:
    channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=sandbox.port)
    try:
        yield Lab(sandbox, platform, V2Stub(channel))
    finally:
        channel.close()


@pytest.fixture
def lab(sandbox: ClarifaiSandbox, platform: ClarifaiPlatform) -> Iterator[Lab]:
    with opened_lab(sandbox, platform) as made:
        yield made


@pytest.fixture
def lab_with() -> Iterator[Callable[[Switches], Lab]]:
    """Make a lab over another possible Clarifai."""
    with ExitStack() as opened:

        def make(switches: Switches) -> Lab:
            model = PlantedModel(NAMES, default=SURE)
            sandbox = opened.enter_context(ClarifaiSandbox(model, rate_limit=None, switches=switches))
            account = opened.enter_context(ClarifaiAccount(sandbox.base, patience=HASTE, requests_per_s=1000))
            platform = account.platform("demo", "team", "demo-key")
            platform.create_app()
            return opened.enter_context(opened_lab(sandbox, platform))

        yield make
