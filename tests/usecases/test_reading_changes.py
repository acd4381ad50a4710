"""What `/annotate-thresholds` is asked for, as people type it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import create_autospec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.thresholds import NO_FLOOR, ConceptThreshold
from bot.usecases.cutting import Change, CutStore, read_change, undo_change
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from unittest.mock import Mock

NAMES = {
    "people": "people",
    "traffic-light": "Traffic Light",
    "r-d": "R&D",
    "driver-s": "driver's licence",
    "strasse": "Straße",
}
CUTS = tuple(ConceptThreshold(concept) for concept in NAMES)


def changed(text: str) -> dict[str, tuple[float, float]]:
    """The new (floor, accept) of every concept that changes."""
    change = read_change(text, CUTS, NAMES)
    return {new.concept_id: (new.floor, new.accept) for old, new in zip(CUTS, change.cuts, strict=True) if old != new}


@pytest.mark.parametrize(
    "typed",
    [
        "people 0.9",
        "people .9",
        "people 0,9",
        "people 90 %",
        "people 90%",
        "PEOPLE 0.9",
        "  people   0.9 ",
        "people\u00a00.9",
        "people\t90\u202f%",
        '"people" 0.9',
        "“people” 0.9",
        "\u2018people\u2019 0.9",
        "“people 0.9”",
        "people “0.9”",
        "people 0.20..0.9",
        "people 20 %..90 %",
    ],
)
def test_nine_tenths_for_people_in_every_form(typed: str) -> None:
    assert list(changed(typed)) == ["people"]
    assert changed(typed)["people"] == pytest.approx((0.2, 0.9))


@pytest.mark.parametrize(
    "typed",
    [
        "people 0.3..0.9",
        "people 0.3...0.9",
        "people 0.3…0.9",
        "people 0.3\u20130.9",
        "people 0.3 \u2013 0.9",
        "people 0.3\u20140.9",
        "people .3...9",
        "people .3....9",
        "people .3.. .9",
        "people 0,3..0,9",
        "people 30 %\u201390 %",
        "people 30%...90%",
        "People 0.3 .. 0.9",
    ],
)
def test_both_cuts_in_every_form(typed: str) -> None:
    assert list(changed(typed)) == ["people"]
    assert changed(typed)["people"] == pytest.approx((0.3, 0.9))


@pytest.mark.parametrize(
    ("typed", "concept"),
    [
        ("Traffic Light 0.9", "traffic-light"),
        ('"traffic light" 0.9', "traffic-light"),
        ("traffic-light 0.9", "traffic-light"),
        ("R&amp;D 0.9", "r-d"),
        ("r&amp;d off", "r-d"),
        ("driver's licence 0.9", "driver-s"),
        ("Driver\u2019s Licence 0.9", "driver-s"),
        ("strasse 0.9", "strasse"),
        ("STRASSE 0.9", "strasse"),
    ],
)
def test_a_concept_is_found_by_its_name_however_it_is_written(typed: str, concept: str) -> None:
    assert list(changed(typed)) == [concept]


def test_a_name_goes_before_the_id_of_another_concept() -> None:
    names = {"a-b": "a b", "a-b-1f2e3d": "a-b"}
    cuts = [ConceptThreshold(concept) for concept in names]
    change = read_change("a-b 0.9", cuts, names)
    assert [new.concept_id for old, new in zip(cuts, change.cuts, strict=True) if old != new] == ["a-b-1f2e3d"]


@pytest.mark.parametrize("typed", ["people off", "People OFF", '"people" off', "people “off”"])
def test_off_means_nothing_is_accepted_and_the_floor_stays(typed: str) -> None:
    change = read_change(typed, CUTS, NAMES)
    assert [cut.concept_id for cut in change.cuts if cut.is_off] == ["people"]
    assert change.cuts[0].floor == pytest.approx(0.2)
    assert change.lines == ("people: accept 0.95 → off (nothing is accepted automatically)",)


def test_all_means_every_concept() -> None:
    off = read_change("all off", CUTS, NAMES)
    assert all(cut.is_off for cut in off.cuts)
    assert len(off.lines) == len(CUTS)
    assert read_change("ALL on", off.cuts, NAMES).cuts == CUTS
    assert {cut.accept for cut in read_change("all 0.5", CUTS, NAMES).cuts} == {0.5}


def test_only_what_changes_is_told() -> None:
    some_off = read_change("people off", CUTS, NAMES).cuts
    assert len(read_change("all off", some_off, NAMES).lines) == len(CUTS) - 1


def test_a_change_is_told_as_old_and_new() -> None:
    assert read_change("people 0.3..0.905", CUTS, NAMES).lines == ("people: accept 0.95 → 0.905, floor 0.20 → 0.30",)
    assert read_change("people 0..0.95", CUTS, NAMES).lines == ("people: floor 0.20 → 0",)


def test_no_floor_is_the_smallest_number_that_means_it() -> None:
    assert read_change("people 0..0.9", CUTS, NAMES).cuts[0].floor == NO_FLOOR


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("people high", "not a number"),
        ("people nan", "not a number"),
        ("people inf", "not a number"),
        ("people 0.2..nan", "not a number"),
        ("people 0.2..", "not a number"),
        ("people 0.9 0.8", "not a number"),
        ("people -0.5", "negative"),
        ("people -0.1..0.9", "negative"),
        ("people 1.5", "above 1"),
        ("people 0.2..90", r"above 1.*Did you mean 90%"),
        ("people 0.9..0.2", r"lower first: 0\.20\.\.0\.90"),
        ("people 0.1", "would lie above accept"),
        ("people 0", "unseen"),
        ("people 0.95", "already"),
        ("people on", "already"),
        ("people", r"example: people 0\.9"),
        ("Traffic light", r"Say what “Traffic Light” should be"),
        ("all", "Say what “all” should be"),
        ("pepole 0.9", r"“pepole” is not a concept.*Did you mean people\?"),
        ("Trafic light off", r"Did you mean Traffic Light\?"),
        ("zebra 0.9", r"not a concept of this project\. Its concepts: people, Traffic Light"),
        ("0.9", "Say what"),
        ("people target 95%", "already"),
        ("people target", "Say which share, for example: target 95%"),
        ("people target 0.999", "between 50% and 99.9%"),
        ("people target 50%", "between 50% and 99.9%"),
        ("people target 95", "Did you mean 95%"),
        ("people checks 0", "above 0% and up to 100%"),
        ("target people 95%", "Name the concept first, for example: people target"),
        ('""', "Say what"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_change(typed, CUTS, NAMES)


@given(st.text(max_size=40) | st.text("people al0.9,%\u2026\u2013\"'-nof&;", max_size=25))
def test_whatever_is_typed_is_a_sound_change_or_a_refusal(typed: str) -> None:
    try:
        change = read_change(typed, CUTS, NAMES)
    except Refused:
        return
    assert change.lines
    assert [c.concept_id for c in change.cuts] == [c.concept_id for c in CUTS]
    assert all(0 < cut.floor <= cut.accept for cut in change.cuts)


def store_of(revisions: Sequence[Sequence[ConceptThreshold]]) -> Mock:
    store: Mock = create_autospec(CutStore, instance=True)
    store.cuts.side_effect = lambda _project, revision: revisions[revision - 1]
    store.previous.side_effect = lambda _project, revision: revision - 1
    return store


@pytest.mark.parametrize("asked", [0, 2])
def test_undo_goes_back_by_one(asked: int) -> None:
    newer = read_change("people 0.9", CUTS, NAMES).cuts
    back = undo_change(store_of([CUTS, newer]), live_project(revision=2), NAMES, asked)
    assert back == Change(CUTS, ("people: accept 0.90 → 0.95",))


def test_an_older_change_than_the_newest_cannot_be_undone() -> None:
    with pytest.raises(Refused, match="changed again since"):
        undo_change(store_of([CUTS, CUTS, CUTS]), live_project(revision=3), NAMES, 2)


def test_the_set_up_cannot_be_undone() -> None:
    with pytest.raises(Refused, match="nothing to undo"):
        undo_change(store_of([CUTS]), live_project(revision=1), NAMES, 0)
