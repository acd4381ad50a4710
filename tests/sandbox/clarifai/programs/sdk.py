# mypy: ignore-errors
"""Clarifai's Python SDK, used as its readers use it; runs in `.venv-sdk`, where the rest of this project is not.

Finds the platform by CLARIFAI_API_BASE and, over TLS, CLARIFAI_ROOT_CERTIFICATES_PATH. Each act prints one line of
JSON, which the test reads.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import yaml
from clarifai.client.app import App
from clarifai.client.user import User
from clarifai_grpc.grpc.api import resources_pb2

PICTURE = Path(os.environ["PICTURE"]).read_bytes()
USER_ID, APP_ID = os.environ["CLARIFAI_USER_ID"], os.environ["CLARIFAI_APP_ID"]
WORKFLOW = {
    "workflow": {
        "id": "sdk-workflow",
        "nodes": [
            {
                "id": "concept-node",
                "model": {
                    "model_id": "aaa03c23b3724a16a56b629203edc62c",
                    "model_version_id": "aa7f35c01e0642fda5cf400f543e7c40",
                    "user_id": "clarifai",
                    "app_id": "main",
                },
            }
        ],
    }
}


def say(act, found) -> None:
    sys.stdout.write(f"{json.dumps({act: found})}\n")


def apps(user) -> App:
    user.create_app(app_id=APP_ID)
    say("apps", sorted(one.id for one in user.list_apps()))
    user.patch_app(app_id=APP_ID, action="overwrite", description="as the SDK wrote it")
    return user.app(app_id=APP_ID)


def concepts(app) -> None:
    app.create_concepts([f"c{number}" for number in range(45)])
    say("concepts", len(list(app.list_concepts())))
    say("concepts of page 2", [one.id for one in app.list_concepts(page_no=2, per_page=20)])
    app.inputs().patch_concepts(["c7"], labels=["seven"])
    say("renamed", [one.name for one in app.list_concepts() if one.id == "c7"])
    app.create_concept_relations("c1", ["c2"], ["hypernym"])
    found = list(app.search_concept_relations(concept_id="c2", show_tree=False))
    say("relation seen from its object", [one.predicate for one in found])


def models(app) -> None:
    info = resources_pb2.OutputInfo(data=resources_pb2.Data(concepts=[resources_pb2.Concept(id="c1", value=0.5)]))
    info.params.update({"concept_threshold_type": "GREATER_THAN"})
    model = app.create_model("cutter", model_type_id="concept-thresholder").create_version(output_info=info)
    say("models", [one.id for one in app.list_models(only_in_app=True)])
    say("versions", len(list(model.list_versions())))
    app.patch_model("cutter", action="overwrite", name="the cutter")
    say("model", app.model("cutter").name)


def workflows(app) -> None:
    with tempfile.TemporaryDirectory() as folder:
        described = Path(folder) / "workflow.yml"
        described.write_text(yaml.safe_dump(WORKFLOW))
        app.create_workflow(str(described), display=False)
    say("workflows", [one.id for one in app.list_workflows(only_in_app=True)])
    predicted = app.workflow("sdk-workflow").predict_by_bytes(PICTURE, input_type="image")
    say("predicted", len(predicted.results[0].outputs[0].data.concepts))


def inputs(app) -> None:
    held = app.inputs()
    made = [held.get_input_from_bytes(f"sdk{number}", image_bytes=PICTURE, labels=["c1"]) for number in range(150)]
    held._bulk_upload(made)
    say("inputs", len(list(held.list_inputs())))
    say("inputs of page 3", len(list(held.list_inputs(page_no=3, per_page=60))))
    one = held.get_input_from_bytes("sdk0", image_bytes=PICTURE)
    one.data.ClearField("image")
    one.data.metadata.update({"note": "as patched"})
    held.patch_inputs([one])
    say("metadata", held.get_input("sdk0").data.metadata["note"])
    say("downloaded", held.download_inputs([held.get_input("sdk0")]) == [PICTURE])
    held.upload_from_url("away", image_url="https://example.com/nothing-here.jpg")
    held._wait_for_inputs(held.upload_inputs([held.get_input_from_bytes("last", image_bytes=PICTURE)])[0])
    say("count", app.get_input_count())


def annotations(app) -> None:
    held = app.inputs()
    made = resources_pb2.Annotation(
        input_id="sdk0", id="mine", data=resources_pb2.Data(concepts=[resources_pb2.Concept(id="c2", value=1.0)])
    )
    say("not uploaded", len(held.upload_annotations([made])))
    made.data.concepts[0].id = "c3"
    held.patch_annotations([made], action="merge")
    found = {one.id: one for one in held.list_annotations(batch_input=[held.get_input("sdk0")])}
    say("annotation", sorted(concept.id for concept in found["mine"].data.concepts))
    say("annotations", len(list(held.list_annotations())))
    held.delete_annotations(["sdk0"], ["mine"])
    found = [one.id for one in held.list_annotations(batch_input=[held.get_input("sdk0")])]
    say("deleted", "mine" not in found)


if __name__ == "__main__":
    app = apps(User(user_id=USER_ID))
    for act in (concepts, models, workflows, inputs, annotations):
        act(app)
