"""The sandbox Clarifai keeps a record of its own: what its workflow wrote, and what was patched."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from clarifai_grpc.grpc.api.service_pb2 import PatchAnnotationsRequest
from clarifai_grpc.grpc.api.status import status_code_pb2
from google.protobuf.json_format import MessageToDict

if TYPE_CHECKING:
    from clarifai_grpc.grpc.api.resources_pb2 import Annotation
    from google.protobuf.message import Message

    from bot.sandbox.clarifai import ClarifaiSandbox
    from tests.faults.chaos.history import History


def said(annotation: Annotation) -> dict[str, Any]:
    """One annotation as a line of the history carries it."""
    return {
        "annotation": annotation.id,
        "input": annotation.input_id,
        "status": status_code_pb2.StatusCode.Name(annotation.status.code),
        "concepts": {c.id: round(c.value, 4) for c in annotation.data.concepts},
    }


def record(clarifai: ClarifaiSandbox, history: History) -> None:
    """Have a Clarifai that has started write down what its workflow writes, and which patches it was sent and did."""
    _record_the_workflow(clarifai, history)
    _record_patches(clarifai, history)


def _record_the_workflow(clarifai: ClarifaiSandbox, history: History) -> None:
    annotations = clarifai.platform.annotations
    add = annotations.add

    def added(scope: Any, row: int, made: Annotation) -> bool:  # noqa: ANN401 - the stand-in's own
        done = add(scope, row, made)
        if done and not made.input_level:
            history.note("annotated", app=scope.app, **said(made))
        return done

    annotations.add = added  # type: ignore[method-assign, assignment]


def _record_patches(clarifai: ClarifaiSandbox, history: History) -> None:
    faults, mine = clarifai.faults, threading.local()
    before, after = faults.before, faults.after

    def asked(rpc: str, request: Message) -> None:
        mine.number = 0
        if isinstance(request, PatchAnnotationsRequest):
            told = [{**said(a), "info": MessageToDict(a.annotation_info)} for a in request.annotations]
            mine.number = history.invoke("patch", app=request.user_app_id.app_id, annotations=told)
        before(rpc, request)

    def done(rpc: str) -> None:
        if mine.number:
            history.end("patch", mine.number, "ok")
        after(rpc)

    faults.before, faults.after = asked, done  # type: ignore[method-assign]
