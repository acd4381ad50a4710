"""One Clarifai, pretended or real, as the contracts ask it: through the gateway, and raw where the gateway asks not."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.domain import blueprint
from bot.domain.concepts import read_request
from bot.domain.thresholds import NO_FLOOR, ConceptThreshold
from bot.usecases.ports import NewInput, RelationPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

    from bot.clarifai import ClarifaiPlatform
    from bot.sandbox.clarifai import Switches
    from bot.usecases.ports import Seen

Generated = Any  # requests and replies of the RPCs share no type
PATIENCE_S = 60.0
CUTS = (ConceptThreshold("people", 0.5, NO_FLOOR), ConceptThreshold("man", 1.0, NO_FLOOR))


@dataclass
class Service:
    """A scratch app of one Clarifai. `switches` says how a pretended one behaves; None is the real one."""

    platform: ClarifaiPlatform
    stub: V2Stub
    user_id: str
    app_id: str
    key: str
    picture: bytes
    switches: Switches | None = None
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def fresh(self, what: str) -> str:
        """An id that no earlier run has left behind."""
        return f"{what}-{self._run}-{next(self._numbers)}"

    def ask(self, rpc: str, **fields: Generated) -> Generated:
        """Send a request whatever its status."""
        scope = res.UserAppIDSet(user_id=self.user_id, app_id=self.app_id)
        request = getattr(api, f"{rpc}Request")(user_app_id=scope, **fields)
        return getattr(self.stub, rpc)(request, metadata=(("authorization", f"Key {self.key}"),), timeout=60)

    def set_up(self, cuts: Sequence[ConceptThreshold] = CUTS) -> str:
        """Do every step of the walkthrough; return the workflow's version."""
        request, platform = read_request("people man"), self.platform
        found = platform.find_concepts([link.object_name for c in request.concepts for link in c.relations], None)
        platform.ensure_concepts(request.concepts)
        plans = [
            RelationPlan(concept.id, known, link.predicate)
            for concept in request.concepts
            for link in concept.relations
            if (known := found[link.object_name])
        ]
        platform.ensure_relations(plans)
        wanted = (blueprint.mapper(""), *blueprint.thresholders(cuts), *blueprint.writers(self.user_id))
        versions = {plan.id: platform.ensure_model(plan) for plan in wanted}
        return platform.ensure_workflow(blueprint.WORKFLOW_ID, blueprint.nodes(versions, None))

    def add(self) -> str:
        """Add the picture under a new id."""
        input_id = self.fresh("in")
        assert self.platform.add_inputs([NewInput(input_id, self.picture)]) == {input_id: None}
        return input_id

    def labelled(self, *, at_least: int = 1) -> list[Seen]:
        """Add the picture and wait until the workflow has written about both concepts."""
        input_id = self.add()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = self.written_about(input_id)
            said = [suggestion for seen in found for suggestion in seen.annotation.suggestions]
            if len(said) > at_least:
                return found
            threading.Event().wait(0.05 if self.switches else 1.0)
        raise AssertionError(f"the workflow wrote nothing about {input_id} within {PATIENCE_S} s")

    def written_about(self, input_id: str) -> list[Seen]:
        pages = self.platform.changed_annotations(self.user_id, None)
        latest = {seen.annotation.id: seen for page in pages for seen in page if seen.input.id == input_id}
        return list(latest.values())

    def run_model(self, model_id: str, version: str, **values: float) -> set[str]:
        """Run an operator model on these concepts; return the ids of what it lets through."""
        concepts = [res.Concept(id=concept, value=value) for concept, value in values.items()]
        given = [res.Input(data=res.Data(concepts=concepts))]
        reply = self.ask("PostModelOutputs", model_id=model_id, version_id=version, inputs=given)
        assert reply.status.code == codes.SUCCESS, reply.status
        return {concept.id for concept in reply.outputs[0].data.concepts}
