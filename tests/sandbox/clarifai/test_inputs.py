import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes


@pytest.fixture
def site() -> Iterator[str]:
    """A web site on loopback with one photograph."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/photo.jpg?size=1" else 404)
            self.end_headers()
            self.wfile.write(b"a photograph")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def url_input(url: str, identifier: str = "", *, allow: bool = False) -> r.Input:
    return r.Input(id=identifier, data=r.Data(image=r.Image(url=url, allow_duplicate_url=allow)))


def code_of(client, identifier) -> int:
    code: int = client.ask("GetInput", input_id=identifier).input.status.code
    return code


def test_an_input_is_pending_then_in_progress_then_done(sandbox, client, vision) -> None:
    entered, go_on = threading.Event(), threading.Event()
    look: Callable[[bytes], dict[str, float]] = vision.values

    def slowly(image: bytes) -> dict[str, float]:
        entered.set()
        assert go_on.wait(5)
        return look(image)

    vision.values = slowly
    added = client.add("in1", b"a photograph")
    assert (added.status.code, added.status.description) == (codes.INPUT_PENDING, "Download pending")
    assert entered.wait(5)
    assert code_of(client, "in1") == codes.INPUT_IN_PROGRESS
    with pytest.raises(TimeoutError, match="inputs of app are unfinished"):
        sandbox.settled("app", 0.01)
    counts = client.ask("GetInputCount").counts
    assert (counts.processed, counts.processing) == (0, 1)
    go_on.set()
    sandbox.settled("app", 5)
    assert code_of(client, "in1") == codes.INPUT_SUCCESS
    assert client.ask("GetInputCount").counts.processed == 1


def test_the_overall_status_is_ok_while_each_input_is_pending(client) -> None:
    inputs = [client.image_input(f"in{number}", b"a photograph") for number in range(128)]
    reply = client.ask("PostInputs", inputs=inputs)
    assert reply.status.description == "Ok"
    assert {item.status.code for item in reply.inputs} == {codes.INPUT_PENDING}


@pytest.mark.parametrize("number", [0, 129])
def test_a_batch_is_1_to_128_inputs(client, number) -> None:
    inputs = [client.image_input(f"in{place}", b"a photograph") for place in range(number)]
    client.ask("PostInputs", expect=codes.CONN_INVALID_REQUEST, inputs=inputs)
    assert client.ask("ListInputs").inputs == []


def test_bytes_that_are_no_image_fail_and_say_why(sandbox, client) -> None:
    client.walkthrough()
    client.add("in1", b"broken")
    sandbox.settled("app", 5)
    status = client.ask("GetInput", input_id="in1").input.status
    assert (status.code, status.details) == (codes.INPUT_FAILED, "not an image")
    assert client.written() == []


@pytest.mark.parametrize(("size", "code"), [(20_000_000, codes.INPUT_SUCCESS), (20_000_001, codes.INPUT_FAILED)])
def test_an_image_has_at_most_20_megabytes(sandbox, client, size: int, code: int) -> None:
    client.add("in1", bytes(size))
    sandbox.settled("app", 30)
    assert client.ask("GetInput", input_id="in1").input.status.code == code


def test_an_input_without_an_id_gets_one(client) -> None:
    assert len(client.add("", b"a photograph").id) == 32


def test_a_second_input_of_the_same_id_is_a_duplicate_and_the_others_are_taken(client) -> None:
    client.add("in1", b"a photograph")
    inputs = [client.image_input("in1", b"another"), client.image_input("in2", b"a third")]
    reply = client.ask("PostInputs", expect=codes.MIXED_STATUS, inputs=inputs)
    assert [item.status.code for item in reply.inputs] == [codes.DATABASE_DUPLICATE_KEY, codes.INPUT_PENDING]
    again = client.ask("PostInputs", expect=codes.FAILURE, inputs=inputs[:1])
    assert again.inputs[0].status.description == "Object has a duplicate ID"


def test_equal_ids_in_one_request_stay_an_error_even_with_suffixes(client) -> None:
    twice = [client.image_input("in1", b"a"), client.image_input("in1", b"b")]
    reply = client.ask(
        "PostInputs",
        expect=codes.MIXED_STATUS,
        inputs=twice,
        input_id_conflict_resolution=r.InputIDConflictResolution.SUFFIX,
    )
    assert [item.status.code for item in reply.inputs] == [codes.INPUT_PENDING, codes.DATABASE_DUPLICATE_KEY]
    again = client.ask("PostInputs", inputs=twice[:1], input_id_conflict_resolution=r.InputIDConflictResolution.SUFFIX)
    assert again.inputs[0].id == "in1-1"


def test_metadata_and_data_set_ids_come_back(client) -> None:
    wanted = client.image_input("in1", b"a photograph")
    wanted.data.metadata.update({"file": "a.png", "size": {"width": 3}})
    client.ask("PostInputs", inputs=[wanted])
    found = client.ask("GetInput", input_id="in1").input
    assert found.data.metadata["file"] == "a.png"
    assert found.data.metadata["size"]["width"] == 3


def test_an_image_on_this_machine_is_fetched(sandbox, client, vision, site) -> None:
    client.walkthrough()
    vision.plant(b"a photograph", {"people": 0.75})
    client.ask("PostInputs", inputs=[url_input(f"{site}/photo.jpg?size=1", "in1")])
    sandbox.settled("app", 5)
    assert code_of(client, "in1") == codes.INPUT_SUCCESS
    assert client.shown(client.written()[0].data.concepts)["peopleID"] == 0.75


@pytest.mark.parametrize(
    "url", ["https://samples.example.com/metro-north.jpg", "http://192.0.2.1/a.jpg", "file:///etc/hostname", "nonsense"]
)
def test_anything_further_away_is_not_fetched(sandbox, client, url) -> None:
    client.ask("PostInputs", inputs=[url_input(url, "in1")])
    sandbox.settled("app", 5)
    status = client.ask("GetInput", input_id="in1").input.status
    assert status.code == codes.INPUT_FAILED
    assert status.details.startswith("INPUT_CONNECTION_FAILED")


def test_an_address_that_answers_an_error_fails_the_input(sandbox, client, site) -> None:
    client.ask("PostInputs", inputs=[url_input(f"{site}/nothing.jpg", "in1")])
    sandbox.settled("app", 5)
    assert "404" in client.ask("GetInput", input_id="in1").input.status.details


def test_the_same_url_twice_is_a_duplicate_unless_allowed(client, site) -> None:
    url = f"{site}/photo.jpg?size=1"
    client.ask("PostInputs", inputs=[url_input(url)])
    reply = client.ask("PostInputs", expect=codes.FAILURE, inputs=[url_input(url)])
    assert reply.inputs[0].status.code == codes.INPUT_DUPLICATE
    client.ask("PostInputs", inputs=[url_input(url, allow=True)])


def test_inputs_are_listed_by_status_oldest_first_in_pages(sandbox, client) -> None:
    for number in range(5):
        client.add(f"in{number}", b"broken" if number == 2 else b"fine")
    sandbox.settled("app", 5)
    assert [one.id for one in client.ask("ListInputs", page=2, per_page=2).inputs] == ["in2", "in3"]
    assert [one.id for one in client.ask("ListInputs", status={"code": codes.INPUT_FAILED}).inputs] == ["in2"]
    assert [one.id for one in client.ask("ListInputs", ids=["in4", "in1"]).inputs] == ["in1", "in4"]


def test_an_add_job_counts_its_own_inputs(sandbox, client) -> None:
    client.ask("PostInputs", inputs=[client.image_input("in1", b"fine")], inputs_add_job_id="job")
    client.add("in2", b"fine")
    sandbox.settled("app", 5)
    progress = client.ask("GetInputsAddJob", id="job").inputs_add_job.progress
    assert (progress.success_count, progress.pending_count) == (1, 0)


def test_a_deleted_input_goes_with_its_annotations(sandbox, client) -> None:
    client.walkthrough()
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    client.ask("DeleteInputs", ids=["in1"])
    sandbox.settled("app", 5)
    client.ask("GetInput", expect=codes.CONN_DOES_NOT_EXIST, input_id="in1")
    assert client.ask("ListAnnotations", list_all_annotations=True).annotations == []
    client.ask("DeleteInputs", expect=codes.CONN_DOES_NOT_EXIST, ids=["in1"])
    client.add("in1", b"a photograph")


def test_the_image_is_hosted_for_those_who_bring_a_key(sandbox, client) -> None:
    client.add("in1", b"the very bytes")
    sandbox.settled("app", 5)
    image = client.ask("GetInput", input_id="in1").input.data.image
    assert image.base64 == b""
    url = f"{image.hosted.prefix}/{image.hosted.sizes[0]}/{image.hosted.suffix}"
    assert image.url == url
    assert fetched(url, "Key demo-key") == (200, b"the very bytes")
    assert fetched(url, "Key wrong")[0] == 401
    assert fetched(url.replace("in1", "in2"), "Key demo-key")[0] == 404
    assert fetched(f"{image.hosted.prefix}/etc/passwd", "Key demo-key")[0] == 404


def fetched(url: str, key: str) -> tuple[int, bytes]:
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", f"/{path}", headers={"authorization": key})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_what_is_said_about_an_input_can_be_patched_and_its_image_stays(sandbox, client) -> None:
    client.concepts("people", "man")
    client.add("in1", b"a photograph")
    sandbox.settled("app", 10)
    said = r.Data(concepts=[r.Concept(id="peopleID", value=1.0)])
    said.metadata.update({"shelf": "left"})
    patched = client.ask("PatchInputs", inputs=[r.Input(id="in1", data=said)], action="merge").inputs[0]
    assert patched.data.image.hosted.prefix
    [whole] = client.ask("ListAnnotations", list_all_annotations=True).annotations
    assert (client.shown(whole.data.concepts), whole.data.metadata["shelf"]) == ({"peopleID": 1.0}, "left")
    client.ask("PatchInputs", inputs=[r.Input(id="in1", data=r.Data(concepts=said.concepts))], action="remove")
    found = client.ask("GetInput", input_id="in1").input
    assert (list(found.data.concepts), found.data.metadata["shelf"]) == ([], "left")


def test_a_patch_of_inputs_answers_for_each(client) -> None:
    client.add("in1", b"a photograph")
    wanted = [r.Input(id="in1"), r.Input(id="never")]
    answered = client.ask("PatchInputs", expect=codes.MIXED_STATUS, inputs=wanted, action="merge").inputs
    assert answered[1].status.code == codes.CONN_DOES_NOT_EXIST
    client.ask("PatchInputs", expect=codes.CONN_INVALID_REQUEST, inputs=wanted, action="sideways")
