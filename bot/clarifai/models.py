"""Operator models: one per id, and one version for each content that was ever asked for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code

from bot.clarifai import rpcs
from bot.clarifai.wire import plain, struct
from bot.domain.concepts import ModelRef
from bot.domain.errors import NotFound, PlatformRefused, WrongKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.clarifai.calls import Calls
    from bot.domain.blueprint import ModelPlan

PAGE = 1000
PUBLIC: Final = res.UserAppIDSet(user_id="clarifai", app_id="main")
STATUS_PARAM = "annotation_status"
COMPARISON_PARAM = "concept_threshold_type"


def ensure(calls: Calls, plan: ModelPlan) -> str:
    """Return the id of a version that is exactly `plan`, made anew only when no version is."""

    def once() -> str:
        try:
            current = calls.send(rpcs.GET_MODEL, api.GetModelRequest(user_app_id=calls.scope, model_id=plan.id)).model
        except NotFound:
            return _create(calls, plan)
        if current.model_type_id != plan.kind.value:
            raise PlatformRefused(f"The app has a model {plan.id} of another kind, {current.model_type_id}.")
        return _equal_version(calls, plan, current) or _new_version(calls, plan)

    return calls.converge(once)


def passes_equal(calls: Calls, plan: ModelPlan, version: str) -> bool:
    """Run the thresholder on values equal to its cuts and say whether any passes; also when it cannot be run so.

    The proto calls GREATER_THAN strict and the walkthrough's prose says it lets equal values through. Nothing is
    written by this.
    """
    equal = [res.Concept(id=concept_id, value=cut) for concept_id, cut in plan.cuts]
    request = api.PostModelOutputsRequest(
        user_app_id=calls.scope,
        model_id=plan.id,
        version_id=version,
        inputs=[res.Input(data=res.Data(concepts=equal))],
    )
    try:
        outputs = calls.send(rpcs.RUN_MODEL, request).outputs
    except WrongKey:
        raise
    except PlatformRefused:
        return True
    return not outputs or any(output.data.concepts for output in outputs)


def resolve(calls: Calls, model: ModelRef) -> ModelRef:
    """Return `model` with a version that exists, the newest unless it names one; raise NotFound when there is none."""
    found = locate(calls, model)
    return ModelRef(found.id, found.model_version.id)


def locate(calls: Calls, model: ModelRef) -> res.Model:
    """Find a model with its home, in the app first and then among Clarifai's public ones, as workflows do."""
    try:
        return _located(calls, model, calls.scope)
    except NotFound:
        return _located(calls, model, PUBLIC)


def _located(calls: Calls, model: ModelRef, home: res.UserAppIDSet) -> res.Model:
    request = api.GetModelRequest(user_app_id=home, model_id=model.id, version_id=model.version)
    found = calls.send(rpcs.GET_MODEL, request).model
    version = found.model_version.id
    if not version or (model.version and version != model.version):
        raise NotFound(f"There is no model {model.id} with the version {model.version or '(any)'}.")
    return res.Model(
        id=found.id,
        user_id=found.user_id or home.user_id,
        app_id=found.app_id or home.app_id,
        model_version=res.ModelVersion(id=version),
    )


def _create(calls: Calls, plan: ModelPlan) -> str:
    model = res.Model(id=plan.id, model_type_id=plan.kind.value, output_info=_output_info(plan))
    request = api.PostModelsRequest(user_app_id=calls.scope, models=[model])
    made: str = calls.send(rpcs.POST_MODELS, request).model.model_version.id
    return made


def _new_version(calls: Calls, plan: ModelPlan) -> str:
    version = res.ModelVersion(output_info=_output_info(plan))
    request = api.PostModelVersionsRequest(user_app_id=calls.scope, model_id=plan.id, model_versions=[version])
    made: str = calls.send(rpcs.POST_VERSIONS, request).model.model_version.id
    return made


def _equal_version(calls: Calls, plan: ModelPlan, current: res.Model) -> str:
    """Find the newest version that says what `plan` says, "" when there is none.

    Clarifai keeps the content at the version or, the older way, at the model itself.
    """
    wanted = _meaning(_output_info(plan))
    newest = current.model_version
    if _meaning(newest.output_info if newest.HasField("output_info") else current.output_info) == wanted:
        return newest.id
    for version in _versions(calls, plan.id):
        if version.HasField("output_info") and _meaning(version.output_info) == wanted:
            return version.id
    return ""


def _versions(calls: Calls, model_id: str) -> Iterator[res.ModelVersion]:
    for page in itertools.count(1):
        request = api.ListModelVersionsRequest(
            user_app_id=calls.scope, model_id=model_id, page=page, per_page=PAGE, sort_by_created_at=True
        )
        found = calls.send(rpcs.LIST_VERSIONS, request).model_versions
        if not found:
            return
        yield from found


def _output_info(plan: ModelPlan) -> res.OutputInfo:
    params = dict(plan.params)
    if STATUS_PARAM in params:
        params[STATUS_PARAM] = Code.Value(params[STATUS_PARAM])  # the writer takes the number
    made = res.OutputInfo(params=struct(params))
    made.data.concepts.extend(res.Concept(id=concept_id, value=cut) for concept_id, cut in plan.cuts)
    return made


def _meaning(info: res.OutputInfo) -> tuple[Mapping[str, float], Mapping[str, Any]]:
    """What decides how a model acts: its cuts, in float32 as on the wire, and the parameters that are set.

    An empty parameter is one that is not set, and both enums may come back as a name or as a number.
    """
    params = {name: value for name, value in plain(info.params).items() if value not in ("", None)}
    for name, numbers in ((STATUS_PARAM, Code), (COMPARISON_PARAM, res.ValueComparator)):
        if isinstance(params.get(name), str):
            params[name] = dict(numbers.items()).get(params[name], params[name])
    return {concept.id: concept.value for concept in info.data.concepts}, params
