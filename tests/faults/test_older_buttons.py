"""Messages that an older version posted: what stands on their buttons is a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

# As the first release wrote them; never to be changed. {id} is a review, {input} an input.
FIRST_RELEASE = {
    "Approve": ("decide:approve:{id}", "{id}", "ANNOTATION_SUCCESS"),
    "Reject": ("decide:reject:{id}", "{id}", "ANNOTATION_REVIEW_DENIED"),
}


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for block in message["blocks"] if block["type"] == "actions" for button in block["elements"]]


@pytest.mark.parametrize("label", FIRST_RELEASE)
@pytest.mark.fault(42)
def test_a_card_of_before_the_update_is_answered_as_ever(lab: Lab, label: str) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    [(review,)] = lab.rows("select id from review")
    action_id, value, status = FIRST_RELEASE[label]
    [button] = [b for b in buttons(card) if b["text"]["text"] == label]
    older = {"action_id": action_id.format(id=review), "value": value.format(id=review)}
    assert button["action_id"].rpartition(":")[0] == older["action_id"].rpartition(":")[0]
    button |= older
    lab.restart()  # the newer version
    answer = lab.workspace.press(lab.omar, lab.channel, card["ts"], label, seen=card)
    assert answer.ok, answer
    lab.settle_down()
    assert lab.held()[0][0] == status
    [undo] = [b for b in buttons(lab.again(card)) if b["action_id"] == "undo"]
    assert undo["value"] == lab.rows("select input_id from review")[0][0]
