"""What is refused again and again is given up, shown wherever somebody looks, and taken up again on demand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.storage.dead_letters import dead_letters, take_up_again
from bot.usecases import taking_uploads
from bot.usecases.waiting import MOST_TRIES
from tests.app.outside import get

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

REFUSED = 24156  # ANNOTATION_INVALID_ARGUMENT


def given_up(lab: Lab) -> list[tuple[str, int]]:
    with lab.parts.database.engine.begin() as connection:
        return list(dead_letters(connection, now=lab.clock()))


def retry(lab: Lab) -> dict[str, int]:
    return {what: many for what, many in take_up_again(lab.parts.database.engine, now=lab.clock()).items() if many}


def refused_decision(lab: Lab) -> dict[str, Any]:
    """A verdict that Clarifai has refused as often as is tried."""
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.clarifai.faults.item_failure("PatchAnnotations", lab.annotations()[0].id, REFUSED, times=3 * MOST_TRIES)
    lab.press(card, "Approve")
    for _ in range(MOST_TRIES):
        lab.settle_down()
        lab.clock.advance(minutes=16)
    return card


def test_a_decision_that_clarifai_keeps_refusing_is_given_up_and_kept(lab: Lab) -> None:
    card = refused_decision(lab)
    [(what, many)] = given_up(lab)
    assert (what.partition(":")[0], many) == ("decision", 1)
    tried = lab.clarifai.faults.calls["PatchAnnotations"]
    lab.clock.advance(hours=10)
    lab.settle_down()
    assert lab.clarifai.faults.calls["PatchAnnotations"] == tried
    assert "Not in Clarifai yet" in str(lab.again(card)["blocks"])
    assert f"Given up: {what} (1)" in lab.say("status")
    assert any("annotate-bot retry" in told for told in lab.whispers(lab.dana))
    facts = json.loads(get(lab.address.replace("/slack/events", "/health/ready"))[1])
    assert facts["dead_letters"] == {what: 1}
    assert facts["slack"] == "token accepted"

    lab.clarifai.order("clear")
    assert retry(lab) == {"decision": 1}
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert (given_up(lab), retry(lab)) == ([], {})


def test_a_newer_decision_takes_it_up_by_itself(lab: Lab) -> None:
    card = refused_decision(lab)
    lab.clarifai.order("clear")
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    lab.press(lab.again(card), "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert given_up(lab) == []


def test_an_outage_gives_up_nothing_however_long_it_is(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    with lab.clarifai.faults.outage():
        lab.press(card, "Approve")
        for _ in range(2 * MOST_TRIES):
            lab.run("settle")
            lab.clock.advance(hours=3)
    assert given_up(lab) == []
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_a_message_that_slack_refuses_is_given_up_and_posted_once_afterwards(lab: Lab) -> None:
    lab.set_up("people")
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.workspace.faults.fail("chat.postMessage", "msg_too_long")
    lab.settle_down()
    assert given_up(lab) == [("upload: msg_too_long", 1)]
    assert retry(lab) == {"message": 1}
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."
    assert given_up(lab) == []


def test_a_drawing_that_slack_refuses_is_not_repeated_and_the_next_state_is_drawn(lab: Lab) -> None:
    lab.set_up("people man")
    card = lab.card_of(people=0.5, man=0.5)
    lab.workspace.faults.fail("chat.update", "cant_update_message", 2)  # of the card, and of the upload's answer
    lab.press(card, "Approve people")
    lab.settle_down()
    drawn = lab.workspace.call_counts["chat.update"]
    lab.clock.advance(hours=1)
    lab.settle_down()
    assert lab.workspace.call_counts["chat.update"] == drawn
    assert given_up(lab) == [("card: cant_update_message", 1), ("upload: cant_update_message", 1)]
    lab.press(card, "Approve man")
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])
    assert given_up(lab) == []


def test_an_image_waits_for_the_token_and_is_given_up_after_a_day_of_refusals(lab: Lab) -> None:
    lab.set_up("people")
    lab.workspace.faults.fail("files.info", "missing_scope", 1000)
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert given_up(lab) == []
    lab.sql("update picture set attempts = :n", n=taking_uploads.MOST_TRIES)
    lab.clock.advance(minutes=30)
    lab.settle_down()
    assert "could not be had from Slack" in lab.answer_to(ts)
    [(what, many)] = given_up(lab)
    assert (what.partition(":")[0], many) == ("image", 1)
    lab.workspace.faults.clear()
    assert retry(lab) == {"image": 1}
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."


def test_a_card_that_somebody_deleted_is_nothing_that_was_given_up(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.settle_down()
    lab.workspace.delete_message(lab.channel, card["ts"])
    lab.settle_down()
    assert given_up(lab) == []
