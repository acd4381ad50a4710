"""Who decides, who was first, and what everybody else is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.signed import deliver_press, press_payload

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


@pytest.mark.fault(11)
def test_the_first_click_wins_and_the_loser_is_told_who_won(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve", by=lab.omar)
    lab.clock.advance(minutes=2)
    lab.press(card, "Reject", by=lab.mia)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert lab.whispers(lab.mia)[-1] == f"people was already approved by <@{lab.omar}> 2 min ago."
    assert not lab.whispers(lab.omar)


def test_not_sure_leaves_the_question_open_for_everybody(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Not sure", by=lab.omar)
    lab.settle_down()
    assert f"<@{lab.omar}> was not sure" in str(lab.again(card)["blocks"])
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    lab.press(lab.again(card), "Not sure", by=lab.omar)
    lab.settle_down()
    assert "Approve" in str(lab.again(card)["blocks"])
    lab.press(lab.again(card), "Approve", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_a_second_persons_not_sure_sets_it_aside(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Not sure", by=lab.omar)
    lab.press(card, "Not sure", by=lab.mia)
    lab.settle_down()
    shown = str(lab.again(card)["blocks"])
    assert "set aside" in shown
    assert "Approve" not in shown
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    lab.workspace.press(lab.dana, lab.channel, card["ts"], "Approve", seen=card)
    lab.settle_down()
    assert "parked" in lab.whispers(lab.dana)[-1]


def test_approve_all_leaves_what_somebody_else_decided(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Reject man", by=lab.mia)
    lab.press(card, "Approve all", by=lab.omar)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0, "man": 0.0})]


def test_no_number_stands_on_a_card_before_its_verdict(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(name="a.png", people=0.53, man=0.97)
    for hidden in ("0.53", "53", "0.97", "97", "model", "labelled", "sure of", "pending", "check"):
        assert hidden not in words_of(card), hidden
    lab.press(card, "Approve man")
    lab.settle_down()
    half = words_of(lab.again(card))
    assert "model said 0.97" in half
    assert "0.53" not in half
    lab.press(lab.again(card), "Reject people")
    lab.settle_down()
    assert "model said 0.53" in words_of(lab.again(card))


def words_of(card: dict[str, Any]) -> str:
    """Everything a person can read on a card: no ids, addresses or values of buttons."""
    seen: list[str] = [card["text"]]

    def walk(node: object) -> None:
        if isinstance(node, dict):
            seen.extend(
                str(node[k]) for k in ("text", "alt_text", "accessibility_label") if isinstance(node.get(k), str)
            )
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk([b for b in card["blocks"] if b["type"] != "context"])
    return " ".join(seen)


@pytest.mark.fault(10)
def test_a_second_delivery_of_the_same_press_changes_nothing(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    payload = press_payload(lab, card, "Approve", lab.omar)
    assert [deliver_press(lab, payload) for _ in range(2)] == [200, 200]
    lab.settle_down()
    decided = lab.again(card)
    lab.press(decided, "Undo", by=lab.omar)
    assert deliver_press(lab, payload) == 200
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    assert not lab.whispers(lab.omar)


def test_a_guest_the_bot_knows_of_is_refused_privately(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.say("pause", by=lab.gus)
    lab.settle_down()
    lab.press(card, "Approve", by=lab.gus)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    assert "full members" in lab.whispers(lab.gus)[-1]


def test_a_member_of_another_team_is_refused(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    payload = press_payload(lab, card, "Approve", lab.omar)
    payload["user"]["team_id"] = "T0FOREIGN1"
    assert deliver_press(lab, payload) == 200
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    assert "full members" in lab.whispers(lab.omar)[-1]


def test_a_press_in_another_channel_on_a_review_of_this_one_is_refused(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    payload = press_payload(lab, card, "Approve", lab.omar)
    payload["channel"]["id"] = payload["container"]["channel_id"] = lab.workspace.channel_id("general")
    assert deliver_press(lab, payload) == 200
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]


def test_a_button_that_is_none_of_ours_is_answered_privately(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    for number, value in enumerate(("", "1;drop", "-1", "99999999999999999999", "1,x")):
        payload = press_payload(lab, card, "Approve", lab.omar)
        payload["actions"][0] |= {"value": value, "action_ts": f"17.{number}"}
        assert deliver_press(lab, payload) == 200
    lab.settle_down()
    assert "Nothing was changed" in lab.whispers(lab.omar)[-1]
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
