import signal
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox

PROGRAM = textwrap.dedent("""
    import sys, threading
    from pathlib import Path
    from bot.sandbox.clarifai import ClarifaiSandbox
    from bot.sandbox.recognition import PlantedModel

    class Hanging(PlantedModel):
        def values(self, image):
            if image == b"hang":
                threading.Event().wait()
            return super().values(image)

    model = Hanging(("people", "man", "adult"), default={"people": 0.9, "man": 0.4, "adult": 0.97})
    sandbox = ClarifaiSandbox(model, data=Path(sys.argv[1]), apps=["app"], rate_limit=None)
    sandbox.start()
    print(sandbox.port, flush=True)
    threading.Event().wait()
""")


class Reached:
    """As much of a sandbox as a client needs."""

    def __init__(self, port: int) -> None:
        self.port = port


def test_killed_with_9_everything_answered_is_there_and_unfinished_inputs_are_done_after_the_next_start(
    vision, connect, tmp_path
) -> None:
    arguments = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            client = connect(Reached(int(process.stdout.readline())))
            client.walkthrough()
            client.ask("PostInputs", inputs=[client.image_input(f"in{n}", b"hang") for n in (1, 2)])
            client.ask("PostInputs", inputs=[client.image_input(f"in{n}", b"waiting") for n in (3, 4)])
            version = client.ask("GetWorkflow").workflow.version.id
        finally:
            process.send_signal(signal.SIGKILL)
    with ClarifaiSandbox(vision, data=tmp_path, apps=["app"], rate_limit=None) as sandbox:
        client = connect(sandbox)
        sandbox.settled("app", 5)
        assert {one.status.code for one in client.ask("ListInputs").inputs} == {codes.INPUT_SUCCESS}
        assert client.ask("GetWorkflow").workflow.version.id == version
        written = sorted(one.input_id for one in client.written())
        assert written == sorted(f"in{number}" for number in (1, 2, 3, 4) for _ in range(2))


def test_a_stop_and_a_start_keep_everything(vision, connect, tmp_path) -> None:
    with ClarifaiSandbox(vision, data=tmp_path, apps=["app"], rate_limit=None) as sandbox:
        client = connect(sandbox)
        client.walkthrough()
        client.add("in1", b"a photograph")
        sandbox.settled("app", 5)
        before = client.written()
    with ClarifaiSandbox(vision, data=tmp_path, apps=["app"], rate_limit=None) as sandbox:
        client = connect(sandbox)
        assert client.written() == before
        assert len(client.ask("ListConceptRelations").concept_relations) == 3
        assert client.ask("PostWorkflowResults", workflow_id="auto-annotation-workflow-id", inputs=[{"id": "in1"}])


def test_two_sandboxes_in_memory_know_nothing_of_each_other(vision, connect) -> None:
    with (
        ClarifaiSandbox(vision, apps=["app"], rate_limit=None) as one,
        ClarifaiSandbox(vision, apps=["app"], rate_limit=None) as other,
    ):
        connect(one).concepts("people")
        assert connect(other).ask("ListConcepts").concepts == []


def test_a_recogniser_closed_under_it_leaves_the_input_for_the_next_start(vision, connect, tmp_path) -> None:
    asked = threading.Event()
    look = vision.values

    def closed(_: bytes) -> dict[str, float]:
        asked.set()
        raise RuntimeError("closed")

    vision.values = closed
    with ClarifaiSandbox(vision, data=tmp_path, apps=["app"]) as sandbox:
        connect(sandbox).add("in1", b"a photograph")
        assert asked.wait(5)
    vision.values = look
    with ClarifaiSandbox(vision, data=tmp_path, apps=["app"]) as sandbox:
        sandbox.settled("app", 5)
        assert connect(sandbox).ask("GetInput", input_id="in1").input.status.code == codes.INPUT_SUCCESS


def test_a_change_shows_in_modified_at_even_where_the_clock_stands_still(vision, connect) -> None:
    noon = datetime(2026, 5, 3, 12, tzinfo=UTC)
    with ClarifaiSandbox(vision, apps=["app"], rate_limit=None, clock=lambda: noon) as sandbox:
        client = connect(sandbox)
        client.walkthrough()
        client.add("in1", b"a photograph")
        sandbox.settled("app", 5)
        before = client.written()[0]
        assert before.created_at.ToDatetime(UTC).replace(microsecond=0) == noon
        wanted = [r.Annotation(id=before.id, input_id="in1", status={"code": codes.ANNOTATION_PENDING})]
        [after] = client.ask("PatchAnnotations", annotations=wanted, action="merge").annotations
        assert after.modified_at.ToMicroseconds() > before.modified_at.ToMicroseconds()


@pytest.mark.parametrize("threads", [8])
def test_the_same_input_sent_at_once_by_many_is_taken_once(sandbox, client, threads) -> None:
    codes_seen: list[int] = []

    def add() -> None:
        reply = client.ask("PostInputs", expect=None, inputs=[client.image_input("in1", b"a photograph")])
        codes_seen.append(reply.inputs[0].status.code)

    running = [threading.Thread(target=add) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(10)
    assert sorted(codes_seen) == [codes.INPUT_PENDING, *[codes.DATABASE_DUPLICATE_KEY] * (threads - 1)]
    sandbox.settled("app", 5)
    assert len(client.ask("ListAnnotations").annotations) == 1
