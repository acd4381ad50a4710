"""A sandbox per test, and the official client spoken as its examples speak it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api import service_pb2_grpc
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.recognition import PlantedModel

Generated = Any  # requests and replies of the RPCs share no type
GENERAL = {
    "embed": ("bbb5f41425b8468d9b7a554ff10f8581", "bb186755eda04f9cbb6fe32e816be104"),
    "concept": ("aaa03c23b3724a16a56b629203edc62c", "aa7f35c01e0642fda5cf400f543e7c40"),
    "cluster": ("cccbe437d6e54e2bb911c6aa292fb072", "cc2074cff6dc4c02b6f4e1b8606dcb54"),
}
PUBLIC = {"people": "ai_l8TKp2h5", "man": "ai_dxSG2s86", "adult": "ai_VPmHr5bm"}
CUTS = {"peopleID": 0.5, "manID": 0.5, "adultID": 0.95}
VOCABULARY = ("people", "man", "adult", "car", "dog", "cat", "vehicle", *(f"thing {number}" for number in range(30)))


@dataclass
class Client:
    """Calls an RPC by its name and fails unless the reply has the expected code."""

    stub: service_pb2_grpc.V2Stub
    user: str = "me"
    app: str = "app"
    key: str = "demo-key"

    def ask(self, rpc: str, expect: int | None = codes.SUCCESS, **fields: Generated) -> Generated:
        request = getattr(api, f"{rpc}Request")(
            user_app_id=r.UserAppIDSet(user_id=self.user, app_id=self.app), **fields
        )
        reply = getattr(self.stub, rpc)(request, metadata=(("authorization", f"Key {self.key}"),), timeout=10)
        assert expect is None or reply.status.code == expect, reply.status
        return reply

    def model(
        self, identifier: str, kind: str, cuts: dict[str, float] | None = None, **params: Generated
    ) -> tuple[str, str]:
        """Make a model; its id and version id."""
        output_info = r.OutputInfo(data=r.Data(concepts=[r.Concept(id=i, value=v) for i, v in (cuts or {}).items()]))
        output_info.params.update(params)
        wanted = r.Model(id=identifier, model_type_id=kind, output_info=output_info)
        return identifier, self.ask("PostModels", models=[wanted]).model.model_version.id

    def concepts(self, *names: str) -> None:
        self.ask("PostConcepts", concepts=[r.Concept(id=f"{name}ID", name=name) for name in names])

    def relate(self, subject: str, predicate: str, target: str, graph: str = "") -> Generated:
        relation = r.ConceptRelation(
            object_concept=r.Concept(id=target, app_id="main"), predicate=predicate, knowledge_graph_id=graph
        )
        return self.ask("PostConceptRelations", concept_id=subject, concept_relations=[relation])

    def walkthrough(self, cuts: dict[str, float] | None = None, over: str = "GREATER_THAN") -> None:
        """Everything up to the default workflow, as the published examples send it."""
        cuts = cuts or CUTS
        self.concepts("people", "man", "adult")
        for name, public in PUBLIC.items():
            self.relate(f"{name}ID", "synonym", public)
        mapper = self.model("synonym-model-id", "concept-synonym-mapper", knowledge_graph_id="")
        greater = self.model("greater-than-model-id", "concept-thresholder", cuts, concept_threshold_type=over)
        less = self.model("less-than-model-id", "concept-thresholder", cuts, concept_threshold_type="LESS_THAN")
        user = "demo"
        success = self.model(
            "write-success-model-id", "annotation-writer", annotation_status=24150, annotation_user_id=user
        )
        pending = self.model(
            "write-pending-model-id", "annotation-writer", annotation_status=24151, annotation_user_id=user
        )
        nodes = [
            *(self.node(f"general-{name}", model) for name, model in GENERAL.items()),
            self.node("mapper", mapper, "general-concept"),
            self.node("greater-than", greater, "mapper"),
            self.node("write-success", success, "greater-than"),
            self.node("less-than", less, "mapper"),
            self.node("write-pending", pending, "less-than"),
        ]
        self.ask("PostWorkflows", workflows=[r.Workflow(id="auto-annotation-workflow-id", nodes=nodes)])
        self.ask(
            "PatchApps",
            apps=[r.App(id=self.app, default_workflow_id="auto-annotation-workflow-id")],
            action="overwrite",
        )

    def add(self, identifier: str, image: bytes) -> Generated:
        return self.ask("PostInputs", inputs=[self.image_input(identifier, image)]).inputs[0]

    def written(self, status: int = 0) -> list[r.Annotation]:
        """The annotations that are about something, not the ones every input has."""
        statuses = [{"code": status}] if status else []
        found = self.ask("ListAnnotations", list_all_annotations=True, statuses=statuses, per_page=1000).annotations
        return [one for one in found if not one.input_level]

    @staticmethod
    def node(identifier: str, model: tuple[str, str], *sources: str) -> r.WorkflowNode:
        return r.WorkflowNode(
            id=identifier,
            model=r.Model(id=model[0], model_version=r.ModelVersion(id=model[1])),
            node_inputs=[r.NodeInput(node_id=source) for source in sources],
        )

    @staticmethod
    def image_input(identifier: str, image: bytes) -> r.Input:
        return r.Input(id=identifier, data=r.Data(image=r.Image(base64=image)))

    @staticmethod
    def shown(concepts: Sequence[r.Concept]) -> dict[str, float]:
        return {concept.id: round(concept.value, 6) for concept in concepts}


class Vision(PlantedModel):
    """Planted values, and one sort of bytes that are no image."""

    def values(self, image: bytes) -> dict[str, float]:
        if image.startswith(b"broken"):
            raise ValueError("not an image")
        return super().values(image)


@pytest.fixture
def vision() -> PlantedModel:
    return Vision(VOCABULARY, default={"people": 0.9, "man": 0.4, "adult": 0.97})


@pytest.fixture
def sandbox(vision: PlantedModel) -> Iterator[ClarifaiSandbox]:
    with ClarifaiSandbox(vision, apps=["app"], rate_limit=None) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    channels = []

    def connected(sandbox: ClarifaiSandbox, **about: str) -> Client:
        channels.append(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=sandbox.port))
        return Client(service_pb2_grpc.V2Stub(channels[-1]), **about)

    yield connected
    for channel in channels:
        channel.close()


@pytest.fixture
def client(sandbox: ClarifaiSandbox, connect: Callable[..., Client]) -> Client:
    return connect(sandbox)
