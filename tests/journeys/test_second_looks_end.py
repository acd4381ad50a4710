"""When a second look is asked for no more: its evidence ended, its verdict was undone, its project is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.lab import LABELS
from tests.journeys.second_looks import looks, rejected, words

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_only_rejected_calibration_reviews_are_looked_at_again(lab: Lab) -> None:
    lab.set_up("people")
    for label, value in (("Approve", 0.4), ("Reject", 0.41)):
        card = lab.card_of(people=value)
        lab.sql("update review set lane = 'work' where state = 'posted' and verdict is null and :l = 'Reject'", l=label)
        lab.press(card, label, by=lab.dana)
        lab.settle_down()
    card = lab.card_of(people=0.42)
    lab.press(card, "Not sure", by=lab.dana)
    lab.press(card, "Not sure", by=lab.mia)
    lab.settle_down()
    assert looks(lab) == []


def test_evidence_that_ended_is_asked_about_no_more(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.4)
    lab.sql("update ledger set ended_at = now()")
    lab.press(card, "Reject", by=lab.dana)
    lab.run("settle", "second_looks")
    assert looks(lab) == []


def test_an_undo_of_the_first_verdict_closes_it_for_good(lab: Lab) -> None:
    lab.set_up("people")
    card = rejected(lab)
    [look] = lab.second_looks()
    lab.press(card, "Undo", by=lab.dana)
    assert lab.workspace.press(lab.omar, LABELS, look["ts"], "Approve").ok  # before the message was drawn again
    lab.settle_down()
    assert "Closed: the first answer was taken back" in words(lab.again(look))
    assert "taken back" in lab.whispers(lab.omar)[-1]
    assert looks(lab) == [("closed", None, "")]
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.36})]
    lab.press(lab.again(card), "Reject", by=lab.dana)
    lab.settle_down()
    assert len(lab.second_looks()) == 1
    assert looks(lab) == [("closed", None, "")]


def test_an_undo_of_the_second_answer_works_like_any_other(lab: Lab) -> None:
    lab.set_up("people")
    card = rejected(lab)
    [look] = lab.second_looks()
    lab.press(look, "Approve", by=lab.omar)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.mia)
    lab.settle_down()
    assert f"<@{lab.omar}>" in lab.whispers(lab.mia)[-1]
    lab.press(lab.again(card), "Undo", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.36})]
    assert "Approve" in words(lab.again(card))
    assert "at the second look" not in words(lab.again(card))
    assert "Since then: the answer was taken back" in words(lab.again(look))
    lab.press(lab.again(card), "Reject", by=lab.mia)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert len(lab.second_looks()) == 1


def test_an_annotation_that_is_gone_in_clarifai_closes_it(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab)
    [look] = lab.second_looks()
    lab.press(look, "Not sure", by=lab.omar)
    lab.sql("update review set state = 'closed'")
    lab.sql("update annotation set closed = true, closed_reason = 'it was deleted in Clarifai'")
    lab.settle_down()
    assert "Closed: it was deleted in Clarifai" in words(lab.again(look))


def test_a_project_that_was_left_closes_it(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab)
    [look] = lab.second_looks()
    lab.say("leave yes")
    lab.settle_down()
    assert lab.rows("select state from project") == [("left",)]
    assert "Closed: this channel was disconnected" in words(lab.again(look))
    assert "Approve" not in words(lab.again(look))


def test_a_deleted_message_is_posted_once_more_and_then_makes_room(lab: Lab) -> None:
    lab.set_up("people")
    for n in range(3):
        rejected(lab, people=0.3 + n / 100)
    for left in (2, 2, 2):
        lab.workspace.delete_message(lab.channel, lab.second_looks()[0]["ts"])
        lab.settle_down()
        assert len(lab.second_looks()) == left
    assert [state for state, _, _ in looks(lab)] == ["open"] * 3


def test_it_stands_once_though_the_process_dies_in_between(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.4)
    lab.press(card, "Reject", by=lab.dana)
    lab.run("second_looks", "second_looks")
    lab.restart()
    lab.settle_down()
    [look] = lab.second_looks()
    seen = lab.again(look)
    lab.press(look, "Approve", by=lab.omar)
    lab.restart()
    lab.settle_down()
    assert lab.workspace.press(lab.mia, LABELS, look["ts"], "Approve", seen=seen).ok
    lab.settle_down()
    assert looks(lab) == [("decided", "approve", lab.omar)]
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_a_picture_slack_cannot_show_goes_without(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.4)
    lab.press(card, "Reject", by=lab.dana)
    lab.sql("update input set file_id = 'F0GONE00001'")
    lab.settle_down()
    [look] = lab.second_looks()
    assert "Slack cannot show this picture" in words(look)
