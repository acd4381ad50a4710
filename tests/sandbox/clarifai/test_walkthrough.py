"""The published auto-annotation examples, message for message, through the official client."""

import grpc
import pytest
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api import service_pb2_grpc
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox


def test_a_sure_concept_is_written_as_success_and_an_unsure_one_as_pending(sandbox, client) -> None:
    client.walkthrough()
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    found = client.ask("ListAnnotations", user_ids=["demo"], list_all_annotations=True).annotations
    success, pending = (one for one in found if not one.input_level)
    assert success.status.code == codes.ANNOTATION_SUCCESS
    assert client.shown(success.data.concepts) == {"peopleID": 0.9, "adultID": 0.97}
    assert pending.status.code == codes.ANNOTATION_PENDING
    assert client.shown(pending.data.concepts) == {"manID": 0.4}
    for one in (success, pending):
        assert (one.user_id, one.worker.user.id, one.model_version_id, one.input_id) == ("demo", "demo", "", "in1")
        assert one.created_at == one.modified_at
        assert [concept.name for concept in one.data.concepts] == [c.id.removesuffix("ID") for c in one.data.concepts]


def test_every_input_has_an_input_level_annotation_of_its_own(sandbox, client) -> None:
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    [only] = client.ask("ListAnnotations", list_all_annotations=True).annotations
    assert only.input_level
    assert not only.data.concepts


def test_a_value_at_the_cut_leaves_by_neither_branch_with_the_comparators_of_the_examples(
    sandbox, client, vision
) -> None:
    client.walkthrough()
    vision.plant(b"at the cut", {"people": 0.5, "man": 0.3})
    client.add("in1", b"at the cut")
    sandbox.settled("app", 5)
    assert [client.shown(one.data.concepts) for one in client.written()] == [{"manID": 0.3}]


def test_nothing_is_written_where_everything_is_filtered_out(sandbox, client, vision) -> None:
    client.walkthrough()
    vision.plant(b"all at the cut", {"people": 0.5, "man": 0.5, "adult": 0.95})
    client.add("in1", b"all at the cut")
    sandbox.settled("app", 5)
    assert client.written() == []


def test_a_dry_run_shows_what_each_node_lets_through_and_writes_nothing(client) -> None:
    client.walkthrough()
    given = [client.image_input("", b"a photograph")]
    reply = client.ask("PostWorkflowResults", workflow_id="auto-annotation-workflow-id", inputs=given)
    [result] = reply.results
    outputs = {output.model.id: output for output in result.outputs}
    assert client.shown(outputs["greater-than-model-id"].data.concepts) == {"peopleID": 0.9, "adultID": 0.97}
    assert client.shown(outputs["less-than-model-id"].data.concepts) == {"manID": 0.4}
    assert outputs["bbb5f41425b8468d9b7a554ff10f8581"].data.embeddings[0].num_dimensions == 1280
    assert len(outputs["cccbe437d6e54e2bb911c6aa292fb072"].data.clusters) == 1
    assert client.written() == []
    assert client.ask("ListInputs").inputs == []


def test_the_default_workflow_is_read_back_with_an_empty_id(client) -> None:
    client.ask("GetWorkflow", expect=codes.CONN_DOES_NOT_EXIST)
    client.walkthrough()
    found = client.ask("GetWorkflow").workflow
    assert (found.id, len(found.nodes)) == ("auto-annotation-workflow-id", 8)
    assert client.ask("GetApp").app.default_workflow.id == "auto-annotation-workflow-id"
    assert client.ask("GetApp").app.default_workflow_id == "auto-annotation-workflow-id"


def test_the_client_of_the_examples_reaches_it_over_tls(vision, tmp_path) -> None:
    with ClarifaiSandbox(vision, apps=["app"], tls_port=0, cert_dir=tmp_path) as sandbox:
        assert sandbox.cert == tmp_path / "cert.pem"
        base = sandbox.tls_base.removeprefix("https://")
        with ClarifaiChannel.get_grpc_channel(base=base, root_certificates_path=str(sandbox.cert)) as channel:
            request = api.GetAppRequest(user_app_id=r.UserAppIDSet(user_id="demo", app_id="app"))
            metadata = (("authorization", "Key demo-key"),)
            reply = service_pb2_grpc.V2Stub(channel).GetApp(request, metadata=metadata, timeout=10)
        assert reply.app.id == "app"


def test_a_stranger_s_certificate_is_not_trusted(vision, tmp_path) -> None:
    with (
        ClarifaiSandbox(vision, tls_port=0, cert_dir=tmp_path / "one") as sandbox,
        ClarifaiSandbox(vision, tls_port=0, cert_dir=tmp_path / "other") as other,
    ):
        base = sandbox.tls_base.removeprefix("https://")
        with ClarifaiChannel.get_grpc_channel(base=base, root_certificates_path=str(other.cert)) as channel:
            stub = service_pb2_grpc.V2Stub(channel)
            with pytest.raises(grpc.RpcError) as refused:
                stub.GetUser(api.GetUserRequest(), timeout=5)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
