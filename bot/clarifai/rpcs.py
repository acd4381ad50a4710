"""The calls we make, each with its deadline and whether repeating it blindly is harmless.

Deadlines: reads 10 s, patches 15 s, creation 30 s, pictures 60 s (reference, clarifai, section 7). What is left of
`Patience` cuts them further.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from clarifai_grpc.grpc.api import service_pb2 as api
    from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse, Status
    from google.protobuf.message import Message


class Reply(Protocol):
    """What every answer of Clarifai has."""

    @property
    def status(self) -> Status: ...


Q = TypeVar("Q", bound="Message")
A = TypeVar("A", bound=Reply)

READ_S = 10.0
PATCH_S = 15.0
CREATE_S = 30.0
PICTURE_S = 60.0


@dataclass(frozen=True)
class Rpc(Generic[Q, A]):
    """One method of Clarifai's service V2.

    `repeatable` is False where a repeat after a lost answer could make a second thing; such a call also goes past
    the repeats inside Clarifai's channel. `longer_s` is added to the patience with one call.
    """

    name: str
    deadline_s: float
    repeatable: bool = True
    longer_s: float = 0.0


GET_USER: Rpc[api.GetUserRequest, api.SingleUserResponse] = Rpc("GetUser", READ_S)
GET_APP: Rpc[api.GetAppRequest, api.SingleAppResponse] = Rpc("GetApp", READ_S)
POST_APPS: Rpc[api.PostAppsRequest, api.MultiAppResponse] = Rpc("PostApps", CREATE_S)
PATCH_APPS: Rpc[api.PatchAppsRequest, api.MultiAppResponse] = Rpc("PatchApps", PATCH_S)
GET_INPUT_COUNT: Rpc[api.GetInputCountRequest, api.SingleInputCountResponse] = Rpc("GetInputCount", READ_S)

SEARCH_CONCEPTS: Rpc[api.PostConceptsSearchesRequest, api.MultiConceptResponse] = Rpc("PostConceptsSearches", READ_S)
LIST_CONCEPTS: Rpc[api.ListConceptsRequest, api.MultiConceptResponse] = Rpc("ListConcepts", READ_S)
POST_CONCEPTS: Rpc[api.PostConceptsRequest, api.MultiConceptResponse] = Rpc("PostConcepts", CREATE_S)
LIST_GRAPHS: Rpc[api.ListKnowledgeGraphsRequest, api.MultiKnowledgeGraphResponse] = Rpc("ListKnowledgeGraphs", READ_S)
POST_GRAPHS: Rpc[api.PostKnowledgeGraphsRequest, api.MultiKnowledgeGraphResponse] = Rpc("PostKnowledgeGraphs", CREATE_S)
LIST_RELATIONS: Rpc[api.ListConceptRelationsRequest, api.MultiConceptRelationResponse] = Rpc(
    "ListConceptRelations", READ_S
)
POST_RELATIONS: Rpc[api.PostConceptRelationsRequest, api.MultiConceptRelationResponse] = Rpc(
    "PostConceptRelations", CREATE_S, repeatable=False
)

DELETE_RELATIONS: Rpc[api.DeleteConceptRelationsRequest, BaseResponse] = Rpc("DeleteConceptRelations", PATCH_S)

GET_MODEL: Rpc[api.GetModelRequest, api.SingleModelResponse] = Rpc("GetModel", READ_S)
POST_MODELS: Rpc[api.PostModelsRequest, api.SingleModelResponse] = Rpc("PostModels", CREATE_S)
LIST_VERSIONS: Rpc[api.ListModelVersionsRequest, api.MultiModelVersionResponse] = Rpc("ListModelVersions", READ_S)
POST_VERSIONS: Rpc[api.PostModelVersionsRequest, api.SingleModelResponse] = Rpc(
    "PostModelVersions", CREATE_S, repeatable=False
)

RUN_MODEL: Rpc[api.PostModelOutputsRequest, api.MultiOutputResponse] = Rpc("PostModelOutputs", CREATE_S)

GET_WORKFLOW: Rpc[api.GetWorkflowRequest, api.SingleWorkflowResponse] = Rpc("GetWorkflow", READ_S)
POST_WORKFLOWS: Rpc[api.PostWorkflowsRequest, api.MultiWorkflowResponse] = Rpc("PostWorkflows", CREATE_S)
PATCH_WORKFLOWS: Rpc[api.PatchWorkflowsRequest, api.MultiWorkflowResponse] = Rpc(
    "PatchWorkflows", PATCH_S, repeatable=False
)
# A dry run belongs to a job of its own, not to a pass: it may wait twice for a model that is being loaded.
RUN_WORKFLOW: Rpc[api.PostWorkflowResultsRequest, api.PostWorkflowResultsResponse] = Rpc(
    "PostWorkflowResults", PICTURE_S, longer_s=28.0
)

POST_INPUTS: Rpc[api.PostInputsRequest, api.MultiInputResponse] = Rpc("PostInputs", PICTURE_S)
LIST_INPUTS: Rpc[api.ListInputsRequest, api.MultiInputResponse] = Rpc("ListInputs", READ_S)

LIST_ANNOTATIONS: Rpc[api.ListAnnotationsRequest, api.MultiAnnotationResponse] = Rpc("ListAnnotations", READ_S)
SEARCH_ANNOTATIONS: Rpc[api.PostAnnotationsSearchesRequest, api.MultiSearchResponse] = Rpc(
    "PostAnnotationsSearches", READ_S
)
SEARCH_INPUTS: Rpc[api.PostInputsSearchesRequest, api.MultiSearchResponse] = Rpc("PostInputsSearches", READ_S)
# Repeatable: every annotation is posted under an id of our own.
POST_ANNOTATIONS: Rpc[api.PostAnnotationsRequest, api.MultiAnnotationResponse] = Rpc("PostAnnotations", CREATE_S)
PATCH_ANNOTATIONS: Rpc[api.PatchAnnotationsRequest, api.MultiAnnotationResponse] = Rpc("PatchAnnotations", PATCH_S)
