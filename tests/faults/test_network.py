"""The network between the bot and its services breaks at every point of a call; nothing is lost or doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.relay import Trouble
from tests.journeys.test_posting import discovered, wait_out_the_pace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.relay import Relay
    from tests.journeys.lab import Lab

    Relayed = Callable[[str], AbstractContextManager[Relay]]


def slow(trouble: Trouble) -> object:
    return pytest.param(trouble, marks=pytest.mark.slow)


NOT_DELIVERED = (slow(Trouble.REFUSES), Trouble.BEFORE)
DELIVERED = (Trouble.AFTER, slow(Trouble.HALF), slow(Trouble.HANGS))
BROKEN = (slow(Trouble.BEFORE), Trouble.AFTER, slow(Trouble.HALF))


@pytest.mark.parametrize("trouble", NOT_DELIVERED)
@pytest.mark.fault(8)
def test_a_card_that_was_not_delivered_is_posted_once_later(lab: Lab, relayed: Relayed, trouble: Trouble) -> None:
    discovered(lab, people=0.5)
    posts = lab.workspace.call_counts["chat.postMessage"]
    with relayed("slack") as relay:
        relay.befall(trouble)
        lab.run("post_cards")
        assert relay.met == 1
        assert lab.workspace.call_counts["chat.postMessage"] == posts  # and nobody below tries a post a second time
        assert lab.cards() == []
        wait_out_the_pace(lab)
    assert len(lab.cards()) == 1


@pytest.mark.parametrize("trouble", DELIVERED)
@pytest.mark.fault(7)
def test_a_card_whose_answer_is_lost_is_adopted(lab: Lab, relayed: Relayed, trouble: Trouble) -> None:
    discovered(lab, people=0.5)
    posts = lab.workspace.call_counts["chat.postMessage"]
    with relayed("slack") as relay:
        relay.befall(trouble)
        lab.run("post_cards")
        assert relay.met == 1
        [card] = lab.cards()
        wait_out_the_pace(lab)
    assert [c["ts"] for c in lab.cards()] == [card["ts"]]
    assert lab.workspace.call_counts["chat.postMessage"] == posts + 1
    lab.press(card, "Approve")
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.fault(13, 37)
def test_a_verdict_is_written_once_over_a_connection_that_breaks(lab: Lab, relayed: Relayed, trouble: Trouble) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.press(card, "Reject")
    with relayed("clarifai") as relay:
        relay.befall(trouble, times=3)
        for _ in range(5):
            lab.run("settle")
            lab.clock.advance(minutes=20)
        assert relay.met >= 1
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    writes = lab.rows("select a.settled, a.dirty from annotation a")
    assert writes == [(1, 1)]


def test_a_slow_network_only_delays(lab: Lab, relayed: Relayed) -> None:
    discovered(lab, people=0.5)
    with relayed("slack") as relay:
        relay.latency_s = 0.05
        lab.run("post_cards")
    assert len(lab.cards()) == 1
