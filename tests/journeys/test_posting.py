"""A card stands once, whatever goes wrong between the bot and Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def wait_out_the_pace(lab: Lab) -> None:
    """Let the database's clock reach the next post, and what is in doubt become old enough to be looked up."""
    lab.sql("update pace set next_post_at = clock_timestamp()")
    lab.sql("update post set intent_at = intent_at - interval '6 s' where state = 'posting'")
    lab.clock.advance(minutes=6)
    lab.settle_down()


def discovered(lab: Lab, name: str = "a.png", **values: float) -> str:
    """Upload one image and come as far as the card that is due and not posted; returns the file's id."""
    lab.set_up()
    ts = lab.upload((name, lab.picture(shape=(64, 48), kind="PNG", **values)))
    lab.run("post_cards", "take_uploads")
    lab.clarifai.settled(lab.app_id)
    lab.run("discover", "show_pictures", "redraw_cards")
    message = lab.workspace.message(lab.channel, ts)
    assert message is not None
    return str(message["files"][0]["id"])


@pytest.mark.fault(31)
def test_a_card_that_somebody_deleted_is_posted_once_more_and_then_left_alone(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.workspace.delete_message(lab.channel, card["ts"])
    lab.settle_down()
    [second] = lab.cards()
    assert second["ts"] != card["ts"]
    lab.workspace.delete_message(lab.channel, second["ts"])
    lab.settle_down()
    assert lab.cards() == []


def test_a_card_posted_again_is_decided_as_any_other(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.workspace.delete_message(lab.channel, card["ts"])
    lab.settle_down()
    lab.press(lab.cards()[0], "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.fault(31)
def test_a_decided_card_that_somebody_deleted_stays_deleted_and_its_decision_stands(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.settle_down()
    lab.workspace.delete_message(lab.channel, card["ts"])
    lab.settle_down()
    assert lab.cards() == []
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.fault(7)
def test_a_post_whose_answer_was_lost_is_adopted(lab: Lab) -> None:
    discovered(lab, people=0.5)
    lab.workspace.faults.lose_answer("chat.postMessage")
    lab.run("post_cards")
    [card] = lab.cards()
    wait_out_the_pace(lab)
    assert [c["ts"] for c in lab.cards()] == [card["ts"]]
    lab.press(card, "Approve")
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])


def test_a_click_on_a_card_that_is_not_recorded_yet_counts(lab: Lab) -> None:
    discovered(lab, people=0.5)
    lab.workspace.faults.lose_answer("chat.postMessage")
    lab.run("post_cards")
    [card] = lab.cards()
    lab.press(card, "Approve")
    wait_out_the_pace(lab)
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    [same] = lab.cards()
    assert same["ts"] == card["ts"]
    assert "approved by" in str(same["blocks"])
    assert not lab.whispers(lab.omar)


@pytest.mark.parametrize("trouble", ["429", "503", "internal_error"])
@pytest.mark.fault(8)
def test_a_post_that_slack_did_not_take_comes_later_and_once(lab: Lab, trouble: str) -> None:
    discovered(lab, people=0.5)
    faults = lab.workspace.faults
    if trouble == "429":
        faults.limit("chat.postMessage", retry_after_s=30)
    elif trouble == "503":
        faults.break_down("chat.postMessage")
    else:
        faults.fail("chat.postMessage", "internal_error")
    lab.run("post_cards")
    assert lab.cards() == []
    wait_out_the_pace(lab)
    assert len(lab.cards()) == 1


@pytest.mark.fault(6)
def test_retry_after_is_minded_for_the_whole_channel(lab: Lab) -> None:
    discovered(lab, people=0.5)
    lab.workspace.faults.limit("chat.postMessage", retry_after_s=30)
    lab.run("post_cards")
    posts = lab.workspace.call_counts["chat.postMessage"]
    lab.clock.advance(minutes=1)
    lab.run("post_cards")
    assert lab.workspace.call_counts["chat.postMessage"] == posts
    wait_out_the_pace(lab)
    assert len(lab.cards()) == 1


def test_a_card_whose_file_was_deleted_goes_without_its_picture(lab: Lab) -> None:
    file_id = discovered(lab, people=0.5)
    lab.workspace.delete_file(file_id)
    lab.settle_down()
    [card] = lab.cards()
    assert not has_picture(card)
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_a_file_deleted_after_the_card_was_posted_does_not_stop_its_drawing(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    [image] = [b for b in card["blocks"] if b["type"] == "image"]
    lab.workspace.delete_file(image["slack_file"]["id"])
    lab.press(card, "Approve")
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])
    assert not has_picture(lab.again(card))


def has_picture(card: dict[str, Any]) -> bool:
    return any(b["type"] == "image" for b in card["blocks"])


def test_while_the_bot_is_not_in_the_channel_cards_wait(lab: Lab) -> None:
    discovered(lab, people=0.5)
    lab.workspace.kick(lab.channel)
    lab.run("post_cards")
    assert lab.cards() == []
    lab.workspace.join(lab.channel)
    wait_out_the_pace(lab)
    assert len(lab.cards()) == 1


def test_in_an_archived_channel_nothing_is_tried_again_and_again(lab: Lab) -> None:
    discovered(lab, people=0.5)
    lab.workspace.archive(lab.channel)
    lab.settle_down()
    tried = lab.workspace.call_counts["chat.postMessage"]
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert lab.workspace.call_counts["chat.postMessage"] == tried
    assert lab.cards() == []


def test_an_upload_s_answer_that_was_lost_on_the_way_back_is_adopted(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.workspace.faults.lose_answer("chat.postMessage")
    lab.run("post_cards")
    wait_out_the_pace(lab)
    assert lab.answer_to(ts) == "1 image: 1 to review."


def test_a_drawing_whose_answer_was_lost_is_drawn_again(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.workspace.faults.lose_answer("chat.update")
    lab.press(card, "Approve")
    lab.parts.stopping.set()  # no naps between tries: the lab's time stands still
    lab.run("redraw_cards")
    lab.parts.stopping.clear()
    drawn = lab.workspace.call_counts["chat.update"]
    lab.settle_down()
    assert lab.workspace.call_counts["chat.update"] > drawn
    assert "approved by" in str(lab.again(card)["blocks"])


def test_a_drawing_that_slack_limits_comes_later(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.workspace.faults.limit("chat.update", retry_after_s=10)
    lab.press(card, "Approve")
    lab.settle_down()
    lab.clock.advance(seconds=11)
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])
