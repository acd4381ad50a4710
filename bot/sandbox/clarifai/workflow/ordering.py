"""The order in which the nodes of a workflow run; a graph that has none is refused."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from clarifai_grpc.grpc.api.resources_pb2 import WorkflowNode
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal


def in_order(nodes: Iterable[WorkflowNode]) -> list[WorkflowNode]:
    """The nodes, every one behind those it reads from; several may read from nothing but the input.

    Raises:
        Refusal: an id is missing or twice there, a node reads from one that is not there, or there is a cycle.
    """
    listed = list(nodes)
    by_id = {node.id: node for node in listed}
    if len(by_id) < len(listed) or "" in by_id:
        raise Refusal(codes.WORKFLOW_INVALID_GRAPH, "every node needs an id of its own")
    reads = {node.id: [source.node_id for source in node.node_inputs] for node in listed}
    for node_id, sources in reads.items():
        if unknown := [source for source in sources if source not in by_id]:
            raise Refusal(codes.WORKFLOW_INVALID_GRAPH, f"node '{node_id}' reads from unknown node '{unknown[0]}'")
    try:
        return [by_id[node_id] for node_id in TopologicalSorter(reads).static_order()]
    except CycleError as error:
        raise Refusal(codes.WORKFLOW_INVALID_GRAPH, f"cycle through {error.args[1]}") from error
