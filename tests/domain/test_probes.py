from __future__ import annotations

import datetime as dt
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.annotations import Annotation, AnnotationStatus, Suggestion
from bot.domain.blueprint import WRITER_MARK
from bot.domain.probes import ProbedValue, below_the_floor, is_probe, probe_id, probe_info, probed_values
from bot.domain.thresholds import NO_FLOOR, ConceptThreshold, route

NOW = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)


def annotation(identifier: str, **info: object) -> Annotation:
    return Annotation(identifier, "in1", "demo", AnnotationStatus.PENDING, (), NOW, NOW, info=info)


def test_every_concept_has_a_value_also_where_the_model_said_nothing_or_no_number() -> None:
    said = [Suggestion("man", 0.1), Suggestion("other", 0.9), Suggestion("adult", math.nan)]
    floors, ledgers = {"man": 0.2, "people": 0.3, "adult": 0.2, "new": 0.2}, {"man": 1, "people": 2, "adult": 3}
    assert probed_values(said, floors, ledgers) == (
        ProbedValue("man", 0.1, 0.2, 1),
        ProbedValue("people", 0.0, 0.3, 2),
        ProbedValue("adult", 0.0, 0.2, 3),
    )


@given(st.floats(0, 1), st.floats(NO_FLOOR, 1))
def test_dropped_is_exactly_what_the_workflow_discards(value: float, floor: float) -> None:
    routed = route(Suggestion("man", value), ConceptThreshold("man", 2.0, floor))
    assert ProbedValue("man", value, floor, 1).is_dropped == (routed is None)


def test_people_are_asked_about_what_is_dropped_and_not_asked_already() -> None:
    values = [ProbedValue("man", 0.1, 0.2, 1), ProbedValue("people", 0.5, 0.2, 2), ProbedValue("adult", 0.0, 0.2, 3)]
    state = below_the_floor(values, ())
    assert state is not None
    assert state.status is AnnotationStatus.PENDING
    assert [(s.concept_id, s.value) for s in state.suggestions] == [("man", 0.1), ("adult", NO_FLOOR)]
    assert below_the_floor(values, {"man", "adult"}) is None


def test_a_probe_is_known_by_its_id_or_by_what_stands_beside_it() -> None:
    assert is_probe(annotation(probe_id("in1")))
    assert is_probe(annotation("its own", **probe_info()))
    assert not is_probe(annotation(probe_id("in2"), written_by=WRITER_MARK))


@pytest.mark.parametrize("input_id", ["in" + 30 * "0", "x", 200 * "long"])
def test_its_id_is_one_that_clarifai_takes(input_id: str) -> None:
    assert re.fullmatch("pr[0-9a-f]{30}", probe_id(input_id))
