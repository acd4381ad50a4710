"""Many files at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

MESSAGES, EACH = 10, 10


@pytest.mark.slow
@pytest.mark.fault(26)
def test_a_burst_is_taken_in_once_with_one_answer_a_message_and_five_cards(lab: Lab) -> None:
    lab.set_up("people")
    uploads = [lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(EACH)]) for _ in range(MESSAGES)]
    for _ in range(5):
        lab.settle_down()
    assert len({i.id for i in lab.inputs()}) == len(lab.inputs()) == MESSAGES * EACH
    assert {lab.answer_to(ts) for ts in uploads} == {f"{EACH} images: {EACH} to review."}
    assert len(lab.cards()) == 5
    [line] = lab.messages("waiting")
    assert str(MESSAGES * EACH - 5) in line["text"]
    assert lab.whispers(lab.omar) == []
    lab.press(lab.cards()[0], "Approve")
    lab.settle_down()
    assert len(lab.cards()) == 6
