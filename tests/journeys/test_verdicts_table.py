"""What a verdict writes, row by row, as Clarifai's own client reads it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.json_format import MessageToDict

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

PENDING: dict[str, Any] = {"people": 0.5, "man": 0.4, "adult": 0.3}
SURE: dict[str, Any] = {"people": 0.97, "man": 0.98, "adult": 0.96}


def answer(lab: Lab, card: dict[str, Any], **verdicts: str) -> None:
    """Give one verdict per concept; "park" is two different people's *Not sure*."""
    for concept, verdict in verdicts.items():
        if verdict == "park":
            lab.press(card, f"Not sure {concept}", by=lab.omar)
            lab.press(card, f"Not sure {concept}", by=lab.mia)
        else:
            lab.press(card, f"{verdict} {concept}", by=lab.omar)
    lab.settle_down()


@pytest.mark.parametrize(
    ("verdicts", "status", "values"),
    [
        (("Approve", "Approve", "Approve"), "ANNOTATION_SUCCESS", {"people": 1.0, "man": 1.0, "adult": 1.0}),
        (("Approve", "Reject", "park"), "ANNOTATION_SUCCESS", {"people": 1.0, "man": 0.0}),
        (("Reject", "Reject", "Reject"), "ANNOTATION_REVIEW_DENIED", {"people": 0.0, "man": 0.0, "adult": 0.0}),
        (("Reject", "park", "park"), "ANNOTATION_REVIEW_DENIED", {"people": 0.0}),
        (("park", "park", "park"), "ANNOTATION_PENDING", PENDING),
    ],
)
def test_an_annotation_that_was_pending(
    lab: Lab, verdicts: tuple[str, str, str], status: str, values: dict[str, float]
) -> None:
    lab.set_up()
    card = lab.card_of(**PENDING)
    before = lab.held()
    answer(lab, card, **dict(zip(PENDING, verdicts, strict=True)))
    assert lab.held() == [(status, values)]
    if "park" not in verdicts:
        lab.press(lab.again(card), "Undo")
        lab.settle_down()
        assert lab.held() == before


@pytest.mark.parametrize(
    ("verdicts", "status", "values"),
    [
        (("Approve", "Reject", "park"), "ANNOTATION_SUCCESS", {**SURE, "man": 0.0}),
        (("Reject", "Reject", "Approve"), "ANNOTATION_SUCCESS", {**SURE, "people": 0.0, "man": 0.0}),
        (("Reject", "Reject", "Reject"), "ANNOTATION_REVIEW_DENIED", dict.fromkeys(SURE, 0.0)),
    ],
)
def test_a_label_that_was_accepted_automatically(
    lab: Lab, verdicts: tuple[str, str, str], status: str, values: dict[str, float]
) -> None:
    lab.set_up()
    card = lab.card_of(**SURE)
    assert lab.held() == [("ANNOTATION_SUCCESS", SURE)]
    answer(lab, card, **dict(zip(SURE, verdicts, strict=True)))
    assert lab.held() == [(status, values)]


@pytest.mark.parametrize("verdicts", [("Approve", "Approve", "Approve"), ("Approve", "park", "Approve")])
def test_checks_that_reject_nothing_write_nothing(lab: Lab, verdicts: tuple[str, str, str]) -> None:
    lab.set_up()
    card = lab.card_of(**SURE)
    lab.clarifai.faults.calls.clear()
    answer(lab, card, **dict(zip(SURE, verdicts, strict=True)))
    assert lab.clarifai.faults.calls["PatchAnnotations"] == 0
    assert lab.held() == [("ANNOTATION_SUCCESS", SURE)]
    assert "Undo" in str(lab.again(card)["blocks"])


def test_each_annotation_of_a_card_is_written_as_soon_as_its_own_reviews_are_final(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.97, man=0.5)
    assert sorted(lab.held()) == [
        ("ANNOTATION_PENDING", {"man": 0.5}),
        ("ANNOTATION_SUCCESS", {"people": 0.97}),
    ]
    answer(lab, card, man="Approve")
    assert ("ANNOTATION_SUCCESS", {"man": 1.0}) in lab.held()
    assert "Approve people" in str(lab.again(card)["blocks"])
    answer(lab, lab.again(card), people="Reject")
    assert ("ANNOTATION_REVIEW_DENIED", {"people": 0.0}) in lab.held()


def test_a_concept_still_open_keeps_its_annotation_as_it_was(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(**PENDING)
    answer(lab, card, people="Approve", man="Reject")
    assert lab.held() == [("ANNOTATION_PENDING", PENDING)]


def test_approve_all_and_reject_all_mean_every_open_concept(lab: Lab) -> None:
    lab.set_up()
    first, second = lab.card_of(**PENDING), lab.card_of(**PENDING)
    answer(lab, first, man="Reject")
    lab.press(lab.again(first), "Approve all")
    lab.press(second, "Reject all")
    lab.settle_down()
    assert lab.held() == [
        ("ANNOTATION_SUCCESS", {"people": 1.0, "man": 0.0, "adult": 1.0}),
        ("ANNOTATION_REVIEW_DENIED", {"people": 0.0, "man": 0.0, "adult": 0.0}),
    ]


def test_a_written_annotation_says_who_decided_what_and_when(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Approve people", by=lab.omar)
    lab.clock.advance(minutes=3)
    lab.press(card, "Reject man", by=lab.mia)
    pressed_at = lab.clock()
    lab.settle_down()
    info = MessageToDict(lab.annotations()[0].annotation_info)
    assert (info["decided_by"], info["decided_at"]) == (lab.mia, pressed_at.isoformat())
    assert info["lane"] == "calibration"
    assert {k: round(v, 4) for k, v in info["model_values"].items()} == {"people": 0.5, "man": 0.4}
    assert info["threshold_revision"] == 1
    told = {d["concept"]: (d["verdict"], d["decided_by"]) for d in info["decisions"]}
    assert told == {"people": ("approve", lab.omar), "man": ("reject", lab.mia)}
