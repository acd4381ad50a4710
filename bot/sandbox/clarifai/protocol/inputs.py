"""Inputs: added at once, worked off later."""

from collections.abc import Callable

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import (
    HostedURL,
    Image,
    Input,
    InputCount,
    InputIDConflictResolution,
    InputsAddJob,
    InputsAddJobProgress,
)
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Refusal, invalid, missing, overall, status
from bot.sandbox.clarifai.ingest import input_level_annotation
from bot.sandbox.clarifai.naming import Scope, checked_id
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.protocol.changes import ACTIONS, Action, changed_data, name_concepts
from bot.sandbox.clarifai.state.paging import page_of

LARGEST_BATCH = 128  # inputs or annotations in one request


class Inputs(Area):
    def __init__(self, platform: Platform, hosted: Callable[[Scope, Input], HostedURL]) -> None:
        super().__init__(platform)
        self._hosted = hosted

    def post_inputs(self, call: Call, request: api.PostInputsRequest) -> api.MultiInputResponse:
        scope = self.own_app(call)
        check_batch(len(request.inputs))
        answered, seen = [], set[str]()
        for wanted in request.inputs:
            try:
                call.check_item(wanted.id)
                _check_new(wanted.id, seen)
                answered.append(self._added(call, scope, wanted, request))
            except Refusal as refusal:
                answered.append(Input(id=wanted.id, status=refusal.status()))
        self.platform.database.announce()
        refused = [item.status.code != codes.INPUT_PENDING for item in answered]
        job = InputsAddJob(id=request.inputs_add_job_id) if request.inputs_add_job_id else None
        return api.MultiInputResponse(
            status=overall(refused, self.platform.switches.all_failed), inputs=answered, inputs_add_job=job
        )

    def get_input(self, call: Call, request: api.GetInputRequest) -> api.SingleInputResponse:
        scope = self.app_scope(call)
        found = self.platform.inputs.get(scope, request.input_id) or missing("input", request.input_id)
        return api.SingleInputResponse(input=self.shown(scope, found))

    def list_inputs(self, call: Call, request: api.ListInputsRequest) -> api.MultiInputResponse:
        scope, page = self.app_scope(call), page_of(request.page, request.per_page)
        found = self.platform.inputs.page(scope, page, ids=request.ids, code=request.status.code)
        return api.MultiInputResponse(inputs=[self.shown(scope, one) for one in found])

    def get_input_count(self, call: Call, _: api.GetInputCountRequest) -> api.SingleInputCountResponse:
        counts = self.platform.inputs.counts(self.app_scope(call))
        return api.SingleInputCountResponse(
            counts=InputCount(
                processed=counts[codes.INPUT_SUCCESS],
                to_process=counts[codes.INPUT_PENDING],
                processing=counts[codes.INPUT_IN_PROGRESS],
                errors=counts[codes.INPUT_FAILED],
            )
        )

    def get_inputs_add_job(self, call: Call, request: api.GetInputsAddJobRequest) -> api.SingleInputsAddJobResponse:
        counts = self.platform.inputs.counts(self.app_scope(call), request.id)
        if not request.id or not counts:
            missing("inputs add job", request.id)
        progress = InputsAddJobProgress(
            success_count=counts[codes.INPUT_SUCCESS],
            pending_count=counts[codes.INPUT_PENDING],
            in_progress_count=counts[codes.INPUT_IN_PROGRESS],
            failed_count=counts[codes.INPUT_FAILED],
        )
        return api.SingleInputsAddJobResponse(inputs_add_job=InputsAddJob(id=request.id, progress=progress))

    def patch_inputs(self, call: Call, request: api.PatchInputsRequest) -> api.MultiInputResponse:
        """Change what is said about inputs, concepts and metadata; their images stay."""
        scope, action = self.own_app(call), ACTIONS.get(request.action)
        check_batch(len(request.inputs))
        if action is None:
            invalid(f"action '{request.action}' is not one of {[*ACTIONS]}")
        answered, refused = [], []
        for wanted in request.inputs:
            try:
                call.check_item(wanted.id)
                answered.append(self._changed(scope, wanted, action))
                refused.append(False)
            except Refusal as refusal:
                answered.append(Input(id=wanted.id, status=refusal.status()))
                refused.append(True)
        return api.MultiInputResponse(status=overall(refused, self.platform.switches.all_failed), inputs=answered)

    def delete_inputs(self, call: Call, request: api.DeleteInputsRequest) -> BaseResponse:
        """Answered at once, done soon after by the worker of the inputs."""
        scope = self.own_app(call)
        for identifier in request.ids:
            call.check_item(identifier)
            if self.platform.inputs.row_of(scope, identifier) is None:
                missing("input", identifier)
        self.platform.inputs.doom(scope, request.ids)
        self.platform.database.announce()
        return BaseResponse()

    def delete_input(self, call: Call, request: api.DeleteInputRequest) -> BaseResponse:
        return self.delete_inputs(call, api.DeleteInputsRequest(ids=[request.input_id]))

    def _changed(self, scope: Scope, wanted: Input, action: Action) -> Input:
        with self.platform.database.transaction():
            found = self.platform.inputs.get(scope, wanted.id) or missing("input", wanted.id)
            image = Image()
            image.CopyFrom(found.data.image)
            found.data.CopyFrom(changed_data(found.data, wanted.data, action, self.platform.switches.value_zero))
            found.data.image.CopyFrom(image)
            found.modified_at.CopyFrom(self.platform.now())
            name_concepts(self.platform, scope, found.data)
            self.platform.inputs.replace(scope, found)
            self.platform.annotations.follow_input(scope, found)
        return self.shown(scope, found)

    def shown(self, scope: Scope, found: Input) -> Input:
        """The input as the platform shows it: its bytes are hosted, never sent back."""
        if found.status.code != codes.INPUT_SUCCESS:
            return found
        found.data.image.hosted.CopyFrom(self._hosted(scope, found))
        hosted = found.data.image.hosted
        found.data.image.url = found.data.image.url or f"{hosted.prefix}/orig/{hosted.suffix}"
        return found

    def _added(self, call: Call, scope: Scope, wanted: Input, request: api.PostInputsRequest) -> Input:
        image = wanted.data.image
        if not image.base64 and not image.url:
            raise Refusal(codes.INPUT_INVALID_ARGUMENT, "the input has neither image bytes nor an image URL")
        if image.url and not image.allow_duplicate_url and self.platform.inputs.has_url(scope, image.url):
            raise Refusal(codes.INPUT_DUPLICATE, f"duplicate URL '{image.url[:200]}'")
        made, now = Input(), self.platform.now()
        made.CopyFrom(wanted)
        made.MergeFrom(Input(id=checked_id("input", wanted.id), created_at=now, modified_at=now))
        made.data.image.ClearField("base64")
        suffixes = range(1, 10) if request.input_id_conflict_resolution == InputIDConflictResolution.SUFFIX else ()
        with self.platform.database.transaction():
            row = self.platform.inputs.add(scope, made, image=image.base64, job=request.inputs_add_job_id)
            for suffix in suffixes:
                if row is None:
                    made.id = f"{wanted.id}-{suffix}"
                    row = self.platform.inputs.add(scope, made, image=image.base64, job=request.inputs_add_job_id)
            if row is None:
                raise Refusal(codes.DATABASE_DUPLICATE_KEY, f"duplicate input id '{made.id}'")
            self.platform.annotations.add(scope, row, input_level_annotation(self.platform, call.caller, made))
        made.status.CopyFrom(status(codes.INPUT_PENDING))
        return made


def _check_new(identifier: str, seen: set[str]) -> None:
    """Equal ids inside one request stay errors, however conflicts are to be resolved (proto)."""
    if identifier and identifier in seen:
        raise Refusal(codes.DATABASE_DUPLICATE_KEY, f"duplicate input id '{identifier}' in one request")
    seen.add(identifier)


def check_batch(items: int) -> None:
    """Refuse none and more than one request may carry."""
    if not 1 <= items <= LARGEST_BATCH:
        invalid(f"a request carries 1 to {LARGEST_BATCH} items, not {items}")
