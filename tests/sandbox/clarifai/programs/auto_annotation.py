"""The auto-annotation examples in our own words: eleven requests, each with the payload and ids that are published.

A program of its own, as theirs are: it finds the platform by `get_grpc_channel()` without arguments, that is over TLS
at CLARIFAI_GRPC_BASE, and only account and app are filled in. Prints what the last step lists, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2, service_pb2_grpc
from clarifai_grpc.grpc.api.status import status_code_pb2

Generated = Any  # requests and replies of the RPCs share no type
USER_ID, PAT, APP_ID = (os.environ[name] for name in ("CLARIFAI_USER_ID", "CLARIFAI_PAT", "CLARIFAI_APP_ID"))

CONCEPTS = {"peopleID": "people", "manID": "man", "adultID": "adult"}
PUBLIC = {"peopleID": "ai_l8TKp2h5", "manID": "ai_dxSG2s86", "adultID": "ai_VPmHr5bm"}
CUTS = {"peopleID": 0.5, "manID": 0.5, "adultID": 0.95}
GENERAL = {
    "general-embed": ("bbb5f41425b8468d9b7a554ff10f8581", "bb186755eda04f9cbb6fe32e816be104"),
    "general-concept": ("aaa03c23b3724a16a56b629203edc62c", "aa7f35c01e0642fda5cf400f543e7c40"),
    "general-cluster": ("cccbe437d6e54e2bb911c6aa292fb072", "cc2074cff6dc4c02b6f4e1b8606dcb54"),
}
WORKFLOW_ID = "auto-annotation-workflow-id"
IMAGE_URL = "https://samples.clarifai.com/metro-north.jpg"

stub = service_pb2_grpc.V2Stub(ClarifaiChannel.get_grpc_channel())


def ask(rpc: str, **fields: Generated) -> Generated:
    """Send one request and fail unless its status is success."""
    scope = resources_pb2.UserAppIDSet(user_id=USER_ID, app_id=APP_ID)
    request = getattr(service_pb2, f"{rpc}Request")(user_app_id=scope, **fields)
    reply = getattr(stub, rpc)(request, metadata=(("authorization", f"Key {PAT}"),), timeout=30)
    if reply.status.code != status_code_pb2.SUCCESS:
        sys.exit(f"{rpc} failed: {reply.status.code} {reply.status.description} {reply.status.details}")
    return reply


def create_concepts() -> None:
    ask("PostConcepts", concepts=[resources_pb2.Concept(id=i, name=name) for i, name in CONCEPTS.items()])


def link_with_general() -> None:
    for own, public in PUBLIC.items():
        relation = resources_pb2.ConceptRelation(
            object_concept=resources_pb2.Concept(id=public, app_id="main"), predicate="synonym"
        )
        ask("PostConceptRelations", concept_id=own, concept_relations=[relation])


def create_model(
    model_id: str, kind: str, cuts: dict[str, float] | None = None, **params: Generated
) -> tuple[str, str]:
    """Return the model's id and that of its first version."""
    info = resources_pb2.OutputInfo()
    info.params.update(params)
    if cuts:
        info.data.concepts.extend(resources_pb2.Concept(id=i, value=cut) for i, cut in cuts.items())
    model = resources_pb2.Model(id=model_id, model_type_id=kind, output_info=info)
    return model_id, ask("PostModels", models=[model]).model.model_version.id


def node(node_id: str, model: tuple[str, str], source: str = "") -> resources_pb2.WorkflowNode:
    return resources_pb2.WorkflowNode(
        id=node_id,
        model=resources_pb2.Model(id=model[0], model_version=resources_pb2.ModelVersion(id=model[1])),
        node_inputs=[resources_pb2.NodeInput(node_id=source)] if source else [],
    )


def create_workflow() -> None:
    thresholder, writer = "concept-thresholder", "annotation-writer"
    mapper = create_model("synonym-model-id", "concept-synonym-mapper", knowledge_graph_id="")
    greater = create_model("greater-than-model-id", thresholder, CUTS, concept_threshold_type="GREATER_THAN")
    less = create_model("less-than-model-id", thresholder, CUTS, concept_threshold_type="LESS_THAN")
    success = create_model("write-success-model-id", writer, annotation_status=24150, annotation_user_id=USER_ID)
    pending = create_model("write-pending-model-id", writer, annotation_status=24151, annotation_user_id=USER_ID)
    nodes = [
        *(node(name, model) for name, model in GENERAL.items()),
        node("mapper", mapper, "general-concept"),
        node("greater-than", greater, "mapper"),
        node("write-success", success, "greater-than"),
        node("less-than", less, "mapper"),
        node("write-pending", pending, "less-than"),
    ]
    ask("PostWorkflows", workflows=[resources_pb2.Workflow(id=WORKFLOW_ID, nodes=nodes)])


def make_it_the_default() -> None:
    ask("PatchApps", apps=[resources_pb2.App(id=APP_ID, default_workflow_id=WORKFLOW_ID)], action="overwrite")


def add_image() -> None:
    image = resources_pb2.Input(data=resources_pb2.Data(image=resources_pb2.Image(url=IMAGE_URL)))
    ask("PostInputs", inputs=[image])


def list_annotations() -> list[dict[str, Any]]:
    found = ask("ListAnnotations", user_ids=[USER_ID], list_all_annotations=True).annotations
    return [
        {
            "status": status_code_pb2.StatusCode.Name(one.status.code),
            "concepts": {concept.id: round(concept.value, 2) for concept in one.data.concepts},
            "user_id": one.user_id,
        }
        for one in found
        if not one.input_level
    ]


STEPS = (create_concepts, link_with_general, create_workflow, make_it_the_default, add_image)

if __name__ == "__main__":
    if sys.argv[1:] == ["list"]:
        sys.stdout.write(json.dumps(list_annotations()))
    else:
        for step in STEPS:
            step()
