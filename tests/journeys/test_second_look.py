"""What one person rejected is shown to another, who is not told; an approval changes the label and names both."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.journeys.second_looks import looks, rejected, words

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_the_first_verdict_is_written_at_once_and_the_second_person_is_told_nothing_of_it(lab: Lab) -> None:
    lab.set_up("people")
    card = rejected(lab)
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    [look] = lab.second_looks()
    assert look["metadata"]["event_type"] == "annotate_card"
    shown = words(look)
    assert "Does *people* fit this picture?" in shown
    assert "have not answered this picture yet" in shown
    for told in ("0.36", "reject by", "rejected", "dana", lab.dana, card["ts"]):
        assert told not in shown
    images = [[b["slack_file"] for b in m["blocks"] if b["type"] == "image"] for m in (card, look)]
    assert images[0] == images[1] != []


def test_an_approval_writes_one_and_both_messages_name_both(lab: Lab) -> None:
    lab.set_up("people")
    card = rejected(lab)
    [look] = lab.second_looks()
    lab.press(look, "Approve", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    both = f"rejected by <@{lab.dana}>, approved by <@{lab.omar}> at the second look"
    assert both in words(lab.again(card))
    assert both in words(lab.again(look))
    assert "Approve" not in words(lab.again(look))
    assert lab.rows("select revision, verdict, decided_by from decision order by id") == [
        (1, "reject", lab.dana),
        (2, "approve", lab.omar),
    ]
    assert lab.rows("select revision, verdict, decided_by, state from review") == [(2, "approve", lab.omar, "settled")]
    assert looks(lab) == [("decided", "approve", lab.omar)]
    [annotation] = lab.annotations()
    assert "rejected_first_by" in str(annotation.annotation_info)


def test_a_label_the_model_gave_by_itself_is_written_one_as_well(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab, people=0.97)
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    lab.press(lab.second_looks()[0], "Approve", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_the_rest_of_an_annotation_keeps_its_verdicts(lab: Lab) -> None:
    lab.set_up("people man")
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Approve people", by=lab.omar)
    lab.press(card, "Reject man", by=lab.dana)
    lab.settle_down()
    [look] = lab.second_looks()
    assert "Does *man* fit" in words(look)
    lab.press(look, "Approve", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0, "man": 1.0})]


@pytest.mark.parametrize("label", ["Reject", "Not sure"])
def test_agreement_and_doubt_write_nothing_and_the_message_says_who(lab: Lab, label: str) -> None:
    lab.set_up("people")
    card = rejected(lab)
    [look] = lab.second_looks()
    lab.clarifai.faults.calls.clear()
    lab.press(look, label, by=lab.omar)
    lab.settle_down()
    if label == "Not sure":
        assert "was not sure" in words(lab.again(look))
        assert "Approve" in words(lab.again(look))
        lab.press(lab.again(look), label, by=lab.mia)
        lab.settle_down()
        assert f"<@{lab.omar}> and <@{lab.mia}> were not sure" in words(lab.again(look))
    else:
        assert f"rejected by <@{lab.dana}>, and by <@{lab.omar}> at the second look" in words(lab.again(look))
    assert lab.clarifai.faults.calls["PatchAnnotations"] == 0
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert words(lab.again(card)) == words(card)
    assert [look["ts"] for look in lab.second_looks()] == [look["ts"]]


def test_not_sure_leaves_it_open_to_the_same_person_too(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab)
    [look] = lab.second_looks()
    for label in ("Not sure", "Not sure", "Approve"):
        lab.press(lab.again(look), label, by=lab.omar)
        lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_the_first_person_is_told_privately_that_it_is_for_somebody_else(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab, by=lab.omar)
    [look] = lab.second_looks()
    for label in ("Approve", "Reject", "Not sure"):
        lab.press(look, label, by=lab.omar)
    lab.settle_down()
    told = ["You gave the first answer; this one is for somebody else."] * 3
    assert lab.whispers(lab.omar)[-3:] == told
    assert looks(lab) == [("open", None, "")]
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


def test_the_slower_of_two_is_told_who_was_faster(lab: Lab) -> None:
    lab.set_up("people")
    rejected(lab)
    [look] = lab.second_looks()
    lab.press(look, "Approve", by=lab.omar)
    lab.press(look, "Reject", by=lab.mia)
    lab.settle_down()
    assert f"people was already approved by <@{lab.omar}>" in lab.whispers(lab.mia)[-1]
    assert looks(lab) == [("decided", "approve", lab.omar)]


def test_at_most_two_stand_open_and_they_take_no_cards_place(lab: Lab) -> None:
    lab.set_up("people")
    for n in range(4):
        rejected(lab, people=0.3 + n / 100)
    assert len(lab.second_looks()) == 2
    for n in range(6):
        lab.upload((f"{n}.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert len([c for c in lab.cards() if "Approve" in words(c)]) == 5
    assert "1 more waiting" in str(lab.messages("waiting")[-1]["text"])
    lab.press(lab.second_looks()[0], "Reject", by=lab.omar)
    lab.settle_down()
    assert len(lab.second_looks()) == 3
    assert len([look for look in lab.second_looks() if "Approve" in words(look)]) == 2
    assert "Queue: 6 waiting" in lab.say("status")


def test_ordinary_cards_are_posted_first(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.4)
    lab.press(card, "Reject", by=lab.dana)
    lab.upload(("next.png", lab.picture(people=0.5)))
    lab.run("second_looks", "take_uploads")
    lab.clarifai.settled(lab.app_id)
    lab.run("discover", "show_pictures", "post_cards")
    posted = [m["metadata"]["event_payload"]["kind"] for m in lab.messages("card")]
    assert posted == ["card", "card", "second_look"]


def test_second_looks_wait_for_the_hours_of_cards(lab: Lab) -> None:
    lab.set_up("people")
    lab.clock.now = lab.clock.now.replace(hour=22)
    rejected(lab, people=0.4)
    assert lab.second_looks() == []
    lab.clock.now += dt.timedelta(hours=10)
    lab.settle_down()
    assert len(lab.second_looks()) == 1


def test_a_paused_project_asks_for_none_and_takes_the_answers_to_those_that_stand(lab: Lab) -> None:
    lab.set_up("people")
    first = rejected(lab, people=0.4)
    second = lab.card_of(people=0.41)
    lab.say("pause")
    lab.settle_down()
    lab.press(second, "Reject", by=lab.dana)
    lab.settle_down()
    [look] = lab.second_looks()
    lab.press(look, "Approve", by=lab.omar)
    lab.settle_down()
    assert f"approved by <@{lab.omar}> at the second look" in words(lab.again(first))
    lab.say("resume")
    lab.settle_down()
    assert len(lab.second_looks()) == 2
