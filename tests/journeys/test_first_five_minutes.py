"""A newcomer sets up, goes live, uploads, decides, undoes, and finds the statuses at Clarifai."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_from_an_upload_to_a_decision_written_back(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert "approved by" in str(lab.again(card)["blocks"])


def test_a_decision_taken_during_an_outage_is_written_when_it_ends(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    with lab.clarifai.faults.outage():
        lab.press(card, "Reject")
        lab.run("settle")
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


def test_undo_gives_the_snapshot_back_exactly(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.97)
    before = lab.held()
    lab.press(card, "Approve all")
    lab.settle_down()
    assert lab.held() != before
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    assert lab.held() == before
    assert "Approve all" in str(lab.again(card)["blocks"])
