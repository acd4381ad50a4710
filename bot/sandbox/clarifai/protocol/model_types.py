"""The kinds of model there are, as the platform describes them to clients."""

from collections.abc import Sequence

from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.resources_pb2 import (
    ModelType,
    ModelTypeEnumOption,
    ModelTypeEnumOptionAlias,
    ModelTypeField,
)
from google.protobuf.struct_pb2 import Value

from bot.sandbox.clarifai.answers import NAMES, missing
from bot.sandbox.clarifai.protocol.call import Area, Call
from bot.sandbox.clarifai.state.paging import page_of
from bot.sandbox.clarifai.workflow.operators import COMPARATORS, MAPPER, THRESHOLDER, WRITABLE, WRITER


def _choice(path: str, options: Sequence[tuple[str, int]]) -> ModelTypeField:
    """A field that takes one of these by name or by number."""
    named = [ModelTypeEnumOption(id=name, aliases=[ModelTypeEnumOptionAlias(id_int=n)]) for name, n in options]
    return ModelTypeField(path=path, field_type=ModelTypeField.ENUM, required=True, model_type_enum_options=named)


def _text(path: str, field_type: ModelTypeField.ModelTypeFieldType.ValueType = ModelTypeField.STRING) -> ModelTypeField:
    return ModelTypeField(path=path, field_type=field_type, default_value=Value(string_value=""))


def _public(identifier: str, title: str, output: str) -> ModelType:
    return ModelType(id=identifier, title=title, input_fields=["image"], output_fields=[output])


def _operator(identifier: str, title: str, output: str, *fields: ModelTypeField) -> ModelType:
    made = ModelType(id=identifier, title=title, input_fields=["concepts"], output_fields=[output], creatable=True)
    made.model_type_fields.extend(fields)
    return made


TYPES = {
    kind.id: kind
    for kind in (
        _public("visual-classifier", "Visual Classifier", "concepts"),
        _public("visual-embedder", "Visual Embedder", "embeddings"),
        _public("visual-cluster", "Visual Clusterer", "clusters"),
        _operator(MAPPER, "Concept Synonym Mapper", "concepts", _text("output_info.params.knowledge_graph_id")),
        _operator(
            THRESHOLDER,
            "Concept Thresholder",
            "concepts",
            _choice(
                "output_info.params.concept_threshold_type", [(name, n) for n, name in enumerate(COMPARATORS, start=1)]
            ),
            ModelTypeField(
                path="output_info.data.concepts",
                field_type=ModelTypeField.ARRAY_OF_CONCEPTS_WITH_THRESHOLD,
                required=True,
            ),
        ),
        _operator(
            WRITER,
            "Annotation Writer",
            "annotations",
            _choice("output_info.params.annotation_status", [(NAMES[code], code) for code in WRITABLE]),
            _text("output_info.params.annotation_user_id", ModelTypeField.COLLABORATORS),
            _text("output_info.params.annotation_info", ModelTypeField.JSON),
        ),
    )
}


class ModelTypes(Area):
    def list_model_types(self, _: Call, request: api.ListModelTypesRequest) -> api.MultiModelTypeResponse:
        page = page_of(request.page, request.per_page)
        return api.MultiModelTypeResponse(model_types=[*TYPES.values()][page.offset : page.offset + page.limit])

    def get_model_type(self, _: Call, request: api.GetModelTypeRequest) -> api.SingleModelTypeResponse:
        found = TYPES.get(request.model_type_id) or missing("model type", request.model_type_id)
        return api.SingleModelTypeResponse(model_type=found)
