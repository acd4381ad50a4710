"""Every unknown has both its answers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox, Switches, switched

Switch = Any  # the answers have types of their own
PENDING, SUCCESS, DENIED = codes.ANNOTATION_PENDING, codes.ANNOTATION_SUCCESS, codes.ANNOTATION_REVIEW_DENIED


@pytest.fixture
def ready(vision, connect) -> Callable[..., AbstractContextManager[tuple[ClarifaiSandbox, Any]]]:
    """A sandbox with those switches and the walkthrough done, one photograph in it."""

    @contextmanager
    def started(**switches: Switch) -> Iterator[tuple[ClarifaiSandbox, Any]]:
        with ClarifaiSandbox(vision, apps=["app"], rate_limit=None, switches=Switches(**switches)) as sandbox:
            client = connect(sandbox)
            client.walkthrough()
            client.add("in1", b"a photograph")
            sandbox.settled("app", 5)
            yield sandbox, client

    return started


def patched(client, action="merge", status=0, concepts=(), expect=codes.SUCCESS) -> r.Annotation:
    [pending] = client.written(PENDING)
    wanted = r.Annotation(id=pending.id, input_id="in1", data=r.Data(concepts=concepts) if concepts else None)
    if status:
        wanted.status.code = status
    reply = client.ask("PatchAnnotations", expect=expect, annotations=[wanted], action=action)
    return r.Annotation.FromString(reply.annotations[0].SerializeToString())


def test_review_denied_refused(ready) -> None:
    with ready(review_denied="refused") as (_, client):
        answer = patched(client, status=DENIED, expect=codes.FAILURE)
        assert answer.status.code == codes.ANNOTATION_INVALID_ARGUMENT
        assert len(client.written(PENDING)) == 1


def test_an_annotation_for_each_concept(ready) -> None:
    with ready(writer_shape="one each") as (_, client):
        found = [client.shown(one.data.concepts) for one in client.written()]
        assert found == [{"peopleID": 0.9}, {"adultID": 0.97}, {"manID": 0.4}]


def test_greater_than_inclusive(ready, vision) -> None:
    vision.plant(b"at the cut", {"people": 0.5, "man": 0.5, "adult": 0.95})
    with ready(greater_than="inclusive") as (sandbox, client):
        client.add("in2", b"at the cut")
        sandbox.settled("app", 5)
        assert [len(one.data.concepts) for one in client.written(SUCCESS)] == [2, 3]


def test_the_default_workflow_stays_until_it_is_named_again(ready) -> None:
    with ready(default_workflow="stays") as (sandbox, client):
        before = client.ask("GetWorkflow").workflow
        kept = [node for node in before.nodes if not node.id.startswith("write")]
        wanted = [r.Workflow(id=before.id, nodes=kept)]
        client.ask("PatchWorkflows", workflows=wanted, action="overwrite")
        assert client.ask("GetWorkflow").workflow.version.id == before.version.id
        client.add("in2", b"a photograph")
        sandbox.settled("app", 5)
        assert len(client.written()) == 4
        client.ask("PatchApps", apps=[r.App(id="app", default_workflow_id=before.id)], action="overwrite")
        assert client.ask("GetWorkflow").workflow.version.id != before.version.id
        client.add("in3", b"a photograph")
        sandbox.settled("app", 5)
        assert len(client.written()) == 4


def test_mixed_where_everything_failed(ready) -> None:
    with ready(all_failed="MIXED") as (_, client):
        client.ask(
            "PatchAnnotations",
            expect=codes.MIXED_STATUS,
            annotations=[r.Annotation(id="x", input_id="in1")],
            action="merge",
        )


@pytest.mark.parametrize("code", ["40003", "40010", "22100"])
def test_a_taken_model_or_workflow_id(ready, code) -> None:
    with ready(duplicate=code) as (_, client):
        taken = r.Model(id="synonym-model-id", model_type_id="concept-synonym-mapper")
        reply = client.ask("PostModels", expect=int(code), models=[taken])
        assert "duplicate" in reply.status.details
        client.ask("PostWorkflows", expect=int(code), workflows=[r.Workflow(id="auto-annotation-workflow-id")])


@pytest.mark.parametrize("action", ["merge", "overwrite"])
@pytest.mark.parametrize(("rule", "value"), [("kept", 0), ("leaves the old", 0.4), ("becomes one", 1)])
def test_value_zero_in_a_patch(ready, action, rule, value) -> None:
    with ready(value_zero=rule) as (_, client):
        answer = patched(client, action=action, status=SUCCESS, concepts=[r.Concept(id="manID", value=0)])
        assert client.shown(answer.data.concepts) == {"manID": value}


def test_the_writers_write_again_after_a_patch(ready) -> None:
    with ready(writers_on_patch=True) as (sandbox, client):
        patched(client, status=SUCCESS)
        sandbox.settled("app", 5)
        assert len(client.written()) == 4
        client.ask("PostAnnotations", annotations=[r.Annotation(input_id="in1")])
        sandbox.settled("app", 5)
        assert len(client.written()) == 7


def test_thresholds_above_one_refused(ready) -> None:
    with ready(threshold_above_one="refused") as (_, client):
        with pytest.raises(AssertionError, match="MODEL_INVALID_ARGUMENT"):
            client.model("off", "concept-thresholder", {"a": 2.0}, concept_threshold_type="GREATER_THAN_OR_EQUAL")
        client.model("one", "concept-thresholder", {"a": 1.0}, concept_threshold_type="GREATER_THAN_OR_EQUAL")


def test_thresholds_above_one_accepted_close_the_branch(ready) -> None:
    with ready() as (_, client):
        client.model("off", "concept-thresholder", {"a": 2.0}, concept_threshold_type="GREATER_THAN_OR_EQUAL")
        assert client.ask("GetModel", model_id="off").model.output_info.data.concepts[0].value == 2.0


def test_switches_are_named_in_words() -> None:
    assert switched([]) == Switches()
    assert switched(["value_zero=becomes one", "writers_on_patch=yes"]) == Switches(
        value_zero="becomes one", writers_on_patch=True
    )


@pytest.mark.parametrize(
    ("pair", "said"), [("colour=red", "value_zero"), ("value_zero=2", "becomes one"), ("", "there are")]
)
def test_other_words_are_answered_with_the_ones_there_are(pair, said) -> None:
    with pytest.raises(ValueError, match=said):
        switched([pair])
