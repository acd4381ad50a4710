"""The state nearest to the verdicts that a Clarifai takes."""

from __future__ import annotations

import itertools

import pytest

from bot.domain.annotations import AnnotationStatus, LabelState, Region, Suggestion
from bot.domain.customs import Customs, as_taken, keeps_zero, same_labels, shortfall

BOX = Region(0.1, 0.2, 0.5, 0.6, raw="as it came")
ALL = [Customs(t, z) for t, z in itertools.product([True, False], [None, True, False])]
SUCCESS, PENDING, REJECTED = AnnotationStatus.SUCCESS, AnnotationStatus.PENDING, AnnotationStatus.REJECTED


def state(status: AnnotationStatus, **values: float) -> LabelState:
    return LabelState(status, tuple(Suggestion(c, v) for c, v in values.items()), BOX)


BEFORE = state(PENDING, people=0.5, man=0.25)


@pytest.mark.parametrize("customs", ALL)
def test_what_has_no_rejection_is_written_as_it_is(customs: Customs) -> None:
    for wanted in (BEFORE, state(SUCCESS, people=1.0, man=1.0)):
        assert as_taken(wanted, BEFORE, customs) == wanted
        assert shortfall(wanted, wanted) == ""


@pytest.mark.parametrize("customs", ALL)
def test_a_rejected_concept_never_stands_as_a_positive_label(customs: Customs) -> None:
    for wanted in (state(SUCCESS, people=1.0, man=0.0), state(REJECTED, people=0.0, man=0.0)):
        taken = as_taken(wanted, BEFORE, customs)
        values = {s.concept_id: s.value for s in taken.suggestions}
        if taken.status is SUCCESS:
            assert not values.get("man")
        else:
            assert taken.status is REJECTED or not customs.takes_rejected
        assert taken.region == BOX


def test_a_label_that_is_wrong_throughout_is_taken_back_where_nothing_says_no() -> None:
    before = state(SUCCESS, people=0.97)
    taken = as_taken(state(REJECTED, people=0.0), before, Customs(takes_rejected=False, keeps_zero=False))
    assert taken == state(PENDING, people=0.97)


def test_people_are_told_only_of_what_is_lost() -> None:
    rejected, mixed = state(REJECTED, people=0.0, man=0.0), state(SUCCESS, people=1.0, man=0.0)
    neither = Customs(takes_rejected=False, keeps_zero=False)
    assert "stays pending" in shortfall(rejected, as_taken(rejected, BEFORE, neither))
    assert "taken off" in shortfall(mixed, as_taken(mixed, BEFORE, neither))
    assert shortfall(rejected, as_taken(rejected, BEFORE, Customs(takes_rejected=False))) == ""


@pytest.mark.parametrize("customs", ALL)
def test_what_was_found_out_is_stored_and_what_is_unknown_is_not(customs: Customs) -> None:
    assert Customs.from_json(customs.to_json()) == customs
    assert Customs.from_json({**Customs(takes_rejected=False).to_json(), **Customs(keeps_zero=True).to_json()}) == (
        Customs(takes_rejected=False, keeps_zero=True)
    )


def test_a_zero_is_kept_only_if_it_reads_back_as_zero() -> None:
    asked = state(SUCCESS, people=1.0, man=0.0)
    assert keeps_zero(asked, state(SUCCESS, people=1.0, man=0.0))
    assert not keeps_zero(asked, state(SUCCESS, people=1.0, man=0.25))
    assert not keeps_zero(asked, state(SUCCESS, people=1.0))


def test_labels_are_compared_as_they_are_on_the_wire() -> None:
    assert same_labels(state(SUCCESS, people=0.9), state(SUCCESS, people=0.8999999761581421))
    assert not same_labels(state(SUCCESS, people=0.9), state(PENDING, people=0.9))
    assert not same_labels(state(SUCCESS, people=0.9), state(SUCCESS, people=0.9, man=0.0))
