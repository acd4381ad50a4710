"""Find out about each unknown by asking: what a real Clarifai answers here settles a row of `docs/unconfirmed.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from bot.domain import blueprint
from bot.domain.thresholds import ConceptThreshold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.contracts.service import Service

THRESHOLDER = "concept-thresholder"


def _patched(service: Service, **fields: Any) -> res.Annotation:  # noqa: ANN401 - fields of a generated message
    """Patch a pending annotation of our own about both concepts; return it as the reply has it."""
    service.set_up()
    annotation_id, input_id = service.fresh("a"), service.add()
    concepts = [res.Concept(id="people", value=0.5), res.Concept(id="man", value=0.25)]
    made = res.Annotation(id=annotation_id, input_id=input_id, data=res.Data(concepts=concepts))
    made.status.code = codes.ANNOTATION_PENDING
    assert service.ask("PostAnnotations", annotations=[made]).status.code == codes.SUCCESS
    changed = res.Annotation(id=annotation_id, input_id=input_id, **fields)
    reply = service.ask("PatchAnnotations", annotations=[changed], action="merge")
    return res.Annotation.FromString(reply.annotations[0].SerializeToString())


def _thresholder(service: Service, comparison: str, **cuts: float) -> tuple[str, str, int]:
    """Make a thresholder; return its id, version and the code of the reply."""
    info = res.OutputInfo(data=res.Data(concepts=[res.Concept(id=c, value=v) for c, v in cuts.items()]))
    info.params.update({"concept_threshold_type": comparison})
    model = res.Model(id=service.fresh("t"), model_type_id=THRESHOLDER, output_info=info)
    reply = service.ask("PostModels", models=[model])
    return model.id, reply.model.model_version.id, reply.status.code


def review_denied(service: Service) -> str:
    answer = _patched(service, status=Status(code=codes.ANNOTATION_REVIEW_DENIED))
    return "accepted" if answer.status.code == codes.ANNOTATION_REVIEW_DENIED else "refused"


def value_zero(service: Service) -> str:
    data = res.Data(concepts=[res.Concept(id="people", value=0.0)])
    there = {c.id: c.value for c in _patched(service, data=data).data.concepts}
    return {0.0: "kept", 1.0: "becomes one"}.get(there["people"], "leaves the old")


def writer_shape(service: Service) -> str:
    both_pending = [ConceptThreshold(concept, 1.0, 1e-6) for concept in ("people", "man")]
    service.set_up(both_pending)
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    return "one with all" if len(service.labelled()) == 1 else "one each"


def writer_user(service: Service) -> str:
    service.set_up()
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    seen = service.labelled()[0].annotation
    reply = service.ask("GetAnnotation", annotation_id=seen.id, input_id=seen.input_id).annotation
    return {(True, True): "both", (True, False): "user_id", (False, True): "worker"}[
        bool(reply.user_id), bool(reply.worker.user.id)
    ]


def greater_than(service: Service) -> str:
    model, version, _ = _thresholder(service, "GREATER_THAN", people=0.5)
    return "inclusive" if service.run_model(model, version, people=0.5) else "strict"


def unlisted_concept(service: Service) -> str:
    model, version, _ = _thresholder(service, "GREATER_THAN", people=0.5)
    return "passed" if "man" in service.run_model(model, version, people=0.9, man=0.9) else "dropped"


def threshold_above_one(service: Service) -> str:
    return "accepted" if _thresholder(service, "GREATER_THAN", people=2.0)[2] == codes.SUCCESS else "refused"


def default_workflow(service: Service) -> str:
    service.set_up()
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    newest = service.set_up([ConceptThreshold("people", 0.75), ConceptThreshold("man", 0.75)])
    return "follows" if service.platform.default_workflow()[1] == newest else "stays"


def all_failed(service: Service) -> str:
    nowhere = [res.Annotation(id=service.fresh("none"), input_id=service.add())]
    reply = service.ask("PatchAnnotations", annotations=nowhere, action="merge")
    return {codes.FAILURE: "FAILURE", codes.MIXED_STATUS: "MIXED"}[reply.status.code]


def duplicate(service: Service) -> str:
    taken, _, _ = _thresholder(service, "GREATER_THAN", people=0.5)
    again = res.Model(id=taken, model_type_id="concept-synonym-mapper")
    return str(service.ask("PostModels", models=[again]).status.code)


def writers_on_patch(service: Service) -> bool:
    service.set_up()
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    first = service.labelled()
    touched = first[0].annotation
    wanted = res.Annotation(id=touched.id, input_id=touched.input_id, status=Status(code=codes.ANNOTATION_SUCCESS))
    service.ask("PatchAnnotations", annotations=[wanted], action="merge")
    service.labelled()  # what was added later is done, so what the patch set going is done too
    return len(service.written_about(touched.input_id)) > len(first)


def hyponym(service: Service) -> str:
    child = service.fresh("puppy")
    service.ask("PostConcepts", concepts=[res.Concept(id=child, name=child)])
    public = service.platform.find_concepts(["people"], None)["people"]
    assert public
    relation = res.ConceptRelation(object_concept=res.Concept(id=public.id, app_id="main"), predicate="hyponym")
    service.ask("PostConceptRelations", concept_id=child, concept_relations=[relation])
    version = service.platform.ensure_model(blueprint.mapper(""))
    through = service.run_model(blueprint.MAPPER_ID, version, **{public.id: 0.9})
    return "mapped" if child in through else "ignored"


FIND_OUT: Mapping[str, Callable[[Service], str | bool]] = {
    find.__name__: find
    for find in (
        review_denied,
        writer_shape,
        writer_user,
        greater_than,
        default_workflow,
        all_failed,
        duplicate,
        value_zero,
        writers_on_patch,
        threshold_above_one,
        unlisted_concept,
        hyponym,
    )
}
