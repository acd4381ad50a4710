"""Whatever is asked: a reply with a status, never a stack trace, never a half-written object."""

import random
from typing import Any

import grpc
import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from google.protobuf.descriptor import FieldDescriptor as Field
from google.protobuf.message_factory import GetMessageClass

METHODS = api.DESCRIPTOR.services_by_name["V2"].methods_by_name
BUILT = [
    "PostApps",
    "GetApp",
    "ListApps",
    "PatchApps",
    "PatchApp",
    "DeleteApp",
    "MyScopes",
    "ListKeys",
    "GetKey",
    "GetUser",
    "ListModelTypes",
    "GetModelType",
    "PostConcepts",
    "GetConcept",
    "ListConcepts",
    "PatchConcepts",
    "PostConceptsSearches",
    "PostConceptRelations",
    "ListConceptRelations",
    "DeleteConceptRelations",
    "PostKnowledgeGraphs",
    "ListKnowledgeGraphs",
    "PostModels",
    "PatchModels",
    "GetModel",
    "ListModels",
    "PostModelVersions",
    "GetModelVersion",
    "ListModelVersions",
    "DeleteModelVersion",
    "DeleteModels",
    "DeleteModel",
    "PostWorkflows",
    "PatchWorkflows",
    "GetWorkflow",
    "ListWorkflows",
    "ListWorkflowVersions",
    "GetWorkflowVersion",
    "DeleteWorkflows",
    "DeleteWorkflow",
    "PostWorkflowResults",
    "PostModelOutputs",
    "PostInputs",
    "PatchInputs",
    "GetInput",
    "ListInputs",
    "GetInputCount",
    "GetInputsAddJob",
    "DeleteInputs",
    "DeleteInput",
    "PostInputsSearches",
    "ListAnnotations",
    "GetAnnotation",
    "PostAnnotations",
    "PatchAnnotations",
    "DeleteAnnotations",
    "DeleteAnnotation",
    "PostAnnotationsSearches",
]
WORDS = [
    "",
    "in1",
    "app",
    "peopleID",
    "a" * 60,
    "\x00",
    "'; DROP TABLE inputs; --",
    "%",
    "merge",
    "overwrite",
    "remove",
]
NUMBERS = [0.0, 1.0, -1.0, 0.5, float("nan"), float("inf"), 1e-45]
DEEPEST = 6


def filled(message: Any, dice: random.Random, depth: int = 0) -> Any:  # noqa: ANN401 - any message
    """The message with some of its fields set to something hostile."""
    for field in message.DESCRIPTOR.fields:
        if field.name == "user_app_id" or dice.random() < 0.25 + depth * 0.15:
            continue
        if field.message_type is not None:
            if depth < DEEPEST and not field.message_type.GetOptions().map_entry:
                held = getattr(message, field.name)
                filled(held.add() if field.is_repeated else held, dice, depth + 1)
                if not field.is_repeated and dice.random() < 0.5:
                    held.SetInParent()
        elif field.is_repeated:
            getattr(message, field.name).append(simple(field, dice))
        else:
            setattr(message, field.name, simple(field, dice))
    return message


def simple(field: Any, dice: random.Random) -> Any:  # noqa: ANN401 - whatever the field takes
    if field.cpp_type == Field.CPPTYPE_STRING:
        word = dice.choice(WORDS)
        return word.encode() if field.type == Field.TYPE_BYTES else word
    if field.cpp_type in {Field.CPPTYPE_FLOAT, Field.CPPTYPE_DOUBLE}:
        return dice.choice(NUMBERS)
    if field.cpp_type == Field.CPPTYPE_BOOL:
        return dice.random() < 0.5
    if field.cpp_type == Field.CPPTYPE_ENUM:
        return dice.choice(field.enum_type.values).number
    return dice.choice([0, 1, 2, 24150, 24151, 30000, 2**31 - 1])


def test_what_is_not_on_the_list_is_unimplemented(client) -> None:
    for rpc, method in METHODS.items():
        if rpc in BUILT or method.client_streaming or method.server_streaming:
            continue
        with pytest.raises(grpc.RpcError) as refused:
            getattr(client.stub, rpc)(GetMessageClass(method.input_type)(), timeout=5)
        assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED, rpc


@pytest.mark.parametrize("rpc", BUILT)
def test_no_request_makes_it_stumble(sandbox, client, rpc, caplog) -> None:
    client.walkthrough()
    client.add("in1", b"a photograph")
    request_type = GetMessageClass(METHODS[rpc].input_type)
    for seed in range(25):
        request = filled(request_type(), random.Random(seed))  # noqa: S311 - not for secrets
        request.user_app_id.CopyFrom(r.UserAppIDSet(user_id="me", app_id="app"))
        reply = getattr(client.stub, rpc)(request, metadata=(("authorization", "Key demo-key"),), timeout=10)
        assert reply.status.code not in {0, codes.INTERNAL_SERVER_ISSUE}, caplog.text
        assert reply.status.req_id
    sandbox.settled("app", 10)
    assert not [record for record in caplog.records if record.exc_info], caplog.text
