import threading

import grpc
import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes


def test_an_outage_is_unavailable_for_everything_and_ends(sandbox, client) -> None:
    with sandbox.faults.outage():
        for rpc in ("GetUser", "ListApps"):
            with pytest.raises(grpc.RpcError) as failed:
                client.ask(rpc)
            assert failed.value.code() == grpc.StatusCode.UNAVAILABLE
    client.ask("GetUser")


def test_the_channel_hides_four_failures_and_shows_the_fifth(sandbox, client) -> None:
    sandbox.faults.fail_next("GetUser", grpc.StatusCode.UNAVAILABLE, times=4)
    client.ask("GetUser")
    assert sandbox.faults.calls["GetUser"] == 5
    sandbox.faults.fail_next("GetUser", grpc.StatusCode.UNAVAILABLE, times=5)
    with pytest.raises(grpc.RpcError):
        client.ask("GetUser")
    assert sandbox.faults.calls["GetUser"] == 10


def test_a_status_code_can_be_planted_as_well(sandbox, client) -> None:
    sandbox.faults.fail_next("GetUser", codes.CONN_THROTTLED)
    assert client.ask("GetUser", expect=codes.CONN_THROTTLED).status.details.startswith("exceeded limit")
    client.ask("GetUser")


def test_a_change_can_be_applied_and_the_client_told_that_it_failed(sandbox, client) -> None:
    sandbox.faults.apply_then_fail("PostConcepts")
    with pytest.raises(grpc.RpcError) as failed:
        client.concepts("people")
    assert failed.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert client.ask("GetConcept", concept_id="peopleID").concept.name == "people"


def test_a_refused_call_leaves_the_planted_fault_for_the_next(sandbox, client) -> None:
    client.concepts("people")
    sandbox.faults.apply_then_fail("PostConcepts", code=grpc.StatusCode.INTERNAL)
    client.ask("PostConcepts", expect=codes.CONCEPTS_INVALID_REQUEST, concepts=[r.Concept(id="peopleID")])
    with pytest.raises(grpc.RpcError):
        client.concepts("man")


def test_a_call_waits_for_an_event(sandbox, client) -> None:
    go_on, answered = threading.Event(), []
    sandbox.faults.delay("GetUser", go_on)
    thread = threading.Thread(target=lambda: answered.append(client.ask("GetUser")))
    thread.start()
    client.ask("GetApp")
    assert not answered
    go_on.set()
    thread.join(5)
    assert answered


def test_one_item_of_a_batch_fails(sandbox, client) -> None:
    sandbox.faults.item_failure("PostInputs", "in2", codes.INPUT_OVER_LIMIT)
    inputs = [client.image_input(f"in{number}", b"a photograph") for number in (1, 2, 3)]
    reply = client.ask("PostInputs", expect=codes.MIXED_STATUS, inputs=inputs)
    assert [item.status.code for item in reply.inputs] == [
        codes.INPUT_PENDING,
        codes.INPUT_OVER_LIMIT,
        codes.INPUT_PENDING,
    ]
    client.ask("PostInputs", inputs=inputs[1:2])


def test_requests_are_counted_and_kept_but_images_are_not(sandbox, client) -> None:
    client.concepts("people")
    client.add("in1", b"\x00" * 100_000)
    assert sandbox.faults.calls["PostConcepts"] == 1
    assert sandbox.faults.calls["PostModels"] == 0
    kept = dict(sandbox.faults.calls.received)
    assert kept["PostConcepts"].concepts[0].name == "people"
    assert kept["PostInputs"] is None
    sandbox.faults.calls.clear()
    assert sandbox.faults.calls["PostConcepts"] == 0


def test_what_was_planted_can_be_taken_back(sandbox, client) -> None:
    sandbox.faults.fail_next("GetUser", grpc.StatusCode.INTERNAL)
    sandbox.faults.clear()
    client.ask("GetUser")


def test_a_fault_of_the_stand_in_itself_is_98004_and_no_stack_trace(sandbox, client, vision, caplog) -> None:
    def broken(_: bytes) -> dict[str, float]:
        raise KeyError("planted")

    vision.values = broken
    given = [client.image_input("", b"a photograph")]
    reply = client.ask("PostWorkflowResults", expect=codes.INTERNAL_SERVER_ISSUE, workflow_id="General", inputs=given)
    assert "Traceback" not in str(reply.status)
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    assert client.ask("GetInput", input_id="in1").input.status.code == codes.INPUT_FAILED
    assert "planted" in caplog.text
