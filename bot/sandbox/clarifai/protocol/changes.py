"""What merge, overwrite and remove make of an annotation's data."""

from collections.abc import Iterable
from typing import Final, Literal

from clarifai_grpc.grpc.api.resources_pb2 import Concept, Data, Region
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.state.annotations import concepts_in

Action = Literal["merge", "overwrite", "remove"]
ZeroRule = Literal["kept", "leaves the old", "becomes one"]
ACTIONS: Final[dict[str, Action]] = {"merge": "merge", "overwrite": "overwrite", "remove": "remove"}


def changed_data(old: Data, new: Data, action: Action, zero: ZeroRule) -> Data:
    """The data after a patch.

    `overwrite` takes the new data as it is: what is to stay must be sent again, a region included. `merge` sets the
    listed concepts and regions and keeps the others. `remove` takes the listed ones away. What a value of 0 does is
    not known: `zero` says.

    Source: Clarifai, "Update annotations".
    """
    if action == "overwrite":
        made = Data()
        made.CopyFrom(new)
        _settle_zeros(made.concepts, old.concepts, zero)
        before = {region.id: region for region in old.regions}
        for region in made.regions:
            _settle_zeros(region.data.concepts, before.get(region.id, Region()).data.concepts, zero)
        return made
    made = Data()
    made.CopyFrom(old)
    _replace(made, _combined(old.concepts, new.concepts, action, zero))
    if new.HasField("metadata") and action == "merge":
        made.metadata.MergeFrom(new.metadata)
    for region in new.regions:
        _change_region(made, region, action, zero)
    return made


def name_concepts(platform: Platform, scope: Scope, data: Data) -> None:
    """Complete the concepts of the data with their names.

    Raises:
        Refusal: the app and the public models have no concept of such an id.
    """
    for concept in concepts_in(data):
        known = platform.concept(scope, concept.id)
        if known is None:
            raise Refusal(codes.ANNOTATION_INVALID_ARGUMENT, f"concept '{concept.id}' does not exist")
        concept.name, concept.app_id = known.name, known.app_id


def _change_region(made: Data, wanted: Region, action: Action, zero: ZeroRule) -> None:
    """The region of that id, or the only one there is."""
    found = [region for region in made.regions if region.id == wanted.id] or list(made.regions)[: not wanted.id]
    if not found:
        if action == "merge":
            made.regions.append(wanted)
        return
    concepts = _combined(found[0].data.concepts, wanted.data.concepts, action, zero)
    if action == "remove" and (not wanted.data.concepts or not concepts):
        made.regions.remove(found[0])
        return
    if wanted.HasField("region_info") and action == "merge":
        found[0].region_info.CopyFrom(wanted.region_info)
    _replace(found[0].data, concepts)


def _combined(old: Iterable[Concept], new: Iterable[Concept], action: Action, zero: ZeroRule) -> list[Concept]:
    listed = {concept.id: concept for concept in new}
    if action == "remove":
        return [concept for concept in old if concept.id not in listed]
    before = {concept.id: concept for concept in old}
    merged = list({**before, **listed}.values())
    _settle_zeros(listed.values(), before.values(), zero)
    return merged


def _settle_zeros(concepts: Iterable[Concept], before: Iterable[Concept], zero: ZeroRule) -> None:
    values = {concept.id: concept.value for concept in before}
    for concept in concepts:
        if concept.value == 0 and zero != "kept":
            concept.value = 1.0 if zero == "becomes one" else values.get(concept.id, 0.0)


def _replace(data: Data, concepts: Iterable[Concept]) -> None:
    kept = []
    for concept in concepts:
        kept.append(Concept())
        kept[-1].CopyFrom(concept)
    del data.concepts[:]
    data.concepts.extend(kept)
