"""Every value leaves the workflow by exactly one door, and the cuts mean on our side what they mean on the wire."""

from __future__ import annotations

import struct

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.annotations import AnnotationStatus, Suggestion
from bot.domain.errors import Refused
from bot.domain.thresholds import (
    DEFAULT_ACCEPT,
    DEFAULT_FLOOR,
    NO_FLOOR,
    OFF,
    ConceptThreshold,
    narrow,
    route,
    shown,
    with_cuts,
)

values = st.floats(0, 1) | st.floats(0, 1, width=32)
SUCCESS, PENDING = AnnotationStatus.SUCCESS, AnnotationStatus.PENDING


def leaves_by(value: float, accept: float, floor: float) -> AnnotationStatus | None:
    return route(Suggestion("people", value), ConceptThreshold("people", accept, floor))


def on_the_wire(value: float) -> float:
    """The value after a journey through a protobuf float."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def neighbours(value: float) -> tuple[float, float]:
    """The float32 numbers just below and just above `value`, found by their bits."""
    (bits,) = struct.unpack("<i", struct.pack("<f", value))
    below, above = (struct.unpack("<f", struct.pack("<i", bits + step))[0] for step in (-1, 1))
    return float(below), float(above)


@given(values)
def test_a_value_is_rounded_as_the_wire_rounds_it(value: float) -> None:
    assert narrow(value) == on_the_wire(value)


@given(values, values, values)
def test_every_value_leaves_by_exactly_one_door(value: float, one: float, other: float) -> None:
    floor, accept = sorted((one, other))
    doors = {
        SUCCESS: narrow(value) >= narrow(accept) and narrow(value) >= narrow(floor),
        PENDING: narrow(floor) <= narrow(value) < narrow(accept),
        None: narrow(value) < narrow(floor),
    }
    assert [door for door, is_open in doors.items() if is_open] == [leaves_by(value, accept, floor)]


@given(st.floats(0.01, 1), st.floats(0, 0.005))
def test_the_cut_itself_is_accepted_and_the_number_below_it_is_not(accept: float, floor: float) -> None:
    below, _ = neighbours(narrow(accept))
    assert leaves_by(accept, accept, floor) is SUCCESS
    assert leaves_by(on_the_wire(accept), accept, floor) is SUCCESS
    assert leaves_by(below, accept, floor) is PENDING


@given(st.floats(0.01, 0.9))
def test_the_floor_itself_is_reviewed_and_the_number_below_it_is_discarded(floor: float) -> None:
    below, _ = neighbours(narrow(floor))
    assert leaves_by(floor, 0.95, floor) is PENDING
    assert leaves_by(on_the_wire(floor), 0.95, floor) is PENDING
    assert leaves_by(below, 0.95, floor) is None


def test_nine_tenths_off_the_wire_meets_a_cut_of_nine_tenths() -> None:
    assert on_the_wire(0.9) < 0.9
    assert leaves_by(on_the_wire(0.9), 0.9, 0.2) is SUCCESS


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_is_not_a_number_is_discarded(one: float, other: float) -> None:
    floor, accept = sorted((one, other))
    assert leaves_by(float("nan"), accept, floor) is None


@given(values)
def test_nothing_is_accepted_while_a_concept_is_off(value: float) -> None:
    assert leaves_by(value, OFF, DEFAULT_FLOOR) in {PENDING, None}


@given(st.floats(1e-6, 1))
def test_without_a_floor_everything_above_nothing_is_reviewed(value: float) -> None:
    assert leaves_by(value, 2.0, NO_FLOOR) is PENDING
    assert leaves_by(0.0, 2.0, NO_FLOOR) is None


@given(values, values, values, values)
def test_a_higher_value_never_leaves_by_a_lower_door(low: float, high: float, one: float, other: float) -> None:
    assume(low <= high)
    floor, accept = sorted((one, other))
    rank = [None, PENDING, SUCCESS]
    assert rank.index(leaves_by(low, accept, floor)) <= rank.index(leaves_by(high, accept, floor))


def test_a_threshold_says_nothing_about_another_concept() -> None:
    with pytest.raises(ValueError, match="man"):
        route(Suggestion("man", 0.5), ConceptThreshold("people"))


def test_a_fresh_concept_is_accepted_at_095_and_discarded_below_020() -> None:
    fresh = ConceptThreshold("people")
    assert (fresh.accept, fresh.floor) == (DEFAULT_ACCEPT, DEFAULT_FLOOR) == (0.95, 0.20)


@given(st.floats(0.01, 1), st.floats(0, 0.005))
def test_on_brings_back_what_off_put_away(accept: float, floor: float) -> None:
    before = ConceptThreshold("people", accept, floor)
    off = before.switched_off()
    assert off.is_off
    assert off.switched_off() == off
    assert off.switched_on() == before
    assert before.switched_on() == before


def test_a_new_cut_ends_off() -> None:
    assert not with_cuts(ConceptThreshold("people").switched_off(), 0.8).is_off


@given(st.floats(0.01, 1), st.floats(0, 1))
def test_a_floor_above_accept_is_refused_and_everything_else_taken(accept: float, floor: float) -> None:
    if narrow(max(floor, NO_FLOOR)) > narrow(accept):
        with pytest.raises(Refused, match=r"would lie above accept"):
            with_cuts(ConceptThreshold("people"), accept, floor)
    else:
        taken = with_cuts(ConceptThreshold("people"), accept, floor)
        assert (taken.accept, taken.floor) == (accept, max(floor, NO_FLOOR))


def test_an_accept_below_the_old_floor_says_how_to_give_both() -> None:
    with pytest.raises(Refused, match=r"0\.10\.\.0\.20"):
        with_cuts(ConceptThreshold("people"), 0.1)


def test_accepting_everything_unseen_is_refused() -> None:
    with pytest.raises(Refused, match="unseen"):
        with_cuts(ConceptThreshold("people"), 0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.95, "0.95"), (0.2, "0.20"), (1.0, "1.00"), (0.955, "0.955"), (0.89999998, "0.90"), (OFF, "off"), (1e-6, "0")],
)
def test_a_cut_is_shown_as_people_write_it(value: float, words: str) -> None:
    assert shown(value) == words
