"""The operator models by themselves."""

from typing import Any

import numpy as np
import pytest
from clarifai_grpc.grpc.api.resources_pb2 import Concept, ConceptRelation, Data, OutputInfo
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.clarifai import Switches
from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.workflow.operators import COMPARATORS, comparator_of, drafts, mapped, passed

Param = Any  # whatever JSON can say
values = st.floats(0, 1) | st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9, 0.95, 1.0])


def thresholder(kind: Param, cut: float) -> OutputInfo:
    made = OutputInfo(data=Data(concepts=[Concept(id="a", value=cut)]))
    made.params["concept_threshold_type"] = kind
    return made


def passes(kind: Param, value: float, cut: float, switches: Switches | None = None) -> bool:
    return bool(passed([Concept(id="a", value=value)], thresholder(kind, cut), switches or Switches()))


@given(values, values)
def test_a_value_takes_exactly_one_of_two_complementary_branches(value, cut) -> None:
    assert passes("GREATER_THAN_OR_EQUAL", value, cut) != passes("LESS_THAN", value, cut)
    assert passes("GREATER_THAN", value, cut) != passes("LESS_THAN_OR_EQUAL", value, cut)


@given(values, values)
def test_comparisons_are_between_float32_values(value, cut) -> None:
    narrow_value, narrow_cut = float(np.float32(value)), float(np.float32(cut))
    for name, holds in COMPARATORS.items():
        assert passes(name, value, cut) == bool(holds(narrow_value, narrow_cut))


@given(values)
def test_a_value_equals_its_own_cut_whatever_it_was_as_a_double(value) -> None:
    assert passes("EQUAL", value, value)
    assert passes("GREATER_THAN", value, value) is False
    assert passes("GREATER_THAN", value, value, Switches(greater_than="inclusive"))


@pytest.mark.parametrize(("number", "name"), [*enumerate(COMPARATORS, start=1)])
def test_the_numbers_of_the_proto_name_the_comparators(number, name) -> None:
    assert comparator_of(thresholder(number, 0.5).params) == name


@pytest.mark.parametrize("kind", [0, 6, 1.5, "greater_than", "", None, True])
def test_anything_else_is_no_comparator(kind) -> None:
    with pytest.raises(Refusal):
        comparator_of(thresholder(kind, 0.5).params)


def test_nan_passes_nothing() -> None:
    assert not any(passes(kind, float("nan"), 0.5) for kind in COMPARATORS)


def test_a_concept_the_thresholder_does_not_list_is_dropped_or_passed() -> None:
    stranger = [Concept(id="b", value=0.9)]
    assert passed(stranger, thresholder("GREATER_THAN", 0.5), Switches()) == []
    assert passed(stranger, thresholder("GREATER_THAN", 0.5), Switches(unlisted_concept="passed")) == stranger


def related(subject: str, predicate: str, target: str) -> ConceptRelation:
    return ConceptRelation(subject_concept=Concept(id=subject), object_concept=Concept(id=target), predicate=predicate)


OWN = {name: Concept(id=name, name=name, app_id="app", value=1) for name in ("vehicle", "puppy", "people")}


def mapping(*relations: ConceptRelation, hyponyms: bool = True, **incoming: float) -> dict[str, float]:
    found = mapped([Concept(id=i, value=v) for i, v in incoming.items()], relations, OWN, hyponyms=hyponyms)
    return {concept.id: round(concept.value, 6) for concept in found}


def test_several_links_give_the_highest_value() -> None:
    links = [related("vehicle", "hypernym", "car"), related("vehicle", "hypernym", "truck")]
    assert mapping(*links, car=0.3, truck=0.6) == {"vehicle": 0.6}
    assert mapping(*links, truck=0.6, car=0.3) == {"vehicle": 0.6}


def test_only_the_app_s_own_concepts_come_out() -> None:
    assert mapping(related("people", "synonym", "folk"), folk=0.5, car=0.9) == {"people": 0.5}
    assert mapping(car=0.9) == {}


def test_a_relation_stored_the_other_way_round_counts_the_same() -> None:
    assert mapping(related("car", "hyponym", "vehicle"), car=0.5) == {"vehicle": 0.5}
    assert mapping(related("folk", "synonym", "people"), folk=0.5) == {"people": 0.5}


def test_a_hyponym_maps_or_not_and_a_hypernym_always() -> None:
    puppy, vehicle = related("puppy", "hyponym", "dog"), related("vehicle", "hypernym", "car")
    assert mapping(puppy, vehicle, dog=0.5, car=0.5) == {"puppy": 0.5, "vehicle": 0.5}
    assert mapping(puppy, vehicle, dog=0.5, car=0.5, hyponyms=False) == {"vehicle": 0.5}


def writer(**params: Param) -> OutputInfo:
    made = OutputInfo()
    made.params.update(params)
    return made


def test_a_writer_writes_as_the_named_user_or_the_owner_and_carries_its_info() -> None:
    given_data = Data(concepts=[Concept(id="a", value=0.5), Concept(id="b", value=0.25)])
    [made] = drafts(given_data, writer(annotation_status=24151), "owner", Switches())
    assert (made.user_id, made.worker.user.id, made.status.code) == ("owner", "owner", 24151)
    named = writer(
        annotation_status="ANNOTATION_SUCCESS",
        annotation_user_id="dana",
        annotation_info={"a": {"b": [1]}},
        task_id="t",
    )
    [made] = drafts(given_data, named, "owner", Switches())
    assert (made.user_id, made.worker.user.id, made.status.code, made.task_id) == ("dana", "dana", 24150, "t")
    assert MessageToDict(made.annotation_info) == {"a": {"b": [1]}}


def test_a_writer_writes_all_concepts_together_or_each_by_itself() -> None:
    given_data = Data(concepts=[Concept(id="a", value=0.5), Concept(id="b", value=0.25)])
    each = drafts(given_data, writer(annotation_status=24151), "owner", Switches(writer_shape="one each"))
    assert [[concept.id for concept in one.data.concepts] for one in each] == [["a"], ["b"]]
