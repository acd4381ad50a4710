"""Who is let in, how often, and what nobody built."""

import grpc
import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox


@pytest.mark.parametrize("key", ["wrong", "", "demo-key ", "DEMO-KEY"])
def test_an_unknown_key_is_an_ordinary_reply_with_11008(sandbox, connect, key) -> None:
    reply = connect(sandbox, key=key).ask("GetUser", expect=codes.CONN_KEY_INVALID)
    assert reply.status.description.startswith("Invalid API key")


def test_no_authorization_at_all_is_11008(client) -> None:
    assert client.stub.GetUser(api.GetUserRequest(), timeout=5).status.code == codes.CONN_KEY_INVALID


def test_me_is_the_owner_of_the_key(client) -> None:
    assert client.ask("GetUser").user.id == "demo"


def test_every_reply_has_a_request_id_and_a_description(client) -> None:
    first, second = client.ask("GetUser").status, client.ask("GetUser").status
    assert first.description == "Ok"
    assert first.req_id
    assert first.req_id != second.req_id


def test_an_app_that_does_not_exist_is_11101(sandbox, connect) -> None:
    stranger = connect(sandbox, app="nowhere")
    for rpc in ("GetApp", "ListConcepts", "ListAnnotations", "ListInputs", "GetWorkflow"):
        stranger.ask(rpc, expect=codes.CONN_DOES_NOT_EXIST)


def test_the_sixteenth_request_of_a_second_is_throttled_for_this_user_only(vision, connect) -> None:
    accounts = {"demo": "demo-key", "other": "other-key"}
    with ClarifaiSandbox(vision, accounts=accounts, apps=["app"]) as sandbox:
        one, other = connect(sandbox), connect(sandbox, key="other-key")
        replies = [one.ask("GetUser", expect=None).status for _ in range(16)]
        assert [reply.code for reply in replies[:15]] == [codes.SUCCESS] * 15
        assert replies[15].code == codes.CONN_THROTTLED
        assert replies[15].details == "exceeded limit of 15 requests per second"
        other.ask("GetUser")


def test_what_is_not_built_is_unimplemented(client) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        client.stub.PostDatasets(api.PostDatasetsRequest(), timeout=5)
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_message_of_nineteen_megabytes_arrives(sandbox, client) -> None:
    client.add("big", b"\x00" * 19_000_000)
    sandbox.settled("app", 5)
    assert client.ask("GetInput", input_id="big").input.status.code == codes.INPUT_SUCCESS


def test_a_page_longer_than_a_thousand_is_refused(client) -> None:
    for rpc in ("ListConcepts", "ListInputs", "ListAnnotations", "ListModels"):
        client.ask(rpc, expect=codes.CONN_INVALID_REQUEST, per_page=1001)


def test_pages_past_the_end_are_empty(client) -> None:
    client.concepts("a", "b", "c")
    pages = [client.ask("ListConcepts", page=page, per_page=2).concepts for page in (1, 2, 3, 4)]
    assert [[concept.name for concept in page] for page in pages] == [["a", "b"], ["c"], [], []]


def test_apps_are_made_read_listed_and_not_made_twice(client) -> None:
    made = client.ask("PostApps", apps=[r.App(id="second")]).apps[0]
    assert (made.id, made.user_id) == ("second", "demo")
    client.ask("PostApps", expect=codes.CONCEPTS_INVALID_REQUEST, apps=[r.App(id="second")])
    assert [app.id for app in client.ask("ListApps").apps] == ["app", "second"]


@pytest.mark.parametrize("identifier", ["a" * 49, "-a", "a--b", "a b", "ä", "a/b"])
def test_malformed_ids_are_refused_and_leave_nothing(client, identifier) -> None:
    client.ask("PostApps", expect=codes.CONN_INVALID_REQUEST, apps=[r.App(id="good"), r.App(id=identifier)])
    assert [app.id for app in client.ask("ListApps").apps] == ["app"]


def test_an_id_of_48_characters_is_taken(client) -> None:
    assert client.ask("PostApps", apps=[r.App(id="a" * 48)]).apps[0].id == "a" * 48


def test_somebody_else_may_not_change_the_owner_s_app(vision, connect) -> None:
    accounts = {"demo": "demo-key", "other": "other-key"}
    with ClarifaiSandbox(vision, accounts=accounts, apps=["app"], rate_limit=None) as sandbox:
        other = connect(sandbox, key="other-key", user="demo")
        other.ask("PatchApps", expect=codes.CONN_INSUFFICIENT_SCOPES, apps=[r.App(id="app")], action="overwrite")
        other.ask("PostApps", expect=codes.CONN_INSUFFICIENT_SCOPES, apps=[r.App(id="mine")])


def test_a_taken_port_is_noticed(sandbox, vision) -> None:
    with pytest.raises(OSError, match=str(sandbox.port)):
        ClarifaiSandbox(vision, port=sandbox.port).start()


def test_it_starts_again_after_a_stop(vision, connect, tmp_path) -> None:
    sandbox = ClarifaiSandbox(vision, apps=["app"], data=tmp_path)
    for _ in range(2):
        with sandbox:
            assert connect(sandbox).ask("GetApp").app.id == "app"
