"""The bot is kicked, the channel archived, the key refused: noticed, told once, nothing lost, gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def direct(lab: Lab) -> list[str]:
    """What the bot wrote to the person who set up, outside of channels."""
    web = WebClient(token=lab.workspace.bot_token, base_url=lab.workspace.api_url)
    conversation = web.conversations_open(users=[lab.dana])["channel"]["id"]
    return [str(message["text"]) for message in lab.workspace.messages(conversation)]


@pytest.mark.fault(30)
def test_kicked_it_is_told_once_and_goes_on_when_it_is_back(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(("a.png", lab.picture(people=0.5)))
    lab.workspace.kick("labels")
    lab.settle_down()
    lab.settle_down()
    [told] = direct(lab)
    assert "I was removed from it" in told
    assert "I was removed from it" in lab.say("status") or lab.cards() == []
    lab.workspace.join("labels")
    lab.settle_down()
    assert len(lab.cards()) == 1
    assert "go on where I was" in direct(lab)[-1]


def test_a_decision_made_while_it_is_away_is_kept_and_written(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.workspace.kick("labels")
    lab.settle_down()
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})


def test_an_archived_channel_is_told_of(lab: Lab) -> None:
    lab.set_up("people")
    lab.workspace.archive("labels")
    lab.settle_down()
    assert "it was archived" in direct(lab)[-1]


def test_a_refused_key_is_told_once_and_the_end_of_it_too(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.clarifai.faults.expire("demo")
    lab.press(card, "Approve")
    for _ in range(3):
        lab.run("discover", "settle", "tell")
    [told] = direct(lab)
    assert "does not take the key" in told
    lab.clarifai.faults.clear()
    assert lab.held()[0][0] == "ANNOTATION_PENDING"
    lab.clock.advance(minutes=30)
    lab.settle_down()
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})
    assert "takes the key" in direct(lab)[-1]
