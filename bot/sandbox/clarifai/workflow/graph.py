"""Running a workflow on one image: every root gets the image, everything else what its sources let through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Concept, Data, Model, OutputInfo, Workflow, WorkflowNode
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.workflow.operators import MAPPER, THRESHOLDER, WRITER, drafts, mapped, passed

USUAL_CONCEPTS: Final = 20  # OutputConfig.max_concepts: 0 means 20


@dataclass(frozen=True)
class Step:
    """One node that ran; no data where nothing came through."""

    node: WorkflowNode
    model: Model
    data: Data | None


def run(platform: Platform, scope: Scope, workflow: Workflow, image: bytes) -> list[Step]:
    """Run all nodes in the stored (topological) order.

    Raises:
        ValueError: the bytes are no readable image.
        Refusal: a model version of the workflow is gone.
    """
    done: dict[str, Step] = {}
    for node in workflow.nodes:
        model = platform.model(scope, node.model.id, node.model.model_version.id)
        if model is None:
            raise Refusal(codes.MODEL_DOES_NOT_EXIST, f"model of node '{node.id}' does not exist")
        model = _overridden(model, node.output_info_override)
        sources = [done[source.node_id].data for source in node.node_inputs]
        data = outcome(platform, scope, model, image if not sources else _merged(sources))
        done[node.id] = Step(node, model, data)
    return list(done.values())


def outcome(platform: Platform, scope: Scope, model: Model, given: bytes | Data | None) -> Data | None:
    """What one model makes of an image, or of the data of the nodes before it."""
    if model.id in platform.catalogue.models and isinstance(given, bytes):
        data = platform.catalogue.predict(platform.catalogue.models[model.id], given)
        return Data(
            concepts=_best(data.concepts, _named(platform, scope)), embeddings=data.embeddings, clusters=data.clusters
        )
    if not isinstance(given, Data):
        return None
    concepts = _operated(platform, scope, model, given.concepts)
    return Data(concepts=concepts) if concepts else None


def writings(platform: Platform, scope: Scope, steps: Sequence[Step]) -> list[Annotation]:
    """The annotations that the writers among these steps ask for."""
    return [
        draft
        for step in steps
        if step.model.model_type_id == WRITER and step.data is not None
        for draft in drafts(step.data, step.model.output_info, scope.user, platform.switches)
    ]


def _operated(platform: Platform, scope: Scope, model: Model, incoming: Sequence[Concept]) -> list[Concept]:
    if model.model_type_id == MAPPER:
        wanted = model.output_info.params.fields["knowledge_graph_id"].string_value
        relations = [edge for edge in platform.relations.all(scope) if edge.knowledge_graph_id == wanted]
        own = {concept.id: concept for concept in platform.concepts.all(scope)}
        return mapped(incoming, relations, own, hyponyms=platform.switches.hyponym == "mapped")
    if model.model_type_id == THRESHOLDER:
        return passed(incoming, model.output_info, platform.switches)
    return list(incoming)


def _named(platform: Platform, scope: Scope) -> set[str]:
    """The concepts that a relation of the app speaks of: answered even where they are not among the best."""
    return {
        end.id
        for relation in platform.relations.all(scope)
        for end in (relation.object_concept, relation.subject_concept)
    }


def _best(concepts: Sequence[Concept], named: set[str]) -> list[Concept]:
    """The best 20 and the named ones, best first as the catalogue gives them."""
    return [concept for place, concept in enumerate(concepts) if place < USUAL_CONCEPTS or concept.id in named]


def _merged(sources: Sequence[Data | None]) -> Data | None:
    reached = [source for source in sources if source is not None]
    if not reached:
        return None
    merged = Data()
    for source in reached:
        merged.MergeFrom(source)
    return merged


def _overridden(model: Model, override: OutputInfo) -> Model:
    """The proto: an override at the node takes the place of the model's data and params, nothing else."""
    if not override.ByteSize():
        return model
    changed = Model()
    changed.CopyFrom(model)
    if override.HasField("data"):
        changed.output_info.data.CopyFrom(override.data)
    if override.HasField("params"):
        changed.output_info.params.CopyFrom(override.params)
    return changed
