import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

EMBED = ("bbb5f41425b8468d9b7a554ff10f8581", "bb186755eda04f9cbb6fe32e816be104")


def test_nodes_come_back_in_the_order_they_run(client) -> None:
    mapper = client.model("mapper", "concept-synonym-mapper")
    nodes = [client.node("late", mapper, "early"), client.node("early", EMBED)]
    [made] = client.ask("PostWorkflows", workflows=[r.Workflow(id="wf", nodes=nodes)]).workflows
    assert [node.id for node in made.nodes] == ["early", "late"]
    assert len(bytes.fromhex(made.version.id)) == 16
    assert made.nodes[0].model.app_id == "main"


def test_a_node_without_a_version_is_pinned_to_the_newest(client) -> None:
    _, version = client.model("mapper", "concept-synonym-mapper")
    [made] = client.ask(
        "PostWorkflows", workflows=[r.Workflow(id="wf", nodes=[client.node("m", ("mapper", ""))])]
    ).workflows
    assert made.nodes[0].model.model_version.id == version


def broken_graphs(client) -> dict[str, list[r.WorkflowNode]]:
    return {
        "cycle": [client.node("a", EMBED, "b"), client.node("b", EMBED, "a")],
        "itself": [client.node("a", EMBED, "a")],
        "unknown source": [client.node("a", EMBED, "nobody")],
        "twice": [client.node("a", EMBED), client.node("a", EMBED)],
        "no id": [client.node("", EMBED)],
    }


@pytest.mark.parametrize("fault", ["cycle", "itself", "unknown source", "twice", "no id"])
def test_a_graph_that_cannot_run_is_refused_and_not_kept(client, fault) -> None:
    wanted = [r.Workflow(id="wf", nodes=broken_graphs(client)[fault])]
    client.ask("PostWorkflows", expect=codes.WORKFLOW_INVALID_GRAPH, workflows=wanted)
    client.ask("GetWorkflow", expect=codes.CONN_DOES_NOT_EXIST, workflow_id="wf")


@pytest.mark.parametrize("model", [("nobody", ""), (EMBED[0], "0" * 32), ("", "")])
def test_a_node_whose_model_does_not_exist_is_refused(client, model) -> None:
    wanted = [r.Workflow(id="wf", nodes=[client.node("a", model)])]
    client.ask("PostWorkflows", expect=codes.MODEL_DOES_NOT_EXIST, workflows=wanted)


def test_a_patch_makes_a_version_and_the_default_follows_it(client) -> None:
    client.walkthrough()
    before = client.ask("GetWorkflow").workflow
    patch(client, "overwrite", [node for node in before.nodes if node.id != "write-pending"])
    after = client.ask("GetWorkflow").workflow
    assert after.version.id != before.version.id
    assert [node.id for node in after.nodes] == [node.id for node in before.nodes if node.id != "write-pending"]
    versions = client.ask("ListWorkflowVersions", workflow_id=before.id).workflow_versions
    assert [version.id for version in versions] == [after.version.id, before.version.id]


def test_merge_changes_one_node_and_remove_takes_one_away(client) -> None:
    client.walkthrough()
    _, version = client.model("other-writer", "annotation-writer", annotation_status=24151)
    patch(client, "merge", [client.node("write-pending", ("other-writer", version), "less-than")])
    nodes = {node.id: node for node in client.ask("GetWorkflow").workflow.nodes}
    assert len(nodes) == 8
    assert nodes["write-pending"].model.id == "other-writer"
    patch(client, "remove", [r.WorkflowNode(id="write-pending")])
    assert "write-pending" not in {node.id for node in client.ask("GetWorkflow").workflow.nodes}


def test_a_refused_patch_changes_nothing(client) -> None:
    client.walkthrough()
    before = client.ask("GetWorkflow").workflow
    patch(client, "overwrite", broken_graphs(client)["cycle"], expect=codes.WORKFLOW_INVALID_GRAPH)
    patch(client, "rewrite", list(before.nodes), expect=codes.CONN_INVALID_REQUEST)
    assert client.ask("GetWorkflow").workflow == before


def test_an_old_version_can_still_be_tried(client) -> None:
    client.walkthrough()
    before = client.ask("GetWorkflow").workflow
    patch(client, "remove", [r.WorkflowNode(id="write-pending")])
    given = {"workflow_id": before.id, "inputs": [client.image_input("", b"a photograph")]}
    newest = client.ask("PostWorkflowResults", **given).results[0].outputs
    old = client.ask("PostWorkflowResults", version_id=before.version.id, **given).results[0].outputs
    assert (len(newest), len(old)) == (7, 8)


def test_a_version_whose_model_version_was_deleted_is_deprecated_and_its_inputs_fail(sandbox, client) -> None:
    client.walkthrough()
    found = client.ask("GetWorkflow").workflow
    gone = next(node.model for node in found.nodes if node.id == "mapper")
    client.ask("DeleteModelVersion", model_id=gone.id, version_id=gone.model_version.id)
    assert client.ask("ListWorkflowVersions", workflow_id=found.id).workflow_versions[0].is_deprecated
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    assert client.ask("GetInput", input_id="in1").input.status.code == codes.INPUT_FAILED


def test_an_override_at_the_node_takes_the_place_of_the_model_s_cuts(client) -> None:
    client.walkthrough()
    nodes = list(client.ask("GetWorkflow").workflow.nodes)
    over = next(node for node in nodes if node.id == "greater-than")
    over.output_info_override.data.concepts.add(id="peopleID", value=0.95)
    patch(client, "overwrite", nodes)
    given = [client.image_input("", b"a photograph")]
    reply = client.ask("PostWorkflowResults", workflow_id="auto-annotation-workflow-id", inputs=given)
    outputs = {output.model.id: output for output in reply.results[0].outputs}
    assert outputs["greater-than-model-id"].data.concepts == []


def test_workflows_are_listed_and_deleted(client) -> None:
    client.walkthrough()
    assert [one.id for one in client.ask("ListWorkflows").workflows] == ["auto-annotation-workflow-id"]
    assert client.ask("ListWorkflows", page=2).workflows == []
    client.ask("DeleteWorkflows", ids=["auto-annotation-workflow-id"])
    assert client.ask("ListWorkflows").workflows == []


def test_a_public_workflow_can_be_the_default(client) -> None:
    wanted = r.App(id="second", default_workflow=r.Workflow(id="Empty", app_id="main", user_id="clarifai"))
    client.ask("PostApps", apps=[wanted])
    client.ask("PatchApps", apps=[r.App(id="app", default_workflow_id="General")], action="overwrite")
    assert len(client.ask("GetWorkflow").workflow.nodes) == 3


def test_a_default_workflow_that_does_not_exist_is_refused(client) -> None:
    wanted = [r.App(id="app", default_workflow_id="nobody")]
    client.ask("PatchApps", expect=codes.WORKFLOW_DOES_NOT_EXIST, apps=wanted, action="overwrite")
    assert client.ask("GetApp").app.default_workflow_id == ""


def patch(client, action, nodes, expect=codes.SUCCESS) -> None:
    wanted = [r.Workflow(id="auto-annotation-workflow-id", nodes=nodes)]
    client.ask("PatchWorkflows", expect=expect, workflows=wanted, action=action)
