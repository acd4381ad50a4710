"""Models and their versions: the operator models of auto-annotation can be made, public ones can be read."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Model, ModelVersion, OutputInfo
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Refusal, duplicate, invalid, missing, status
from bot.sandbox.clarifai.naming import MAIN, Scope, checked_id, fresh_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import EVERYTHING, page_of
from bot.sandbox.clarifai.workflow.operators import (
    MAPPER,
    THRESHOLDER,
    WRITER,
    check_thresholds,
    written_status,
    written_user,
)

OPERATORS = (MAPPER, THRESHOLDER, WRITER)


class Models(Area):
    def post_models(self, call: Call, request: api.PostModelsRequest) -> api.SingleModelResponse:
        """Make models, each with its first version; the reply carries one, the last, whatever was sent."""
        scope = self.own_app(call)
        wanted = list(request.models) or ([request.model] if request.HasField("model") else [])
        if not wanted:
            invalid("no models")
        with self.platform.database.transaction():
            made = [self._made(call, scope, model) for model in wanted]
        return api.SingleModelResponse(model=made[-1])

    def patch_models(self, call: Call, request: api.PatchModelsRequest) -> api.MultiModelResponse:
        """Change models; another `output_info` makes a new version."""
        scope = self.own_app(call)
        if request.action not in {"merge", "overwrite", "remove"}:
            invalid(f"action '{request.action}' is not merge, overwrite or remove")
        with self.platform.database.transaction():
            changed = [self._changed(call, scope, wanted, request.action) for wanted in request.models]
        return api.MultiModelResponse(models=changed)

    def get_model(self, call: Call, request: api.GetModelRequest) -> api.SingleModelResponse:
        return api.SingleModelResponse(model=self._model(self.app_scope(call), request.model_id, request.version_id))

    def list_models(self, call: Call, request: api.ListModelsRequest) -> api.MultiModelResponse:
        """The app's models, then the public ones unless they are not wanted (the proto's older behaviour)."""
        scope, page = self.app_scope(call), page_of(request.page, request.per_page)
        found = [self._model(scope, model.id) for model in self.platform.models.all(scope)]
        if scope == MAIN or not request.dont_fetch_from_main:
            found += [public.model for public in self.platform.catalogue.models.values()]
        found = [
            model
            for model in found
            if request.model_type_id in {"", model.model_type_id}
            and request.name.lower().strip("*") in model.name.lower()
        ]
        return api.MultiModelResponse(models=found[page.offset : page.offset + page.limit])

    def post_model_versions(self, call: Call, request: api.PostModelVersionsRequest) -> api.SingleModelResponse:
        scope = self.own_app(call)
        if not request.model_versions:
            invalid("no model versions")
        with self.platform.database.transaction():
            model = self.platform.models.get(scope, request.model_id) or missing("model", request.model_id)
            for wanted in request.model_versions:
                self._add_version(call, scope, model, wanted)
        return api.SingleModelResponse(model=self._model(scope, request.model_id))

    def get_model_version(self, call: Call, request: api.GetModelVersionRequest) -> api.SingleModelVersionResponse:
        model = self._model(self.app_scope(call), request.model_id, request.version_id)
        return api.SingleModelVersionResponse(model_version=model.model_version)

    def list_model_versions(self, call: Call, request: api.ListModelVersionsRequest) -> api.MultiModelVersionResponse:
        scope, page = self.app_scope(call), page_of(request.page, request.per_page)
        public = self.platform.catalogue.models.get(request.model_id)
        if public is not None and self.platform.models.get(scope, request.model_id) is None:
            found = [public.model.model_version]
        else:
            self._model(scope, request.model_id)
            found = self.platform.model_versions.all(scope, request.model_id)
        newest_first = found[::-1][page.offset : page.offset + page.limit]
        return api.MultiModelVersionResponse(model_versions=newest_first)

    def delete_model_version(self, call: Call, request: api.DeleteModelVersionRequest) -> BaseResponse:
        scope = self.own_app(call)
        self._model(scope, request.model_id, request.version_id)
        self.platform.model_versions.remove(scope, request.version_id, request.model_id)
        return BaseResponse()

    def delete_model(self, call: Call, request: api.DeleteModelRequest) -> BaseResponse:
        return self.delete_models(call, api.DeleteModelsRequest(ids=[request.model_id]))

    def delete_models(self, call: Call, request: api.DeleteModelsRequest) -> BaseResponse:
        scope = self.own_app(call)
        with self.platform.database.transaction():
            for identifier in request.ids:
                self.platform.models.get(scope, identifier) or missing("model", identifier)
                for version in self.platform.model_versions.all(scope, identifier, EVERYTHING):
                    self.platform.model_versions.remove(scope, version.id, identifier)
                self.platform.models.remove(scope, identifier)
        return BaseResponse()

    def _model(self, scope: Scope, identifier: str, version_id: str = "") -> Model:
        found = self.platform.model(scope, identifier, version_id)
        if found is None:
            missing("model", f"{identifier} {version_id}".strip())
        return found

    def _made(self, call: Call, scope: Scope, wanted: Model) -> Model:
        made = Model()
        made.CopyFrom(wanted)
        identifier = checked_id("model", wanted.id)
        now = self.platform.now()
        made.MergeFrom(Model(id=identifier, name=wanted.name or identifier, created_at=now, modified_at=now))
        made.app_id, made.user_id = scope.app, scope.user
        made.ClearField("output_info")
        made.ClearField("model_version")
        if not self.platform.models.add(scope, identifier, made):
            duplicate("model", identifier, self.platform.switches.duplicate)
        first = ModelVersion(output_info=wanted.output_info if wanted.HasField("output_info") else None)
        self._add_version(call, scope, made, first)
        return self._model(scope, identifier)

    def _changed(self, call: Call, scope: Scope, wanted: Model, action: str) -> Model:
        model = self._model(scope, wanted.id)
        if action == "overwrite" and wanted.name:
            model.name = wanted.name
        if wanted.HasField("output_info"):
            output_info = _combined(model.output_info, wanted.output_info, action)
            self._add_version(call, scope, model, ModelVersion(output_info=output_info))
        model.modified_at.CopyFrom(self.platform.now())
        model.ClearField("output_info")
        model.ClearField("model_version")
        self.platform.models.replace(scope, wanted.id, model)
        return self._model(scope, wanted.id)

    def _add_version(self, call: Call, scope: Scope, model: Model, wanted: ModelVersion) -> None:
        """Make a version; operator models need no training and are ready at once.

        The SDK makes a model first and says what it does with its second version: an empty first one is taken, and
        refused when it is to run.
        """
        if wanted.HasField("output_info") or model.model_type_id not in OPERATORS:
            self._check(call, scope, model.model_type_id, wanted.output_info)
        made = ModelVersion()
        made.CopyFrom(wanted)
        now = self.platform.now()
        made.MergeFrom(ModelVersion(created_at=now, modified_at=now, completed_at=now))
        made.id, made.app_id, made.user_id = fresh_id(), scope.app, scope.user
        made.active_concept_count = len(made.output_info.data.concepts)
        made.status.CopyFrom(status(codes.MODEL_TRAINED))
        self.platform.model_versions.add(scope, made.id, made, model.id)

    def _check(self, call: Call, scope: Scope, model_type: str, output_info: OutputInfo) -> None:
        match model_type:
            case _ if model_type == MAPPER:
                return
            case _ if model_type == THRESHOLDER:
                check_thresholds(output_info, self.platform.switches)
            case _ if model_type == WRITER:
                written_status(output_info.params)
                if written_user(output_info.params) not in {"", call.caller} and not call.is_owner:
                    raise Refusal(codes.CONN_INSUFFICIENT_SCOPES, f"only {scope.user} may write as somebody else")
            case _:
                raise Refusal(codes.MODEL_INVALID_REQUEST, f"models of type '{model_type}' cannot be made here")


def _combined(old: OutputInfo, new: OutputInfo, action: str) -> OutputInfo:
    """`overwrite` takes the new one as it is; `merge` and `remove` work on the listed concepts and params."""
    if action == "overwrite":
        return new
    named = {concept.id for concept in new.data.concepts}
    made = OutputInfo()
    made.CopyFrom(old)
    kept = [concept for concept in old.data.concepts if concept.id not in named]
    del made.data.concepts[:]
    made.data.concepts.extend(kept)
    if action == "merge":
        made.data.concepts.extend(new.data.concepts)
        made.params.MergeFrom(new.params)
    return made
