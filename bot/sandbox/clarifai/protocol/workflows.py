"""Workflows and their versions."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Workflow, WorkflowNode, WorkflowVersion
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Refusal, duplicate, invalid, missing
from bot.sandbox.clarifai.naming import MAIN, Scope, checked_id, fresh_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of
from bot.sandbox.clarifai.workflow.ordering import in_order


class Workflows(Area):
    def post_workflows(self, call: Call, request: api.PostWorkflowsRequest) -> api.MultiWorkflowResponse:
        scope = self.own_app(call)
        if not request.workflows:
            invalid("no workflows")
        with self.platform.database.transaction():
            made = [self._made(scope, wanted) for wanted in request.workflows]
        return api.MultiWorkflowResponse(workflows=made)

    def patch_workflows(self, call: Call, request: api.PatchWorkflowsRequest) -> api.MultiWorkflowResponse:
        """Change workflows; other nodes make a new version."""
        scope = self.own_app(call)
        if request.action not in {"merge", "overwrite", "remove"}:
            invalid(f"action '{request.action}' is not merge, overwrite or remove")
        with self.platform.database.transaction():
            changed = [self._changed(scope, wanted, request.action) for wanted in request.workflows]
        return api.MultiWorkflowResponse(workflows=changed)

    def get_workflow(self, call: Call, request: api.GetWorkflowRequest) -> api.SingleWorkflowResponse:
        """No id asks for the app's default; a given one is looked up among the public ones first (proto)."""
        scope = self.app_scope(call)
        if request.workflow_id:
            return api.SingleWorkflowResponse(workflow=self._workflow(scope, request.workflow_id))
        found = self.platform.default_workflow(scope)
        if found is None:
            missing("default workflow of", scope.app)
        return api.SingleWorkflowResponse(workflow=found)

    def list_workflows(self, call: Call, request: api.ListWorkflowsRequest) -> api.MultiWorkflowResponse:
        scope, page = self.app_scope(call), page_of(request.page, request.per_page)
        if scope == MAIN:
            public = list(self.platform.catalogue.workflows.values())
            return api.MultiWorkflowResponse(workflows=public[page.offset : page.offset + page.limit])
        found = [self._workflow(scope, stored.id) for stored in self.platform.workflows.all(scope, page=page)]
        return api.MultiWorkflowResponse(workflows=found)

    def list_workflow_versions(
        self, call: Call, request: api.ListWorkflowVersionsRequest
    ) -> api.MultiWorkflowVersionResponse:
        scope, page = self.app_scope(call), page_of(request.page, request.per_page)
        self._workflow(scope, request.workflow_id)
        found = self.platform.workflow_versions.all(scope, request.workflow_id)[::-1]
        for version in found:
            version.is_deprecated = any(self._gone(scope, node) for node in version.nodes)
        return api.MultiWorkflowVersionResponse(workflow_versions=found[page.offset : page.offset + page.limit])

    def get_workflow_version(
        self, call: Call, request: api.GetWorkflowVersionRequest
    ) -> api.SingleWorkflowVersionResponse:
        scope = self.app_scope(call)
        found = self.platform.workflow_versions.get(scope, request.workflow_version_id, request.workflow_id)
        if found is None:
            missing("workflow version", request.workflow_version_id)
        return api.SingleWorkflowVersionResponse(workflow_version=found)

    def delete_workflow(self, call: Call, request: api.DeleteWorkflowRequest) -> BaseResponse:
        return self.delete_workflows(call, api.DeleteWorkflowsRequest(ids=[request.workflow_id]))

    def delete_workflows(self, call: Call, request: api.DeleteWorkflowsRequest) -> BaseResponse:
        scope = self.own_app(call)
        with self.platform.database.transaction():
            for identifier in request.ids:
                self.platform.workflows.get(scope, identifier) or missing("workflow", identifier)
                for version in self.platform.workflow_versions.all(scope, identifier):
                    self.platform.workflow_versions.remove(scope, version.id, identifier)
                self.platform.workflows.remove(scope, identifier)
        return BaseResponse()

    def _workflow(self, scope: Scope, identifier: str) -> Workflow:
        public = self.platform.catalogue.workflows.get(identifier)
        return public or self.platform.workflow(scope, identifier) or missing("workflow", identifier)

    def _made(self, scope: Scope, wanted: Workflow) -> Workflow:
        identifier = checked_id("workflow", wanted.id)
        made, now = Workflow(), self.platform.now()
        made.CopyFrom(wanted)
        made.ClearField("nodes")
        made.MergeFrom(Workflow(id=identifier, app_id=scope.app, user_id=scope.user, created_at=now, modified_at=now))
        if not self.platform.workflows.add(scope, identifier, made):
            duplicate("workflow", identifier, self.platform.switches.duplicate)
        self._add_version(scope, identifier, list(wanted.nodes))
        return self._workflow(scope, identifier)

    def _changed(self, scope: Scope, wanted: Workflow, action: str) -> Workflow:
        found = self.platform.workflow(scope, wanted.id) or missing("workflow", wanted.id)
        named = {node.id for node in wanted.nodes}
        kept = [] if action == "overwrite" else [node for node in found.nodes if node.id not in named]
        if wanted.nodes:
            self._add_version(scope, wanted.id, kept if action == "remove" else [*kept, *wanted.nodes])
        if action != "remove" and wanted.HasField("metadata"):
            found.metadata.CopyFrom(wanted.metadata)
        found.modified_at.CopyFrom(self.platform.now())
        found.ClearField("nodes")
        found.ClearField("version")
        self.platform.workflows.replace(scope, wanted.id, found)
        return self._workflow(scope, wanted.id)

    def _add_version(self, scope: Scope, identifier: str, nodes: list[WorkflowNode]) -> None:
        made, now = WorkflowVersion(id=fresh_id(), workflow_id=identifier), self.platform.now()
        made.MergeFrom(WorkflowVersion(app_id=scope.app, user_id=scope.user, created_at=now, modified_at=now))
        made.nodes.extend(self._pinned(scope, node) for node in in_order(nodes))
        self.platform.workflow_versions.add(scope, made.id, made, identifier)

    def _pinned(self, scope: Scope, node: WorkflowNode) -> WorkflowNode:
        """The node with its model in full: the app's own, else the public one; no version means the newest now."""
        model = self.platform.model(scope, node.model.id, node.model.model_version.id)
        if model is None or not model.model_version.id:
            wanted = f"'{node.model.id}' {node.model.model_version.id}".strip()
            raise Refusal(codes.MODEL_DOES_NOT_EXIST, f"model {wanted} of node '{node.id}' does not exist")
        made = WorkflowNode()
        made.CopyFrom(node)
        made.model.CopyFrom(model)
        return made

    def _gone(self, scope: Scope, node: WorkflowNode) -> bool:
        return self.platform.model(scope, node.model.id, node.model.model_version.id) is None
