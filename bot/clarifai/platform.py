"""The port `LabellingPlatform`, filled with Clarifai: one line per promise, the work stands in the modules it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clarifai import apps, labelling, looking, models, permissions, vocabulary, workflows
from bot.clarifai import concepts as own_concepts
from bot.clarifai import inputs as images

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.clarifai.calls import Calls
    from bot.clarifai.fetching import PictureSource
    from bot.domain.annotations import Annotation, Suggestion
    from bot.domain.blueprint import ModelPlan, NodePlan
    from bot.domain.concepts import Concept, ModelRef
    from bot.usecases.doctoring.ports import PlatformCheckUp
    from bot.usecases.ports import (
        AnnotationWrite,
        AppFacts,
        Holding,
        InputFacts,
        LabellingPlatform,
        ModelConcept,
        NewInput,
        PlatformOutcome,
        RelationPlan,
        Seen,
        Written,
    )


class ClarifaiPlatform:
    """One Clarifai app, reached with one key; made by `ClarifaiAccount.platform`, safe to share between threads."""

    def __init__(self, calls: Calls, pictures: PictureSource) -> None:
        self._calls = calls
        self._pictures = pictures

    def prove_ownership(self) -> str:
        return apps.prove_ownership(self._calls)

    def read_app(self) -> AppFacts | None:
        return apps.read(self._calls)

    def create_app(self) -> None:
        apps.create(self._calls)

    def find_concepts(self, names: Sequence[str], model: ModelRef | None) -> Mapping[str, ModelConcept | None]:
        return vocabulary.find(self._calls, names, model)

    def words(self) -> Iterator[Sequence[str]]:
        """Every name of the general model's vocabulary, page by page."""
        return vocabulary.words(self._calls)

    def nearest_names(self, name: str, model: ModelRef | None, *, limit: int = 5) -> Sequence[str]:
        return vocabulary.nearest(self._calls, name, model, limit)

    def resolve_model(self, model: ModelRef) -> ModelRef:
        return models.resolve(self._calls, model)

    def ensure_concepts(self, concepts: Sequence[Concept]) -> None:
        own_concepts.ensure(self._calls, concepts)

    def ensure_graph(self, graph: str) -> None:
        own_concepts.ensure_graph(self._calls, graph)

    def ensure_relations(self, relations: Sequence[RelationPlan]) -> None:
        own_concepts.ensure_relations(self._calls, relations)

    def remove_relations(self, subject_ids: Sequence[str]) -> None:
        own_concepts.remove_relations(self._calls, subject_ids)

    def ensure_model(self, plan: ModelPlan) -> str:
        return models.ensure(self._calls, plan)

    def passes_equal(self, plan: ModelPlan, version: str) -> bool:
        return models.passes_equal(self._calls, plan, version)

    def ensure_workflow(self, workflow_id: str, nodes: Sequence[NodePlan]) -> str:
        return workflows.ensure(self._calls, workflow_id, nodes)

    def set_default_workflow(self, workflow_id: str) -> None:
        apps.set_default_workflow(self._calls, workflow_id)

    def default_workflow(self) -> tuple[str, str]:
        return apps.default_workflow(self._calls)

    def dry_run(self, workflow_id: str, *, image: bytes | None = None, url: str = "") -> Sequence[Suggestion]:
        return workflows.dry_run(self._calls, workflow_id, image, url)

    def add_inputs(self, inputs: Sequence[NewInput]) -> Mapping[str, PlatformOutcome]:
        return images.add(self._calls, inputs)

    def read_inputs(self, ids: Sequence[str]) -> Mapping[str, InputFacts]:
        return images.read(self._calls, ids)

    def changed_annotations(self, user_id: str, since: datetime | None) -> Iterator[Sequence[Seen]]:
        return labelling.changed(self._calls, user_id, since)

    def read_annotations(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Annotation]:
        return labelling.read(self._calls, keys)

    def holdings(self, user_id: str, wanted: Holding) -> Sequence[Seen]:
        return looking.holdings(self._calls, user_id, wanted)

    def pictures_of(self, wanted: Holding) -> Sequence[InputFacts]:
        return looking.pictures_of(self._calls, wanted)

    def add_annotations(self, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
        return labelling.add(self._calls, writes)

    def write_annotations(self, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
        return labelling.write(self._calls, writes)

    def refused_calls(self) -> Sequence[str]:
        return permissions.refused(self._calls)

    def fetch_picture(self, facts: InputFacts) -> bytes:
        return self._pictures.fetch(facts.url, self._calls.key)


if TYPE_CHECKING:

    def _fits(platform: ClarifaiPlatform) -> tuple[LabellingPlatform, PlatformCheckUp]:
        return platform, platform
