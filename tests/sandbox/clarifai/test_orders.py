"""Faults ordered in words: in the process, over HTTP and from the command line."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import grpc
import pytest
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import NoSuchFault, Refusal
from bot.sandbox.clarifai.orders import FORMS
from tests.app.outside import BotProcess

if TYPE_CHECKING:
    from pathlib import Path


def post(control: str, lines: str, key: str = "demo-key") -> tuple[int, str]:
    parts = urlsplit(control)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("POST", parts.path, lines.encode(), {"authorization": f"Key {key}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def fails(client, rpc: str = "GetUser") -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as failed:
        client.ask(rpc)
    code: grpc.StatusCode = failed.value.code()
    return code


def test_away_until_it_is_cleared(sandbox, client) -> None:
    sandbox.order("outage")
    assert fails(client) == grpc.StatusCode.UNAVAILABLE
    sandbox.order("clear")
    client.ask("GetUser")


def test_a_burst_is_long_enough_to_be_noticed(sandbox, client) -> None:
    sandbox.order("unavailable GetUser")
    assert fails(client) == grpc.StatusCode.UNAVAILABLE
    client.ask("GetUser")


def test_slower_than_a_clients_patience(sandbox, client) -> None:
    sandbox.order("latency 30 GetUser")
    with pytest.raises(grpc.RpcError) as failed:
        client.stub.GetUser(api.GetUserRequest(), timeout=0.2)
    assert failed.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    client.ask("GetApp")


def test_an_answer_is_lost_after_the_deed(sandbox, client) -> None:
    sandbox.order("lost-answer PostConcepts")
    with pytest.raises(grpc.RpcError):
        client.concepts("people")
    assert client.ask("GetConcept", concept_id="peopleID").concept.id == "peopleID"


def test_throttled_and_an_item_refused(sandbox, client) -> None:
    sandbox.order("throttle GetUser")
    client.ask("GetUser", expect=codes.CONN_THROTTLED)
    sandbox.order("item PostInputs in1 30300")
    assert (
        client.ask("PostInputs", expect=None, inputs=[client.image_input("in1", b"x")]).inputs[0].status.code == 30300
    )


def test_an_expired_key_is_unknown(sandbox, client) -> None:
    sandbox.order("expired-key demo")
    client.ask("GetUser", expect=codes.CONN_KEY_INVALID)
    sandbox.order("clear")
    client.ask("GetUser")


def test_pages_shift_as_if_an_earlier_row_had_gone(sandbox, client) -> None:
    client.walkthrough()
    for number in range(4):
        client.add(f"in{number}", b"a photograph %d" % number)
    sandbox.settled("app", 10)

    def pages() -> list[str]:
        asked = (client.ask("ListAnnotations", list_all_annotations=True, page=n, per_page=5) for n in (1, 2, 3))
        return [one.id for page in asked for one in page.annotations]

    before = pages()
    sandbox.order("shifting-pages 1 2")
    assert len(pages()) == len(before) - 1
    sandbox.order("shifting-pages -1 2")
    again = pages()
    assert (len(again), set(again)) == (len(before) + 1, set(before))
    assert pages() == before


def test_what_others_do_to_models_and_annotations(sandbox, client) -> None:
    client.walkthrough()
    client.add("in1", b"a photograph")
    sandbox.settled("app", 10)
    [pending] = client.written(codes.ANNOTATION_PENDING)
    sandbox.order(f"change app {pending.id}")
    [first, second] = client.written(codes.ANNOTATION_SUCCESS)
    assert pending.id in {first.id, second.id}
    sandbox.order(f"delete app {pending.id}")
    assert len(client.written()) == 1
    sandbox.order("delete-version app synonym-model-id")
    assert client.ask("ListModelVersions", model_id="synonym-model-id").model_versions == []
    assert client.ask("GetModel", model_id="synonym-model-id").model.model_version.id == ""
    [version] = client.ask("ListWorkflowVersions", workflow_id="auto-annotation-workflow-id").workflow_versions
    assert version.is_deprecated


@pytest.mark.parametrize(
    "line", ["", "no-such-thing", "outage now", "latency soon", "unavailable NoSuchCall", "item PostInputs"]
)
def test_other_words_are_answered_with_what_there_is(sandbox, line: str) -> None:
    with pytest.raises(NoSuchFault):
        sandbox.order(line)


@pytest.mark.parametrize("line", ["delete nowhere a1", "change app a1", "delete-version app m1"])
def test_what_is_not_there_is_said(sandbox, line: str) -> None:
    with pytest.raises(Refusal):
        sandbox.order(line)


def test_orders_come_over_http_with_a_key(sandbox, client) -> None:
    assert post(sandbox.control, "outage")[0] == 204
    assert fails(client) == grpc.StatusCode.UNAVAILABLE
    assert post(sandbox.control, "clear\nthrottle GetUser")[0] == 204
    client.ask("GetUser", expect=codes.CONN_THROTTLED)
    status, said = post(sandbox.control, "outrage")
    assert (status, FORMS["outage"] in said) == (400, True)
    assert post(sandbox.control, "outage", key="wrong")[0] == 401
    assert post(sandbox.control, "x" * 5000)[0] == 404
    client.ask("GetUser")


def test_orders_come_from_the_command_line(tmp_path: Path) -> None:
    process = BotProcess("sandbox", "clarifai", "--port", "0", "--fault", "outage", env={}, folder=tmp_path)
    assert post(process.ready()["clarifai"]["faults"], "clear")[0] == 204
    assert process.end() == 0


@pytest.mark.parametrize(("option", "word"), [("--fault", "outrage"), ("--unknown", "colour=red")])
def test_a_wrong_word_on_the_command_line_is_one_line(tmp_path: Path, option: str, word: str) -> None:
    process = BotProcess("sandbox", "clarifai", "--port", "0", option, word, env={}, folder=tmp_path)
    assert process.wait() == 2
    assert word.partition("=")[0] in process.said
    assert "Traceback" not in process.said
