from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.recognition.rollups import ROLLUPS
from bot.sandbox.recognition.vocabulary import classes_by_word, concept_id, general_vocabulary


def test_the_walkthrough_s_three_keep_clarifai_s_ids() -> None:
    ids = {concept.name: concept.id for concept in general_vocabulary()}
    assert (ids["people"], ids["man"], ids["adult"]) == ("ai_l8TKp2h5", "ai_dxSG2s86", "ai_VPmHr5bm")


def test_ids_and_names_are_unique_even_without_regard_to_case() -> None:
    vocabulary = general_vocabulary()
    assert len({concept.id for concept in vocabulary}) == len(vocabulary)
    assert len({concept.name.casefold() for concept in vocabulary}) == len(vocabulary)


def test_our_own_ids_are_short_and_plain_and_never_look_like_clarifai_s() -> None:
    own = [concept.id for concept in general_vocabulary() if not concept.id.startswith("ai_")]
    assert len(own) == len(general_vocabulary()) - 3
    assert all(re.fullmatch(r"local(-[a-z0-9]+)+", id_) and len(id_) <= 32 for id_ in own)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("cat", "local-cat"),
        ("woman", "local-woman"),
        ("Granny Smith apple", "local-granny-smith-apple"),
        ("potter's wheel", "local-potter-s-wheel"),
        ("desert grassland whiptail lizard", "local-desert-grassland-wh-f52a42"),
    ],
)
def test_an_id_once_given_stays(name: str, id_: str) -> None:
    assert concept_id(name) == id_


@given(st.text(min_size=1, max_size=200))
def test_any_name_gets_an_id_within_the_limit(name: str) -> None:
    assert concept_id(name) == concept_id(name)
    assert len(concept_id(name)) <= 32


def test_all_thousand_classes_can_be_found_by_name() -> None:
    words = classes_by_word()
    own_names = {word: classes for word, classes in words.items() if word not in ROLLUPS}
    assert sorted(chain.from_iterable(own_names.values())) == list(range(1000))
    assert [word for word, classes in own_names.items() if len(classes) > 1] == ["missile", "sunglasses"]


@pytest.mark.parametrize("word", ROLLUPS)
def test_a_roll_up_counts_each_class_once(word: str) -> None:
    classes = ROLLUPS[word]
    assert classes
    assert len(set(classes)) == len(classes)
    assert all(0 <= index < 1000 for index in classes)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("dog", "mammal"),
        ("cat", "mammal"),
        ("mammal", "animal"),
        ("bird", "animal"),
        ("snake", "reptile"),
        ("butterfly", "insect"),
        ("car", "vehicle"),
        ("truck", "vehicle"),
        ("bus", "vehicle"),
        ("boat", "vehicle"),
        ("motorcycle", "vehicle"),
        ("train", "vehicle"),
        ("fruit", "food"),
        ("vegetable", "food"),
        ("drink", "food"),
    ],
)
def test_a_wider_word_holds_all_of_a_narrower_one(narrow: str, wide: str) -> None:
    assert set(ROLLUPS[narrow]) < set(ROLLUPS[wide])


@pytest.mark.parametrize(
    ("word", "members"),
    [
        ("cat", {"tabby cat", "Siamese cat"}),
        ("car", {"convertible", "minivan", "taxicab", "ford model t"}),
        ("fruit", {"banana", "Granny Smith apple", "lemon"}),
        ("flower", {"daisy", "yellow lady's slipper", "rapeseed"}),
        ("boat", {"kayak", "lifeboat", "motorboat", "yawl (boat)"}),
        ("furniture", {"couch", "desk", "wardrobe"}),
        ("phone", {"mobile phone", "payphone", "rotary dial telephone"}),
        ("hat", {"cowboy hat", "sombrero", "graduation cap"}),
    ],
)
def test_a_roll_up_s_numbers_are_the_classes_meant(word: str, members: set[str]) -> None:
    class_words = {name: classes for name, classes in classes_by_word().items() if name not in ROLLUPS}
    summed = {name for name, classes in class_words.items() if set(classes) <= set(ROLLUPS[word])}
    assert members <= summed
