"""The oracle itself: it sees what it is there to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from tests.faults.oracle import World, all_is_well, well_in

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def world(lab: Lab, **more: Any) -> World:  # noqa: ANN401 - any field of it
    return World(lab.workspace, lab.clarifai, lab.parts.database.dsn, **more)


@pytest.fixture
def decided(lab: Lab) -> Lab:
    """A lab in which one picture was answered and all is well."""
    lab.set_up("people man")
    card = lab.card_of(people=0.5, man=0.6)
    lab.press(card, "Approve man")
    lab.press(card, "Reject people")
    lab.settle_down()
    well_in(lab)
    return lab


# Each does something that must not be, and takes it back.
LEFT_OVER = (
    ("update annotation set dirty = dirty + 1", "update annotation set dirty = dirty - 1"),
    (
        "update post set state = 'posting' where kind = 'card'",
        "update post set state = 'posted' where kind = 'card'",
    ),
    ("update revision set state = 'wanted'", "update revision set state = 'applied'"),
    (
        "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'pass', 'doing')",
        "delete from procrastinate_jobs",
    ),
)


def test_what_must_not_be_is_seen(decided: Lab) -> None:
    for done, taken_back in LEFT_OVER:
        decided.sql(done)
        with pytest.raises(AssertionError):
            all_is_well(world(decided))
        decided.sql(taken_back)
        all_is_well(world(decided))
    with pytest.raises(AssertionError, match="secret"):
        all_is_well(world(decided, secrets=["hunter2"], logs=["it is hunter2"]))
    decided.clarifai.order(f"change {decided.app_id} {decided.annotations()[0].id}")
    decided.sql("update decision set verdict = 'approve'")
    with pytest.raises(AssertionError):
        all_is_well(world(decided))
    decided.sql("delete from decision")
    [card] = decided.cards()
    web = WebClient(token=decided.workspace.bot_token, base_url=decided.workspace.api_url)
    web.chat_postMessage(channel=decided.channel, text="again", metadata=card["metadata"])
    with pytest.raises(AssertionError, match="stands twice"):
        all_is_well(world(decided))
