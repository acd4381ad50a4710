"""Running models and workflows on images of the request: nothing is written."""

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import Data, Input, Model, Output, OutputConfig, Workflow, WorkflowResult
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal, missing, overall, status
from bot.sandbox.clarifai.fetching import image_bytes
from bot.sandbox.clarifai.naming import Scope, fresh_id
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.protocol.inputs import check_batch
from bot.sandbox.clarifai.workflow.graph import Step, outcome, run


class Predictions(Area):
    def post_workflow_results(
        self, call: Call, request: api.PostWorkflowResultsRequest
    ) -> api.PostWorkflowResultsResponse:
        scope = self.app_scope(call)
        check_batch(len(request.inputs))
        public = self.platform.catalogue.workflows.get(request.workflow_id)
        workflow = public or self.platform.workflow(scope, request.workflow_id, request.version_id)
        if workflow is None:
            missing("workflow", f"{request.workflow_id} {request.version_id}".strip())
        results = [self._result(call, scope, workflow, given) for given in request.inputs]
        refused = [result.status.code != codes.SUCCESS for result in results]
        over = overall(refused, self.platform.switches.all_failed)
        return api.PostWorkflowResultsResponse(status=over, workflow=workflow, results=results)

    def post_model_outputs(self, call: Call, request: api.PostModelOutputsRequest) -> api.MultiOutputResponse:
        scope = self.app_scope(call)
        check_batch(len(request.inputs))
        model = self.platform.model(scope, request.model_id, request.version_id)
        if model is None:
            missing("model", f"{request.model_id} {request.version_id}".strip())
        config = request.model.output_info.output_config
        outputs = [self._output(call, scope, model, given, config) for given in request.inputs]
        refused = [output.status.code != codes.SUCCESS for output in outputs]
        return api.MultiOutputResponse(status=overall(refused, self.platform.switches.all_failed), outputs=outputs)

    def _result(self, call: Call, scope: Scope, workflow: Workflow, given: Input) -> WorkflowResult:
        result = WorkflowResult(id=fresh_id(), created_at=self.platform.now(), input=_without_bytes(given))
        try:
            call.check_item(given.id)
            steps = run(self.platform, scope, workflow, self._image(scope, given))
        except Refusal as refusal:
            result.status.CopyFrom(refusal.status())
        except ValueError as problem:
            result.status.CopyFrom(status(codes.INPUT_FAILED, str(problem)))
        else:
            result.status.CopyFrom(status(codes.SUCCESS))
            result.outputs.extend(self._of_step(step) for step in steps if not step.node.suppress_output)
        return result

    def _output(self, call: Call, scope: Scope, model: Model, given: Input, config: OutputConfig) -> Output:
        output = Output(id=fresh_id(), created_at=self.platform.now(), model=model, input=_without_bytes(given))
        try:
            call.check_item(given.id)
            public = self.platform.catalogue.models.get(model.id)
            if public is None:
                data = outcome(self.platform, scope, model, given.data) or Data()
            elif config.ByteSize():
                data = _narrowed(self.platform.catalogue.predict(public, self._image(scope, given)), config)
            else:
                data = outcome(self.platform, scope, model, self._image(scope, given)) or Data()
        except Refusal as refusal:
            output.status.CopyFrom(refusal.status())
        except ValueError as problem:
            output.status.CopyFrom(status(codes.INPUT_FAILED, str(problem)))
        else:
            output.data.CopyFrom(data)
            output.status.CopyFrom(status(codes.SUCCESS))
        return output

    def _of_step(self, step: Step) -> Output:
        made = Output(id=fresh_id(), created_at=self.platform.now(), model=step.model, data=step.data)
        made.status.CopyFrom(status(codes.SUCCESS))
        return made

    def _image(self, scope: Scope, given: Input) -> bytes:
        """The image sent along, or that of an input of the app named by its id."""
        image = given.data.image
        if not image.base64 and not image.url and given.id:
            row = self.platform.inputs.row_of(scope, given.id)
            if row is None:
                missing("input", given.id)
            return self.platform.inputs.image(row)
        return image_bytes(image, self.platform.known_urls)


def _narrowed(data: Data, config: OutputConfig) -> Data:
    """Concepts as the request wants them: these, at least that sure, so many (0 means 20)."""
    wanted = {concept.id for concept in config.select_concepts} | {concept.name for concept in config.select_concepts}
    chosen = [
        concept
        for concept in data.concepts
        if concept.value >= config.min_value and (not wanted or concept.id in wanted or concept.name in wanted)
    ]
    return Data(
        concepts=chosen[: config.max_concepts or (len(chosen) if wanted else 20)],
        embeddings=data.embeddings,
        clusters=data.clusters,
    )


def _without_bytes(given: Input) -> Input:
    shown = Input()
    shown.CopyFrom(given)
    shown.data.image.ClearField("base64")
    return shown
