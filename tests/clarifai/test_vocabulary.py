from __future__ import annotations

import pytest

from bot.domain.concepts import ModelRef
from bot.domain.errors import NotFound


def test_names_are_found_in_any_case_and_unknown_ones_are_none(lab) -> None:
    found = lab.platform.find_concepts(["People", "MAN", "yeti"], None)
    assert {name: concept and concept.name for name, concept in found.items()} == {
        "People": "people",
        "MAN": "man",
        "yeti": None,
    }
    assert found["People"].app_id == "main"


def test_only_the_whole_name_counts(lab) -> None:
    assert lab.platform.find_concepts(["mang", "peop"], None) == {"mang": None, "peop": None}


def test_the_apps_own_concepts_are_not_the_models(lab) -> None:
    lab.set_up("people man graph=small")
    found = lab.platform.find_concepts(["people"], None)
    assert found["people"].id != "people"


@pytest.mark.parametrize("typed", ["poeple", "peopel", "peple", "people walking"])
def test_the_nearest_name_comes_first(lab, typed: str) -> None:
    assert lab.platform.nearest_names(typed, None)[0] == "people"


def test_nearest_names_take_few_requests_and_keep_to_the_limit(lab) -> None:
    lab.sandbox.faults.calls.clear()
    assert len(lab.platform.nearest_names("mangoo tree of the garden", None, limit=2)) <= 2
    assert lab.sandbox.faults.calls["PostConceptsSearches"] <= 6


def test_a_name_like_no_other_brings_something_or_nothing_but_no_error(lab) -> None:
    assert lab.platform.nearest_names("zzz", None) == []


def test_another_model_has_another_vocabulary(lab) -> None:
    other = ModelRef("everyday-things-recognition")
    assert lab.platform.find_concepts(["mango"], other) == {"mango": None}
    assert lab.platform.find_concepts(["car"], other)["car"]


def test_a_model_that_is_not_there_is_not_found(lab) -> None:
    with pytest.raises(NotFound):
        lab.platform.find_concepts(["car"], ModelRef("nowhere"))
