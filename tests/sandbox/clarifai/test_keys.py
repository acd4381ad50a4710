"""What clients learn of their own key, and of nobody else's."""

import pytest
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox


def test_a_key_may_do_everything_in_its_owners_apps(client) -> None:
    assert client.ask("MyScopes").scopes == ["All"]
    [key] = client.ask("ListKeys").keys
    assert (key.id, key.scopes) == ("demo-key", ["All"])
    assert client.ask("GetKey", key_id="demo-key").key == key
    assert client.ask("ListKeys", page=2, per_page=10).keys == []


def test_a_key_that_is_not_there(client, connect, sandbox) -> None:
    client.ask("GetKey", expect=codes.CONN_DOES_NOT_EXIST, key_id="another")
    connect(sandbox, key="wrong").ask("MyScopes", expect=codes.CONN_KEY_INVALID)
    connect(sandbox, app="nothing-here").ask("MyScopes", expect=codes.CONN_DOES_NOT_EXIST)


@pytest.mark.parametrize(("rpc", "fields"), [("ListKeys", {}), ("GetKey", {"key_id": "a-key"})])
def test_nobody_sees_the_keys_of_others(vision, connect, rpc, fields) -> None:
    accounts = {"ann": "a-key", "bob": "b-key"}
    with ClarifaiSandbox(vision, accounts=accounts, apps=["app"], rate_limit=None) as sandbox:
        bob = connect(sandbox, user="ann", key="b-key")
        bob.ask(rpc, expect=codes.CONN_INSUFFICIENT_SCOPES, **fields)
        assert bob.ask("MyScopes").scopes == []


def test_an_app_is_deleted_with_all_that_is_in_it_and_may_be_made_again(client, sandbox) -> None:
    client.walkthrough()
    client.add("in1", b"a photograph")
    sandbox.settled("app", 10)
    client.ask("DeleteApp")
    client.ask("GetApp", expect=codes.CONN_DOES_NOT_EXIST)
    client.ask("PostApps", apps=[{"id": "app"}])
    assert client.ask("ListInputs").inputs == []
    assert client.ask("ListConcepts").concepts == []
    assert client.ask("ListModels", dont_fetch_from_main=True).models == []


def test_one_model_and_one_workflow_are_deleted(client) -> None:
    client.walkthrough()
    client.ask("DeleteModel", model_id="synonym-model-id")
    client.ask("GetModel", expect=codes.CONN_DOES_NOT_EXIST, model_id="synonym-model-id")
    client.ask("DeleteWorkflow", workflow_id="auto-annotation-workflow-id")
    client.ask("GetWorkflow", expect=codes.CONN_DOES_NOT_EXIST, workflow_id="auto-annotation-workflow-id")
