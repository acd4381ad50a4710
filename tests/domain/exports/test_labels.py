"""One line per picture and concept, and nothing of what people are being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exports import Standing, picture_of
from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from tests.domain.exports.facts import BOX, answered, automatic, told

if TYPE_CHECKING:
    from bot.domain.exports import LabelLine, Pair, Told


def pair(*facts: Told) -> Pair:
    [one] = picture_of(facts, "general").pairs
    return one


def line(*facts: Told) -> LabelLine:
    return pair(*facts).line


@pytest.mark.parametrize(
    ("fact", "label", "source"),
    [
        (answered("approve"), 1, "human"),
        (answered("reject"), 0, "human"),
        (answered("unsure"), None, "human"),
        (answered("approve", kind="check"), 1, "check"),
        (answered("reject", kind="check", state="decided"), 0, "check"),
        (automatic(), 1, "auto"),
        (told(), None, None),
        (told(state="queued", kind="check", value=0.98), None, None),
        (answered("approve", state="closed"), None, None),
        (automatic(is_closed=True), None, None),
        (told(state="unchecked"), None, None),
    ],
)
def test_where_a_label_comes_from(fact: Told, label: int | None, source: str | None) -> None:
    assert (line(fact).label, line(fact).source) == (label, source)


def test_a_line_says_who_decided_and_when() -> None:
    made = line(answered("approve"))
    assert (made.decided_by, made.decided_at) == ("U1", "2026-05-04T10:00:00+00:00")
    assert (made.model_value, made.lane, made.sampling_probability) == (0.5, "calibration", 1.0)
    assert (made.threshold_revision, made.mapper_version, made.model_version) == (3, "m1", "general")


def test_what_is_not_known_is_null_and_not_empty() -> None:
    made = line(automatic(sha256="", permalink="", mapper_version=""))
    assert (made.sha256, made.permalink, made.mapper_version, made.decided_by) == (None,) * 4


def test_a_value_of_float32_is_told_apart_from_its_neighbour() -> None:
    assert line(automatic(value=0.949999988079071)).model_value != line(automatic(value=0.9500000476837158)).model_value


def test_what_the_workflow_repeats_about_a_picture_is_no_second_opinion() -> None:
    """It ran again on a picture that people had been asked about: the repetition was left alone."""
    assert line(answered("reject"), automatic()).label == 0
    assert line(told(), automatic()).model_value is None
    assert line(answered("approve", state="closed"), answered("reject")).label == 0
    assert line(answered("approve", state="closed"), automatic()).label is None


def test_a_right_region_makes_the_picture_right() -> None:
    other = (0.5, 0.5, 0.9, 0.9)
    made = pair(answered("reject", region=BOX), answered("approve", region=other, value=0.7), automatic(region=BOX))
    assert (made.line.label, made.line.source, made.line.model_value) == (1, "human", 0.7)
    assert [(right.source, region) for right, region in made.right] == [("human", other), ("auto", BOX)]


def test_one_wrong_region_is_no_answer_while_another_is_unknown() -> None:
    assert line(answered("reject", region=BOX), answered("unsure", region=(0, 0, 1, 1))).label is None
    assert line(answered("reject", region=BOX), answered("reject", region=(0, 0, 1, 1))).label == 0


FACTS = st.builds(
    told,
    kind=st.sampled_from([kind.value for kind in ReviewKind]),
    state=st.sampled_from([state.value for state in ReviewState]),
    verdict=st.sampled_from([None, *(verdict.value for verdict in Verdict)]),
    value=st.floats(0, 1),
    probability=st.floats(0.01, 1),
    decided_by=st.sampled_from(["", "U1"]),
    is_closed=st.booleans(),
    region=st.sampled_from([None, BOX]),
)


@given(st.lists(FACTS, min_size=1, max_size=4), FACTS)
def test_an_open_review_hides_value_and_route_whatever_else_there_is(others: list[Told], fact: Told) -> None:
    pending, check = (
        pair(*others, fact._replace(state="posted", kind=kind, value=value, probability=probability, verdict=None))
        for kind, value, probability in (("pending", 0.3, 1.0), ("check", 0.99, 0.05))
    )
    assert pending.standing is check.standing is Standing.OPEN
    assert pending.line == check.line
    assert pending.right == check.right == ()


@given(st.lists(FACTS, min_size=1, max_size=4))
def test_only_what_is_right_or_wrong_is_a_label(facts: list[Told]) -> None:
    made = pair(*facts)
    expected = {Standing.RIGHT: 1, Standing.WRONG: 0}.get(made.standing)
    assert made.line.label == expected
    assert bool(made.right) == (made.line.label == 1)
    assert (made.line.source is None) == (made.standing in {Standing.OPEN, Standing.UNKNOWN})
