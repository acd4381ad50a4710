"""Taking a verdict back: who may, for how long, and what stands afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.test_elsewhere import change

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_a_person_takes_back_only_their_own_verdicts(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Approve people", by=lab.omar)
    lab.press(card, "Reject man", by=lab.mia)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.mia)
    lab.settle_down()
    shown = str(lab.again(card)["blocks"])
    assert "people: approved" in shown
    assert "Approve man" in shown
    assert "Approve people" not in shown
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5, "man": 0.4})]
    lab.press(lab.again(card), "Approve man", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0, "man": 1.0})]


def test_an_admin_takes_back_all_of_them_at_any_time(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    before = lab.held()
    lab.press(card, "Approve people", by=lab.omar)
    lab.press(card, "Reject man", by=lab.mia)
    lab.settle_down()
    lab.clock.advance(hours=72)
    lab.press(lab.again(card), "Undo", by=lab.dana)
    lab.settle_down()
    assert "Approve all" in str(lab.again(card)["blocks"])
    assert lab.held() == before


def test_an_admin_whom_the_bot_does_not_know_yet_is_asked_about_first(lab: Lab) -> None:
    lab.set_up()
    lab.forget_people()
    card = lab.card_of(people=0.5)
    before = lab.held()
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.dana)
    lab.settle_down()
    assert lab.held() == before
    assert "Approve" in str(lab.again(card)["blocks"])
    assert not [w for w in lab.whispers(lab.dana) if "undo" in w.lower()]


def test_somebody_without_a_verdict_is_told_privately_who_can(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    held = lab.held()
    lab.press(lab.again(card), "Undo", by=lab.mia)
    lab.settle_down()
    assert f"<@{lab.omar}>" in lab.whispers(lab.mia)[-1]
    assert lab.held() == held


def test_after_a_day_only_an_admin_can(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    lab.clock.advance(hours=24, seconds=1)
    lab.press(lab.again(card), "Undo", by=lab.omar)
    lab.settle_down()
    assert "24 hours" in lab.whispers(lab.omar)[-1]
    assert "admin" in lab.whispers(lab.omar)[-1]
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_within_the_day_the_decider_can(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    lab.clock.advance(hours=23)
    lab.press(lab.again(card), "Undo", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]


def test_a_verdict_may_be_given_again_by_somebody_else(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.omar)
    lab.settle_down()
    lab.press(lab.again(card), "Reject", by=lab.mia)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert f"rejected by <@{lab.mia}>" in str(lab.again(card)["blocks"])


def test_an_undo_before_the_verdict_was_written_writes_nothing(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    before = lab.held()
    lab.press(card, "Approve")
    lab.clock.advance(seconds=2)
    lab.run("redraw_cards")
    lab.press(lab.again(card), "Undo")
    lab.clarifai.faults.calls.clear()
    lab.settle_down()
    assert lab.clarifai.faults.calls["PatchAnnotations"] == 0
    assert lab.held() == before


def test_parked_reviews_can_be_opened_again(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Not sure", by=lab.omar)
    lab.press(card, "Not sure", by=lab.mia)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.dana)
    lab.settle_down()
    lab.press(lab.again(card), "Approve", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_an_undo_of_a_corrected_check_gives_the_scores_back(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.97, man=0.98)
    before = lab.held()
    lab.press(card, "Reject all")
    lab.settle_down()
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    assert lab.held() == before


def test_nothing_to_undo_is_said(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.settle_down()
    decided = lab.again(card)
    lab.press(decided, "Undo")
    lab.settle_down()
    assert lab.workspace.press(lab.omar, lab.channel, card["ts"], "Undo", seen=decided).ok
    lab.settle_down()
    assert "nothing to undo" in lab.whispers(lab.omar)[-1]


def test_an_undo_of_one_persons_part_closes_whole_when_it_is_changed_elsewhere(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Approve people", by=lab.omar)
    lab.press(card, "Reject man", by=lab.mia)
    lab.settle_down()
    lab.press(lab.again(card), "Undo", by=lab.mia)
    lab.settle_down()
    change(lab)
    lab.settle_down()
    shown = str(lab.again(card)["blocks"])
    assert "changed in Clarifai" in shown
    assert "Approve" not in shown
    assert "'Undo'" not in shown


def test_an_undo_while_the_card_has_open_questions_is_possible_on_what_was_seen_before(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.97, man=0.4)
    lab.press(card, "Approve man", by=lab.omar)
    lab.press(card, "Approve people", by=lab.mia)
    lab.settle_down()
    decided = lab.again(card)
    lab.press(decided, "Undo", by=lab.mia)
    lab.settle_down()
    assert lab.workspace.press(lab.omar, lab.channel, card["ts"], "Undo", seen=decided).ok
    lab.settle_down()
    assert "Approve all" in str(lab.again(card)["blocks"])
    assert sorted(lab.held()) == [("ANNOTATION_PENDING", {"man": 0.4}), ("ANNOTATION_SUCCESS", {"people": 0.97})]


def test_undo_and_decide_again_many_times_ends_with_the_last_word(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    for verdict in ("Approve", "Reject", "Approve"):
        lab.press(lab.again(card), verdict)
        lab.settle_down()
        lab.press(lab.again(card), "Undo")
        lab.settle_down()
    lab.press(lab.again(card), "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
