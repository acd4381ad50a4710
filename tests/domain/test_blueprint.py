"""The walkthrough as data: the graph, its cuts and its writers."""

from __future__ import annotations

import operator

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import blueprint
from bot.domain.concepts import ModelRef
from bot.domain.thresholds import OFF, ConceptThreshold, narrow

OWN = [
    blueprint.MAPPER_ID,
    blueprint.FLOOR_ID,
    blueprint.ACCEPT_ID,
    blueprint.BELOW_ID,
    blueprint.WRITE_SUCCESS_ID,
    blueprint.WRITE_PENDING_ID,
]
VERSIONS = {model: f"version-of-{model}" for model in OWN}
COMPARE = {
    "GREATER_THAN_OR_EQUAL": operator.ge,
    "LESS_THAN": operator.lt,
    "GREATER_THAN": operator.gt,
    "LESS_THAN_OR_EQUAL": operator.le,
}
cuts = st.lists(
    st.builds(ConceptThreshold, st.text("abc", min_size=1, max_size=5), st.floats(0.5, 1), st.floats(0, 0.5)),
    min_size=1,
    unique_by=lambda cut: cut.concept_id,
)


@given(cuts)
def test_every_thresholder_lists_every_concept(chosen: list[ConceptThreshold]) -> None:
    floor, accept, below = blueprint.thresholders(chosen)
    everybody = sorted(cut.concept_id for cut in chosen)
    assert all([concept for concept, _ in plan.cuts] == everybody for plan in (floor, accept, below))
    assert dict(floor.cuts) == {cut.concept_id: cut.floor for cut in chosen}
    assert dict(accept.cuts) == dict(below.cuts) == {cut.concept_id: cut.accept for cut in chosen}


def test_the_three_comparisons() -> None:
    plans = blueprint.thresholders([ConceptThreshold("people")])
    assert [(p.id, dict(p.params)["concept_threshold_type"]) for p in plans] == [
        (blueprint.FLOOR_ID, "GREATER_THAN_OR_EQUAL"),
        (blueprint.ACCEPT_ID, "GREATER_THAN_OR_EQUAL"),
        (blueprint.BELOW_ID, "LESS_THAN"),
    ]
    assert {p.kind.value for p in plans} == {"concept-thresholder"}


def test_a_concept_that_is_off_is_listed_with_a_cut_nothing_reaches() -> None:
    _, accept, below = blueprint.thresholders([ConceptThreshold("people").switched_off(), ConceptThreshold("man")])
    assert accept.cuts == below.cuts == (("man", 0.95), ("people", OFF))


@given(
    st.floats(2**-20, 1, width=32).map(lambda accept: ConceptThreshold("people", accept, accept))
    | st.just(ConceptThreshold("people").switched_off()),
    st.floats(0, 1, width=32),
    st.booleans(),
)
def test_both_ways_to_divide_at_accept_divide_alike(cut: ConceptThreshold, value: float, at: bool) -> None:
    value = narrow(min(cut.accept, 1.0)) if at else value
    _, usual, below = blueprint.thresholders([cut])
    _, over, under = blueprint.thresholders([cut], blueprint.Branching.WITHIN_ONE)
    assert COMPARE[usual.params[0][1]](value, narrow(usual.cuts[0][1])) == (
        COMPARE[over.params[0][1]](value, narrow(over.cuts[0][1]))
    )
    assert COMPARE[below.params[0][1]](value, narrow(below.cuts[0][1])) == (
        COMPARE[under.params[0][1]](value, narrow(under.cuts[0][1]))
    )
    assert over.cuts[0][1] <= 1


def test_with_everything_off_nothing_is_divided_at_accept() -> None:
    nodes = blueprint.nodes(VERSIONS, None, blueprint.Branching.ALL_OFF)
    assert {n.id: n.inputs for n in nodes if n.inputs} == {
        "mapper": ("general-concept",),
        "floor": ("mapper",),
        "write-pending": ("floor",),
    }


def test_the_order_in_which_concepts_were_named_changes_nothing() -> None:
    one, other = ConceptThreshold("people"), ConceptThreshold("man")
    assert blueprint.thresholders([one, other]) == blueprint.thresholders([other, one])


def test_the_graph_of_the_walkthrough() -> None:
    nodes = blueprint.nodes(VERSIONS, None)
    assert {n.id: n.inputs for n in nodes} == {
        "general-embed": (),
        "general-concept": (),
        "general-cluster": (),
        "mapper": ("general-concept",),
        "floor": ("mapper",),
        "accept": ("floor",),
        "write-success": ("accept",),
        "below-accept": ("floor",),
        "write-pending": ("below-accept",),
    }
    assert {n.model_id: n.version for n in nodes if n.model_id in OWN} == VERSIONS


def test_every_node_stands_after_the_one_it_reads() -> None:
    seen: set[str] = set()
    for node in blueprint.nodes(VERSIONS, None):
        assert set(node.inputs) <= seen
        seen.add(node.id)


def test_the_nodes_of_general_are_those_that_were_published() -> None:
    published = {
        "bbb5f41425b8468d9b7a554ff10f8581": "bb186755eda04f9cbb6fe32e816be104",
        "aaa03c23b3724a16a56b629203edc62c": "aa7f35c01e0642fda5cf400f543e7c40",
        "cccbe437d6e54e2bb911c6aa292fb072": "cc2074cff6dc4c02b6f4e1b8606dcb54",
    }
    nodes = blueprint.nodes(VERSIONS, None)[:3]
    assert {n.model_id: n.version for n in nodes} == published


def test_another_model_takes_the_place_of_generals_concepts_only() -> None:
    usual = blueprint.nodes(VERSIONS, None)
    other = blueprint.nodes(VERSIONS, ModelRef("food-item", "v7"))
    changed = [(a, b) for a, b in zip(usual, other, strict=True) if a != b]
    assert [(a.id, b.id, b.model_id, b.version) for a, b in changed] == [
        ("general-concept", "general-concept", "food-item", "v7")
    ]


def test_the_mapper_follows_all_relations_or_those_of_one_graph() -> None:
    assert dict(blueprint.mapper("").params) == {"knowledge_graph_id": ""}
    assert dict(blueprint.mapper("g1").params) == {"knowledge_graph_id": "g1"}


def test_the_writers_write_as_the_owner_and_leave_their_mark() -> None:
    success, pending = blueprint.writers("me")
    assert dict(success.params) == {
        "annotation_status": "ANNOTATION_SUCCESS",
        "annotation_user_id": "me",
        "annotation_info": {"written_by": blueprint.WRITER_MARK},
    }
    assert dict(pending.params)["annotation_status"] == "ANNOTATION_PENDING"
    assert dict(pending.params)["annotation_user_id"] == "me"
