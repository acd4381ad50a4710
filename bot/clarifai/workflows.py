"""The workflow: put together in one call, and run once without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code

from bot.clarifai import rpcs
from bot.clarifai.calls import DONE, PARTLY
from bot.clarifai.inputs import extra_s, picture
from bot.domain.annotations import Suggestion
from bot.domain.blueprint import MAPPER_ID
from bot.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clarifai_grpc.grpc.api.status.status_pb2 import Status

    from bot.clarifai.calls import Calls
    from bot.domain.blueprint import NodePlan

Shape = tuple[str, str, frozenset[str], bool]  # model, version, inputs, whether the node overrides its model


def ensure(calls: Calls, workflow_id: str, nodes: Sequence[NodePlan]) -> str:
    """Make the workflow consist of exactly `nodes`, in one call; return the id of its newest version.

    Nothing is sent when the newest version is so already. Clarifai may return the nodes in another order.
    """

    def once() -> str:
        try:
            current = _current(calls, workflow_id)
        except NotFound:
            return _create(calls, workflow_id, nodes)
        if _shape(current.nodes) == _shape(map(_node, nodes)):
            return current.version.id
        return _overwrite(calls, workflow_id, nodes)

    return calls.converge(once)


def dry_run(calls: Calls, workflow_id: str, image: bytes | None, url: str) -> Sequence[Suggestion]:
    """Run the workflow on one image without writing; return what leaves the mapper: the app's concepts."""
    request = api.PostWorkflowResultsRequest(
        user_app_id=calls.scope,
        workflow_id=workflow_id,
        inputs=[res.Input(data=res.Data(image=picture(image, url)))],
    )
    reply = calls.send(rpcs.RUN_WORKFLOW, request, judged_by=_first_failure, longer_s=extra_s(len(image or b"")))
    values: dict[str, Suggestion] = {}
    for output in _outputs(reply):
        for concept in output.data.concepts if output.model.id == MAPPER_ID else ():
            known = values.get(concept.id)
            if known is None or known.value < concept.value:
                values[concept.id] = Suggestion(concept.id, concept.value, concept.name)
    return list(values.values())


def _outputs(reply: api.PostWorkflowResultsResponse) -> Iterable[res.Output]:
    return (output for result in reply.results for output in result.outputs)


def _first_failure(reply: api.PostWorkflowResultsResponse) -> Status:
    """The status of the result or node that failed says more than the one over all: that a model is cold, say."""
    inside: list[Status] = [
        *(result.status for result in reply.results),
        *(output.status for output in _outputs(reply)),
    ]
    failed = [status for status in inside if status.code not in {*DONE, *PARTLY, Code.ZERO}]
    return failed[0] if failed else reply.status


def _current(calls: Calls, workflow_id: str) -> res.Workflow:
    request = api.GetWorkflowRequest(user_app_id=calls.scope, workflow_id=workflow_id)
    workflow: res.Workflow = calls.send(rpcs.GET_WORKFLOW, request).workflow
    return workflow


def _create(calls: Calls, workflow_id: str, nodes: Sequence[NodePlan]) -> str:
    request = api.PostWorkflowsRequest(user_app_id=calls.scope, workflows=[_workflow(workflow_id, nodes)])
    return _version(calls, workflow_id, calls.send(rpcs.POST_WORKFLOWS, request))


def _overwrite(calls: Calls, workflow_id: str, nodes: Sequence[NodePlan]) -> str:
    request = api.PatchWorkflowsRequest(
        user_app_id=calls.scope, workflows=[_workflow(workflow_id, nodes)], action="overwrite"
    )
    return _version(calls, workflow_id, calls.send(rpcs.PATCH_WORKFLOWS, request))


def _version(calls: Calls, workflow_id: str, reply: api.MultiWorkflowResponse) -> str:
    told = reply.workflows[0].version.id if reply.workflows else ""
    return told or _current(calls, workflow_id).version.id


def _workflow(workflow_id: str, nodes: Sequence[NodePlan]) -> res.Workflow:
    return res.Workflow(id=workflow_id, nodes=[_node(node) for node in nodes])


def _node(plan: NodePlan) -> res.WorkflowNode:
    """Name the model by id and version only, as published: Clarifai looks in the app, then in clarifai/main."""
    return res.WorkflowNode(
        id=plan.id,
        model=res.Model(id=plan.model_id, model_version=res.ModelVersion(id=plan.version)),
        node_inputs=[res.NodeInput(node_id=source) for source in plan.inputs],
    )


def _shape(nodes: Iterable[res.WorkflowNode]) -> Mapping[str, Shape]:
    return {
        node.id: (
            node.model.id,
            node.model.model_version.id,
            frozenset(source.node_id for source in node.node_inputs),
            node.HasField("output_info_override"),
        )
        for node in nodes
    }
