"""A concept's id comes from its name alone, and two concepts never share one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concepts import COMMAND_WORDS, LONGEST_ID, checked_name, concept_id
from bot.domain.errors import Refused

names = st.text(min_size=1, max_size=64)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("people", "people"),
        ("Traffic Light", "traffic-light"),
        ("  traffic -- light! ", "traffic-light"),
        ("R&D", "r-d"),
        ("a" * 32, "a" * 32),
        ("2CV", "2cv"),
    ],
)
def test_a_plain_name_is_its_own_id(name: str, expected: str) -> None:
    assert concept_id(name) == expected


@given(names, st.frozensets(st.text("ab-", max_size=4), max_size=8))
def test_an_id_is_short_clean_and_new(name: str, taken: frozenset[str]) -> None:
    made = concept_id(name, taken)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= LONGEST_ID
    assert made not in taken
    assert made == concept_id(name, taken)


@given(st.lists(names, max_size=12, unique=True))
def test_different_names_get_different_ids(several: list[str]) -> None:
    ids: set[str] = set()
    for name in several:
        ids.add(concept_id(name, ids))
    assert len(ids) == len(several)


@given(names)
def test_an_id_is_found_even_when_the_marked_one_is_taken(name: str) -> None:
    first = concept_id(name)
    second = concept_id(name, {first})
    assert len({first, second, concept_id(name, {first, second})}) == 3


def test_a_long_name_is_cut_and_marked() -> None:
    one, other = concept_id("a" * 33), concept_id("a" * 34)
    assert re.fullmatch(r"a{25}-[0-9a-f]{6}", one)
    assert one != other


def test_a_cut_never_leaves_two_hyphens() -> None:
    assert "--" not in concept_id("a" * 24 + " " + "b" * 24)


def test_a_name_of_which_nothing_is_left_gets_a_mark() -> None:
    assert re.fullmatch(r"concept-[0-9a-f]{6}", concept_id("猫"))
    assert concept_id("猫") != concept_id("犬")


@pytest.mark.parametrize("word", sorted(COMMAND_WORDS))
def test_the_commands_own_words_are_refused_as_names(word: str) -> None:
    for written in (word, word.upper(), f'"{word}"'):
        with pytest.raises(Refused, match="word of the commands"):
            checked_name(written)
    assert checked_name(word, of_the_model=True) == word


def test_the_commands_own_words_are_those_of_the_thresholds() -> None:
    assert frozenset({"all", "on", "off", "target", "preview", "undo", "history", "help"}) == COMMAND_WORDS


@pytest.mark.parametrize("name", ["", '""', '"  "', ",", "<", ">", "="])
def test_a_sign_is_not_a_name(name: str) -> None:
    with pytest.raises(Refused, match="missing"):
        checked_name(name)


@pytest.mark.parametrize("name", ["a\x00b", "a\x1bb", "a\ud800"])
def test_a_character_that_cannot_be_stored_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        checked_name(name)


def test_a_name_has_at_most_64_characters() -> None:
    assert checked_name("x" * 64) == "x" * 64
    with pytest.raises(Refused, match="65 characters"):
        checked_name("x" * 65)
