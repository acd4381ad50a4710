"""Annotations: read, written by people, changed by whoever may."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Annotation, User, Worker
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import BaseResponse

from bot.sandbox.clarifai.answers import Code, Refusal, invalid, missing, overall, status
from bot.sandbox.clarifai.naming import Scope, checked_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.protocol.changes import ACTIONS, Action, changed_data, name_concepts
from bot.sandbox.clarifai.protocol.inputs import check_batch
from bot.sandbox.clarifai.state.conditions import Condition, all_of, any_of, equal, one_of
from bot.sandbox.clarifai.state.paging import page_of

USUAL_ANNOTATIONS = 128  # per page says the proto, 20 say the documents
GIVEABLE = (
    codes.ANNOTATION_SUCCESS,
    codes.ANNOTATION_PENDING,
    codes.ANNOTATION_AWAITING_REVIEW,
    codes.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
    codes.ANNOTATION_REVIEW_DENIED,
)


class Annotations(Area):
    def list_annotations(self, call: Call, request: api.ListAnnotationsRequest) -> api.MultiAnnotationResponse:
        scope = self.app_scope(call)
        page = call.shifted(page_of(request.page, request.per_page, USUAL_ANNOTATIONS))
        found = self.platform.annotations.page(scope, _listed(request), page)
        return api.MultiAnnotationResponse(annotations=found)

    def get_annotation(self, call: Call, request: api.GetAnnotationRequest) -> api.SingleAnnotationResponse:
        scope = self.app_scope(call)
        return api.SingleAnnotationResponse(annotation=self._existing(scope, request.input_id, request.annotation_id))

    def post_annotations(self, call: Call, request: api.PostAnnotationsRequest) -> api.MultiAnnotationResponse:
        scope = self.own_app(call)
        check_batch(len(request.annotations))
        answered = []
        for wanted in request.annotations:
            try:
                call.check_item(wanted.id)
                answered.append(self._added(call, scope, wanted))
            except Refusal as refusal:
                answered.append(Annotation(id=wanted.id, input_id=wanted.input_id, status=refusal.status()))
        return self._over(answered)

    def patch_annotations(self, call: Call, request: api.PatchAnnotationsRequest) -> api.MultiAnnotationResponse:
        scope, action = self.own_app(call), ACTIONS.get(request.action)
        check_batch(len(request.annotations))
        if action is None:
            invalid(f"action '{request.action}' is not one of {[*ACTIONS]}")
        answered = []
        for wanted in request.annotations:
            try:
                call.check_item(wanted.id)
                answered.append(self._changed(call, scope, wanted, action, drop=request.delete_if_empty_data))
            except Refusal as refusal:
                answered.append(Annotation(id=wanted.id, input_id=wanted.input_id, status=refusal.status()))
        return self._over(answered)

    def delete_annotations(self, call: Call, request: api.DeleteAnnotationsRequest) -> BaseResponse:
        """Delete these annotations, or all of these inputs; input-level ones stay whatever is asked."""
        scope = self.own_app(call)
        if not request.input_ids or (request.ids and len(request.ids) != len(request.input_ids)):
            invalid("input_ids are needed, as many as ids where these are given")
        with self.platform.database.transaction():
            for place, input_id in enumerate(request.input_ids):
                named = [self._existing(scope, input_id, request.ids[place])] if request.ids else []
                for one in named or self.platform.annotations.of_input(scope, input_id):
                    self._check_worker(call, one)
                    if not one.input_level:
                        self.platform.annotations.remove(scope, input_id, one.id)
        return BaseResponse()

    def delete_annotation(self, call: Call, request: api.DeleteAnnotationRequest) -> BaseResponse:
        return self.delete_annotations(
            call, api.DeleteAnnotationsRequest(ids=[request.annotation_id], input_ids=[request.input_id])
        )

    def _over(self, answered: list[Annotation]) -> api.MultiAnnotationResponse:
        refused = [item.status.code not in GIVEABLE for item in answered]
        over = overall(refused, self.platform.switches.all_failed)
        return api.MultiAnnotationResponse(status=over, annotations=answered)

    def _added(self, call: Call, scope: Scope, wanted: Annotation) -> Annotation:
        row = self.platform.inputs.row_of(scope, wanted.input_id)
        if row is None:
            missing("input", wanted.input_id)
        if len(wanted.data.regions) > 1:
            raise Refusal(codes.ANNOTATION_INVALID_ARGUMENT, "an annotation has at most one region")
        user = wanted.user_id or wanted.worker.user.id or call.caller
        if user != call.caller and not call.is_owner:
            raise Refusal(codes.ANNOTATION_PERMISSION_DENIED, f"only {scope.user} may write as somebody else")
        made, now = Annotation(), self.platform.now()
        made.CopyFrom(wanted)
        made.status.CopyFrom(status(self._status(wanted.status.code) or codes.ANNOTATION_SUCCESS))
        made.MergeFrom(Annotation(user_id=user, worker=Worker(user=User(id=user)), created_at=now, modified_at=now))
        made.id, made.input_level = checked_id("annotation", wanted.id), False
        made.trusted = not made.model_version_id
        name_concepts(self.platform, scope, made.data)
        with self.platform.database.transaction():
            if not self.platform.annotations.add(scope, row, made):
                raise Refusal(codes.DATABASE_DUPLICATE_KEY, f"duplicate annotation id '{made.id}'")
            self._touch_writers(scope, made.input_id)
        return made

    def _changed(self, call: Call, scope: Scope, wanted: Annotation, action: Action, *, drop: bool) -> Annotation:
        with self.platform.database.transaction():
            found = self._existing(scope, wanted.input_id, wanted.id)
            self._check_worker(call, found)
            if code := self._status(wanted.status.code):
                found.status.CopyFrom(status(code))
            if wanted.HasField("data"):
                found.data.CopyFrom(changed_data(found.data, wanted.data, action, self.platform.switches.value_zero))
                name_concepts(self.platform, scope, found.data)
            if wanted.HasField("annotation_info") and action != "remove":
                if action == "overwrite":
                    found.ClearField("annotation_info")
                found.annotation_info.MergeFrom(wanted.annotation_info)
            found.modified_at.CopyFrom(self.platform.now())
            self.platform.annotations.replace(scope, found)
            if drop and action == "remove" and not found.data.ByteSize() and not found.input_level:
                self.platform.annotations.remove(scope, found.input_id, found.id)
            self._touch_writers(scope, found.input_id)
        return found

    def _existing(self, scope: Scope, input_id: str, identifier: str) -> Annotation:
        found = self.platform.annotations.get(scope, input_id, identifier)
        return found or missing("annotation", f"{identifier} of input {input_id}")

    def _check_worker(self, call: Call, annotation: Annotation) -> None:
        """The app's owner may change anybody's annotation, others their own only."""
        if not call.is_owner and annotation.user_id != call.caller:
            raise Refusal(codes.ANNOTATION_PERMISSION_DENIED, f"only {annotation.user_id} or the owner may change this")

    def _status(self, given: int) -> Code | None:
        """The status asked for, None for none.

        Raises:
            Refusal: it is no status that a person may give.
        """
        if not given:
            return None
        denied = given == codes.ANNOTATION_REVIEW_DENIED and self.platform.switches.review_denied == "refused"
        if given not in GIVEABLE or denied:
            raise Refusal(codes.ANNOTATION_INVALID_ARGUMENT, f"status {given} cannot be given to this annotation")
        return given

    def _touch_writers(self, scope: Scope, input_id: str) -> None:
        if self.platform.switches.writers_on_patch:
            self.platform.inputs.run_again(scope, input_id)
            self.platform.database.announce()


def _listed(request: api.ListAnnotationsRequest) -> Condition:
    """Workers of the three kinds are OR-ed and imply all; otherwise only trusted ones are listed by default."""
    if request.ids and len(request.ids) != len(request.input_ids):
        invalid("where ids are given, input_ids must have the same length and order")
    workers = [
        *one_of("a.worker", request.user_ids),
        *one_of("a.model_version", request.model_version_ids),
        *one_of("a.workflow_version", request.workflow_version_ids),
    ]
    everything = request.list_all_annotations or workers
    return all_of(
        [
            *([_pairs(request)] if request.ids else one_of("a.input_id", request.input_ids)),
            *([any_of(workers)] if workers else []),
            *one_of("a.status", [wanted.code for wanted in request.statuses]),
            *equal("a.task", request.task_id),
            *([] if everything else [Condition("a.trusted = 1")]),
        ]
    )


def _pairs(request: api.ListAnnotationsRequest) -> Condition:
    """Name annotations by id and input; a thousand alternatives joined by OR are deeper than the database goes."""
    marks = ", ".join(["(?, ?)"] * len(request.ids))
    both = zip(request.ids, request.input_ids, strict=True)
    return Condition(f"(a.id, a.input_id) IN (VALUES {marks})", tuple(value for pair in both for value in pair))
