"""The clock of the machine jumps; what is due is judged by local dates and by the database's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.digests import at, digests

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


@pytest.mark.parametrize("hours", [pytest.param(2, marks=pytest.mark.slow), -2])
@pytest.mark.fault(18)
def test_a_jump_makes_no_second_digest_and_no_second_card(lab: Lab, hours: int) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    at(lab, "2026-05-05T07:00:05")
    assert len(digests(lab)) == 1
    lab.clock.advance(hours=hours)
    for _ in range(3):
        lab.run("post_digests", "post_cards", "redraw_cards", "discover", "recover_posts")
        lab.clock.advance(minutes=1)
    assert len(digests(lab)) == 1
    assert [c["ts"] for c in lab.cards()] == [card["ts"]]
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.fault(18)
def test_an_undo_of_just_now_is_not_lost_to_a_clock_that_went_back(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.settle_down()
    lab.clock.advance(hours=-2)
    lab.press(lab.again(card), "Undo")
    lab.clock.advance(hours=2, minutes=1)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
