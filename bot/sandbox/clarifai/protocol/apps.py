"""Apps and accounts."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import App, User, Workflow
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Refusal, duplicate, invalid, missing
from bot.sandbox.clarifai.naming import Scope, checked_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of


class Apps(Area):
    def post_apps(self, call: Call, request: api.PostAppsRequest) -> api.MultiAppResponse:
        call.require_owner("make apps")
        with self.platform.database.transaction():
            made = [self._made(call, wanted) for wanted in request.apps]
        return api.MultiAppResponse(apps=made)

    def get_app(self, call: Call, _: api.GetAppRequest) -> api.SingleAppResponse:
        return api.SingleAppResponse(app=self.platform.app(call.scope))

    def list_apps(self, call: Call, request: api.ListAppsRequest) -> api.MultiAppResponse:
        page = page_of(request.page, request.per_page)
        return api.MultiAppResponse(apps=self.platform.apps.all(Scope(call.scope.user, ""), page=page))

    def patch_apps(self, call: Call, request: api.PatchAppsRequest) -> api.MultiAppResponse:
        call.require_owner("change apps")
        if request.action not in {"overwrite", "remove"}:
            invalid(f"action '{request.action}' is not overwrite or remove")
        with self.platform.database.transaction():
            changed = [self._changed(call, wanted, request.action) for wanted in request.apps]
        return api.MultiAppResponse(apps=changed)

    def patch_app(self, call: Call, request: api.PatchAppRequest) -> api.SingleAppResponse:
        many = api.PatchAppsRequest(apps=[request.app], action=request.action)
        return api.SingleAppResponse(app=self.patch_apps(call, many).apps[0])

    def delete_app(self, call: Call, _: api.DeleteAppRequest) -> BaseResponse:
        call.require_owner("delete apps")
        self.platform.remove_app(self.platform.app(call.scope))
        return BaseResponse()

    def get_user(self, call: Call, _: api.GetUserRequest) -> api.SingleUserResponse:
        if call.scope.user not in self.platform.accounts:
            missing("user", call.scope.user)
        return api.SingleUserResponse(user=User(id=call.scope.user, first_name=call.scope.user))

    def _made(self, call: Call, wanted: App) -> App:
        identifier = checked_id("app", wanted.id)
        made = self.platform.add_app(call.caller, identifier, wanted)
        if made is None:
            duplicate("app", identifier, self.platform.switches.duplicate)
        if wanted.default_workflow.id or wanted.default_workflow_id:
            self._set_default(made, wanted)
        return made

    def _changed(self, call: Call, wanted: App, action: str) -> App:
        app = self.platform.app(Scope(call.scope.user, wanted.id))
        if action == "remove":
            app.ClearField("image")
        else:
            for name in ("name", "description", "notes"):
                if getattr(wanted, name):
                    setattr(app, name, getattr(wanted, name))
            if wanted.HasField("metadata"):
                app.metadata.CopyFrom(wanted.metadata)
            if wanted.default_workflow.id or wanted.default_workflow_id:
                self._set_default(app, wanted)
        app.modified_at.CopyFrom(self.platform.now())
        self.platform.keep_app(app)
        return app

    def _set_default(self, app: App, wanted: App) -> None:
        """Name the default workflow, in the new field or the deprecated one, and remember its present version."""
        identifier = wanted.default_workflow.id or wanted.default_workflow_id
        scope = Scope(app.user_id, app.id)
        workflow = self.platform.workflow(scope, identifier) or self.platform.catalogue.workflows.get(identifier)
        if workflow is None:
            raise Refusal(codes.WORKFLOW_DOES_NOT_EXIST, f"workflow '{identifier}' does not exist")
        app.default_workflow_id = identifier
        app.default_workflow.CopyFrom(Workflow(id=identifier, app_id=workflow.app_id, user_id=workflow.user_id))
        app.default_workflow.version.id = workflow.version.id
        self.platform.keep_app(app)
