"""Clarifai and Slack asked through their own protocols: what stands there, and that it stands once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from clarifai_grpc.grpc.api.status import status_code_pb2
from sqlalchemy import text

from bot.storage.engine import make_engine
from tests.app.outside import APP_ID, LABELS, wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.app.outside import Outside

WHO = resources_pb2.UserAppIDSet(user_id="demo", app_id=APP_ID)
MODELS = ("accept", "below-accept", "floor", "mapper", "write-pending", "write-success")


def ask(outside: Outside, method: str, request: Any) -> Any:  # noqa: ANN401 - any message of Clarifai's
    return ask_at(outside.clarifai.port, method, request)


def ask_at(port: int, method: str, request: Any) -> Any:  # noqa: ANN401 - any message of Clarifai's
    """One call to Clarifai with its own client."""
    stub = V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=port))
    answer = getattr(stub, method)(request, metadata=(("authorization", "Key demo-key"),), timeout=10)
    assert answer.status.code == status_code_pb2.SUCCESS, answer.status
    return answer


def statuses(outside: Outside) -> list[tuple[str, dict[str, float]]]:
    """Our annotations at Clarifai: status, and value by concept."""
    request = service_pb2.ListAnnotationsRequest(
        user_app_id=WHO, user_ids=["demo"], list_all_annotations=True, per_page=1000
    )
    return [
        (status_code_pb2.StatusCode.Name(a.status.code), {c.id: round(c.value, 4) for c in a.data.concepts})
        for a in ask(outside, "ListAnnotations", request).annotations
        if not a.input_level
    ]


def rows(database_url: str, question: str) -> Sequence[Any]:
    engine = make_engine(database_url, connections=1)
    try:
        with engine.begin() as connection:
            return connection.execute(text(question)).all()
    finally:
        engine.dispose()


def exactly_one_of_everything(outside: Outside, database_url: str, *, inputs: int = 1) -> None:
    """No second model, version, workflow, input, card, answer or decision; everything decided is written."""
    one_workflow_of_six_models(outside)
    held = ask(outside, "ListInputs", service_pb2.ListInputsRequest(user_app_id=WHO, per_page=100)).inputs
    assert len(held) == inputs
    assert_stands_once(outside)
    decided = rows(database_url, "select review_id, revision, count(*) from decision where final group by 1, 2")
    assert decided, "nothing was decided"
    assert {count for _, _, count in decided} == {1}
    unsettled = "select id from annotation where settled < dirty and not closed"
    unsaid = "select id from post where state in ('due', 'posting')"
    wait_until(lambda: not rows(database_url, unsettled) and not rows(database_url, unsaid), "everything to be done")


def one_workflow_of_six_models(outside: Outside) -> None:
    models = ask(outside, "ListModels", service_pb2.ListModelsRequest(user_app_id=WHO, per_page=100)).models
    ours = [m.id for m in models if m.app_id == APP_ID]
    assert sorted(ours) == [f"annotate-{name}" for name in MODELS]
    for model in ours:
        request = service_pb2.ListModelVersionsRequest(user_app_id=WHO, model_id=model, per_page=100)
        assert len(ask(outside, "ListModelVersions", request).model_versions) == 1, model
    workflows = ask(outside, "ListWorkflows", service_pb2.ListWorkflowsRequest(user_app_id=WHO, per_page=100)).workflows
    assert [w.id for w in workflows if w.app_id == APP_ID] == ["annotate-bot"]


def assert_stands_once(outside: Outside) -> None:
    """Each thing stands in the channel once, threads included."""
    marks = Counter(mark_of(m) for top in outside.slack.messages(LABELS) for m in _thread(outside, top))
    del marks[""]
    assert marks
    assert set(marks.values()) == {1}, marks


def _thread(outside: Outside, top: dict[str, Any]) -> list[dict[str, Any]]:
    return [top, *outside.slack.replies(LABELS, top["ts"])]


def mark_of(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return f"{metadata['event_type']} {metadata['event_payload']}" if metadata else ""
