"""The public clarifai/main app: models and concepts that every account may use and nobody may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from clarifai_grpc.grpc.api.resources_pb2 import (
    Cluster,
    Concept,
    Data,
    Embedding,
    Model,
    ModelVersion,
    Workflow,
    WorkflowNode,
)
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import status
from bot.sandbox.clarifai.naming import MAIN
from bot.sandbox.clarifai.recognising import Recogniser

GENERAL_EMBED: Final = ("bbb5f41425b8468d9b7a554ff10f8581", "bb186755eda04f9cbb6fe32e816be104")
GENERAL_CONCEPT: Final = ("aaa03c23b3724a16a56b629203edc62c", "aa7f35c01e0642fda5cf400f543e7c40")
GENERAL_CLUSTER: Final = ("cccbe437d6e54e2bb911c6aa292fb072", "cc2074cff6dc4c02b6f4e1b8606dcb54")
EVERYDAY: Final = ("everyday-things-recognition", "e0e0da70000000000000000000000001")
EVERYDAY_NAMES: Final = (
    *("animal", "bird", "boat", "car", "cat", "dog", "flower", "food", "fruit", "truck", "vehicle"),
    *("people", "man", "woman", "adult", "child"),
)
EVERYDAY_SIZE: Final = 16  # concepts taken when the recogniser knows none of those names

ModelType = Literal["visual-embedder", "visual-classifier", "visual-cluster"]


@dataclass(frozen=True)
class PublicModel:
    model: Model
    concepts: Mapping[str, Concept]  # what it answers, by its own ids
    source: Mapping[str, str]  # own id -> the recogniser's id


class Catalogue:
    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.models: dict[str, PublicModel] = {}
        known = {concept.id: _concept(concept.id, concept.name) for concept in recogniser.vocabulary}
        self._add(GENERAL_EMBED, "General-Embed", "visual-embedder", {}, {})
        self._add(GENERAL_CONCEPT, "General", "visual-classifier", known, {own: own for own in known})
        self._add(GENERAL_CLUSTER, "General-Cluster", "visual-cluster", {}, {})
        chosen = [concept for concept in known.values() if concept.name in EVERYDAY_NAMES]
        source = {f"everyday-{concept.id}"[:48]: concept.id for concept in chosen or [*known.values()][:EVERYDAY_SIZE]}
        everyday = {own: _concept(own, known[of].name) for own, of in source.items()}
        self._add(EVERYDAY, "Everyday things", "visual-classifier", everyday, source)
        self.concepts: dict[str, Concept] = {**everyday, **known}
        general = [GENERAL_EMBED[0], GENERAL_CONCEPT[0], GENERAL_CLUSTER[0]]
        self.workflows = {"Empty": self._workflow("Empty", []), "General": self._workflow("General", general)}

    def predict(self, public: PublicModel, image: bytes) -> Data:
        """What the model says about the image; every concept it sees at all, best first.

        Raises:
            ValueError: the bytes are no readable image.
        """
        if public.model.model_type_id == "visual-embedder":
            vector = self._recogniser.embedding(image)
            return Data(embeddings=[Embedding(vector=vector, num_dimensions=len(vector))])
        if public.model.model_type_id == "visual-cluster":
            return Data(clusters=[Cluster(id=f"{self._recogniser.cluster(image)}", score=1.0)])
        values = self._recogniser.values(image)
        answered = [_concept(own, public.concepts[own].name, values.get(of, 0.0)) for own, of in public.source.items()]
        seen = [concept for concept in answered if concept.value > 0]
        return Data(concepts=sorted(seen, key=lambda concept: -concept.value))

    def examine(self, image: bytes) -> None:
        """Raise ValueError for bytes that are no readable image."""
        self._recogniser.values(image)

    def _workflow(self, identifier: str, models: list[str]) -> Workflow:
        made = Workflow(id=identifier, app_id=MAIN.app, user_id=MAIN.user)
        made.version.id = f"{models!r}".encode().hex()[-32:]
        made.nodes.extend(WorkflowNode(id=model, model=self.models[model].model) for model in models)
        return made

    def _add(
        self,
        identity: tuple[str, str],
        name: str,
        model_type: ModelType,
        concepts: Mapping[str, Concept],
        source: Mapping[str, str],
    ) -> None:
        model = Model(id=identity[0], name=name, app_id=MAIN.app, user_id=MAIN.user, model_type_id=model_type)
        version = ModelVersion(id=identity[1], app_id=MAIN.app, user_id=MAIN.user, active_concept_count=len(concepts))
        version.status.CopyFrom(status(codes.MODEL_TRAINED))
        model.model_version.CopyFrom(version)
        self.models[identity[0]] = PublicModel(model, concepts, source)


def _concept(identifier: str, name: str, value: float = 1.0) -> Concept:
    return Concept(id=identifier, name=name, value=value, app_id=MAIN.app, user_id=MAIN.user, language="en")
