"""The one-line set-up, as people type it and as Slack delivers it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concepts import ConceptRelation, ModelRef, Predicate, SetUpRequest, read_request
from bot.domain.errors import Refused

IS, PARENT_OF, KIND_OF = Predicate.SYNONYM, Predicate.HYPERNYM, Predicate.HYPONYM


def links_of(text: str) -> dict[str, list[tuple[Predicate, str]]]:
    """What each concept is linked with."""
    return {c.name: [(r.predicate, r.object_name) for r in c.relations] for c in read_request(text).concepts}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("people", {"people": [(IS, "people")]}),
        ("person=people", {"person": [(IS, "people")]}),
        ("person = people", {"person": [(IS, "people")]}),
        ("person=people,crowd", {"person": [(IS, "people"), (IS, "crowd")]}),
        ("vehicle>car,truck", {"vehicle": [(PARENT_OF, "car"), (PARENT_OF, "truck")]}),
        ("vehicle > car , truck", {"vehicle": [(PARENT_OF, "car"), (PARENT_OF, "truck")]}),
        ("vehicle&gt;car,truck", {"vehicle": [(PARENT_OF, "car"), (PARENT_OF, "truck")]}),
        ("puppy<dog", {"puppy": [(KIND_OF, "dog")]}),
        ("puppy&lt;dog", {"puppy": [(KIND_OF, "dog")]}),
        ('"traffic light"', {"traffic light": [(IS, "traffic light")]}),
        ("“traffic light”", {"traffic light": [(IS, "traffic light")]}),
        ("„traffic light“", {"traffic light": [(IS, "traffic light")]}),
        ("«traffic light»", {"traffic light": [(IS, "traffic light")]}),
        ('signal="traffic light","stop sign"', {"signal": [(IS, "traffic light"), (IS, "stop sign")]}),
        ('"my signal">"traffic light"', {"my signal": [(PARENT_OF, "traffic light")]}),
        ("people people&gt;crowd", {"people": [(IS, "people"), (PARENT_OF, "crowd")]}),
        ("people people", {"people": [(IS, "people")]}),
        ("People PEOPLE=crowd", {"People": [(IS, "People"), (IS, "crowd")]}),
        ("R&amp;D", {"R&D": [(IS, "R&D")]}),
        ("people, man, adult", {"people": [(IS, "people")], "man": [(IS, "man")], "adult": [(IS, "adult")]}),
        ("  people\n\tman  ", {"people": [(IS, "people")], "man": [(IS, "man")]}),
        ("model graph", {"model": [(IS, "model")], "graph": [(IS, "graph")]}),
        ("model&gt;person", {"model": [(PARENT_OF, "person")]}),
        ('"model"=person', {"model": [(IS, "person")]}),
        ("mood=all", {"mood": [(IS, "all")]}),
    ],
)
def test_links_are_read_subject_first(typed: str, meant: dict[str, list[tuple[Predicate, str]]]) -> None:
    assert links_of(typed) == meant


def test_the_walkthrough_in_one_line() -> None:
    asked = read_request("people man adult")
    assert [c.id for c in asked.concepts] == ["people", "man", "adult"]
    assert (asked.graph, asked.model) == ("", None)


@pytest.mark.parametrize(
    ("typed", "graph", "model"),
    [
        ("people graph=g1", "g1", None),
        ("graph=g1 people", "g1", None),
        ("people, GRAPH = g1, model=m1", "g1", ModelRef("m1")),
        ("people model=m1@v2", "", ModelRef("m1", "v2")),
        ("people model=General-Image@AA7f", "", ModelRef("General-Image", "AA7f")),
        ("people model=m1@", "", ModelRef("m1")),
    ],
)
def test_graph_and_model_are_no_concepts(typed: str, graph: str, model: ModelRef | None) -> None:
    asked = read_request(typed)
    assert ([c.name for c in asked.concepts], asked.graph, asked.model) == (["people"], graph, model)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Name the concepts"),
        ("   ", "Name the concepts"),
        ("graph=g1", "Name the concepts"),
        ("people=", "linked with nothing"),
        ("vehicle>", "linked with nothing"),
        ("=people", "missing"),
        (", people", "missing"),
        ("a=,b", "missing"),
        ("a>b>c", "missing"),
        ("a==b", "missing"),
        ("people graph=", "Give one graph"),
        ("people graph=a graph=b", "Give one graph"),
        ("people model=a model=b", "Give one model"),
        ("people model=@v", "model's id"),
        ("people graph=>", "missing"),
        ('"traffic light', "quote"),
        ('traffic light"', "quote"),
        ('""', "missing"),
        ("people off", "word of the commands"),
        ("x" * 65, "65 characters"),
        ("<!channel>", "missing"),
        ("<@U0DANA0001|dana>", "missing"),
        ("<https://example.com|people>", "missing"),
        ("peo\x00ple", "cannot be written"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_request(typed)


@given(st.text(max_size=60) | st.text("ab \"'“”<>=,@&;\n\x00", max_size=30))
def test_whatever_is_typed_is_a_request_or_a_refusal(typed: str) -> None:
    try:
        asked = read_request(typed)
    except Refused:
        return
    assert_sound(asked)


def assert_sound(asked: SetUpRequest) -> None:
    assert asked.concepts
    assert (
        len({c.id for c in asked.concepts}) == len({c.name.casefold() for c in asked.concepts}) == len(asked.concepts)
    )
    for concept in asked.concepts:
        assert concept.relations
        assert len(set(concept.relations)) == len(concept.relations)
        assert '"' not in concept.name


plain_names = st.text("abcdefgh ñ猫-&'", min_size=1, max_size=20).filter(
    lambda name: name.strip() and name.strip() not in {"'", "-"}
)


@given(plain_names, st.sampled_from(list(Predicate)), st.lists(plain_names, min_size=1, max_size=4))
def test_what_is_written_quoted_comes_back_as_it_was(subject: str, predicate: Predicate, objects: list[str]) -> None:
    sign = {IS: "=", PARENT_OF: ">", KIND_OF: "<"}[predicate]
    line = f'"{subject}"{sign}' + ",".join(f'"{name}"' for name in objects)
    [concept] = read_request(html.escape(line, quote=False)).concepts
    assert concept.name == " ".join(subject.split())
    expected = dict.fromkeys(ConceptRelation(" ".join(name.split()), predicate) for name in objects)
    assert concept.relations == tuple(expected)
