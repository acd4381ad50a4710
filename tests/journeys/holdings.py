"""What stands in an app, read through Clarifai's own client."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from clarifai_grpc.grpc.api.status import status_code_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab

OUR_MODELS = {
    "annotate-mapper",
    "annotate-floor",
    "annotate-accept",
    "annotate-below-accept",
    "annotate-write-success",
    "annotate-write-pending",
}


class Holdings:
    """One app of the demo account."""

    def __init__(self, stub: V2Stub, app_id: str, key: str) -> None:
        self._stub, self._key, self.app_id = stub, key, app_id
        self.scope = res.UserAppIDSet(user_id="demo", app_id=app_id)

    def ask(self, method: str, **fields: Any) -> Any:  # noqa: ANN401 - whatever Clarifai answers
        """Call Clarifai; the request is made of `fields` and names the app."""
        scope = fields.pop("user_app_id", self.scope)
        request = getattr(api, f"{method}Request")(user_app_id=scope, **fields)
        answer = getattr(self._stub, method)(request, metadata=(("authorization", f"Key {self._key}"),), timeout=10)
        assert answer.status.code == status_code_pb2.SUCCESS, (method, answer.status)
        return answer

    def apps(self) -> list[str]:
        account = res.UserAppIDSet(user_id="demo")
        return sorted(a.id for a in self.ask("ListApps", user_app_id=account, per_page=100).apps)

    def create(self, default_workflow: str = "") -> None:
        account = res.UserAppIDSet(user_id="demo")
        app = res.App(id=self.app_id, default_workflow_id=default_workflow)
        self.ask("PostApps", user_app_id=account, apps=[app])

    def concepts(self) -> dict[str, str]:
        found = self.ask("ListConcepts", per_page=100).concepts
        assert len({c.id for c in found}) == len(found)
        return {c.id: c.name for c in found}

    def relations(self) -> list[tuple[str, str, str, str]]:
        """(subject id, predicate, name of the model's concept, graph), each as often as it stands."""
        edges = self.ask("ListConceptRelations", per_page=100).concept_relations
        return sorted((e.subject_concept.id, e.predicate, e.object_concept.name, e.knowledge_graph_id) for e in edges)

    def models(self) -> Counter[str]:
        """How many versions each of the app's models has."""
        models = [m.id for m in self.ask("ListModels", per_page=100).models]
        own = [m for m in models if m in OUR_MODELS]
        assert len(set(own)) == len(own)
        return Counter({m: len(self.ask("ListModelVersions", model_id=m, per_page=100).model_versions) for m in own})

    def cuts(self, model_id: str) -> dict[str, float]:
        """The cuts of the version of a thresholder that the workflow runs, rounded to six places."""
        node = next(n for n in self.workflow().nodes if n.model.id == model_id)
        version = node.model.model_version.id
        found = self.ask("GetModel", model_id=model_id, version_id=version).model
        info = found.model_version.output_info if found.model_version.HasField("output_info") else found.output_info
        return {c.id: round(c.value, 6) for c in info.data.concepts}

    def in_force(self) -> dict[str, tuple[float, float]]:
        """(floor, accept) of each concept, as the workflow has it; both sides of accept must agree."""
        floors, accepts = self.cuts("annotate-floor"), self.cuts("annotate-accept")
        assert accepts == self.cuts("annotate-below-accept")
        return {concept: (floors[concept], accepts[concept]) for concept in floors}

    def workflow(self) -> res.Workflow:
        workflow: res.Workflow = self.ask("GetWorkflow", workflow_id="annotate-bot").workflow
        return workflow

    def workflows(self) -> list[str]:
        return [w.id for w in self.ask("ListWorkflows", per_page=100).workflows if w.app_id == self.app_id]

    def default_workflow(self) -> str:
        return str(self.ask("GetApp").app.default_workflow_id)

    def add_input(self, input_id: str, image: bytes) -> None:
        data = res.Data(image=res.Image(base64=image))
        self.ask("PostInputs", inputs=[res.Input(id=input_id, data=data)])

    def exactly_one_of_everything(self, concepts: int) -> None:
        """Check that the walkthrough's things stand once each, with one version of every model."""
        assert self.apps().count(self.app_id) == 1
        assert len(self.concepts()) == concepts
        edges = self.relations()
        assert len(set(edges)) == len(edges)
        assert self.models() == Counter(dict.fromkeys(OUR_MODELS, 1))
        assert self.workflows() == ["annotate-bot"]


@contextmanager
def holdings(lab: Lab, app_id: str = "", key: str = "demo-key") -> Iterator[Holdings]:
    """Look at an app of the lab, its first one by default."""
    channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=lab.clarifai.port)
    try:
        yield Holdings(V2Stub(channel), app_id or lab.app_id, key)
    finally:
        channel.close()


def names() -> Iterator[str]:
    """Endless input ids."""
    return (f"input{n}" for n in itertools.count(1))
