"""The app itself: whose it is, what stands in it, what it runs on every added input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api

from bot.clarifai import labelling, rpcs
from bot.domain.annotations import AnnotationStatus
from bot.domain.errors import AlreadyExists, NotFound, PlatformRefused, WrongKey
from bot.usecases.ports import AppFacts

if TYPE_CHECKING:
    from bot.clarifai.calls import Calls

ME = "me"  # Clarifai's alias of the key's owner


def prove_ownership(calls: Calls) -> str:
    """Return the id of the key's user; raise WrongKey unless the app stands in that user's account.

    Only the owner may let a workflow write in their name and change other people's annotations.
    """
    request = api.GetUserRequest(user_app_id=res.UserAppIDSet(user_id=ME))
    owner: str = calls.send(rpcs.GET_USER, request).user.id
    if calls.user_id not in {owner, ME}:
        raise WrongKey(
            f"The access key belongs to {owner}, and the app {calls.app_id} to {calls.user_id}: the owner's is needed."
        )
    return owner


def read(calls: Calls) -> AppFacts | None:
    """Say what stands in the app; None when there is no such app."""
    try:
        app = calls.send(rpcs.GET_APP, api.GetAppRequest(user_app_id=calls.scope)).app
    except NotFound:
        return None
    counts = calls.send(rpcs.GET_INPUT_COUNT, api.GetInputCountRequest(user_app_id=calls.scope)).counts
    return AppFacts(
        default_workflow=app.default_workflow.id or app.default_workflow_id,
        inputs=counts.processed + counts.processing + counts.to_process + counts.errors,
        pending=labelling.count(calls, app.user_id or calls.user_id, AnnotationStatus.PENDING),
    )


def create(calls: Calls) -> None:
    """Create the app with Clarifai's empty workflow, so that nothing runs before *Go live*; it may stand already."""
    app = res.App(id=calls.app_id, default_workflow=res.Workflow(id="Empty", app_id="main", user_id="clarifai"))
    request = api.PostAppsRequest(user_app_id=res.UserAppIDSet(user_id=calls.user_id), apps=[app])
    try:
        calls.send(rpcs.POST_APPS, request)
    except AlreadyExists:
        return


def set_default_workflow(calls: Calls, workflow_id: str) -> None:
    """Make it the workflow that annotates every added input.

    Raises:
        PlatformRefused: `workflow_id` is empty; Clarifai documents no way to have none.
    """
    if not workflow_id:
        raise PlatformRefused("Clarifai knows no way to take the default workflow away; name another one.")
    request = api.PatchAppsRequest(
        user_app_id=calls.scope,
        apps=[res.App(id=calls.app_id, default_workflow_id=workflow_id)],
        action="overwrite",
    )
    calls.send(rpcs.PATCH_APPS, request)


def default_workflow(calls: Calls) -> tuple[str, str]:
    """Return (workflow id, version id) of what runs on added inputs now; an empty id asks Clarifai for the default."""
    try:
        workflow = calls.send(rpcs.GET_WORKFLOW, api.GetWorkflowRequest(user_app_id=calls.scope)).workflow
    except NotFound:
        return "", ""
    return workflow.id, workflow.version.id
