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


def test_a_decision_that_does_not_stand_as_it_was_taken_is_seen(decided: Lab) -> None:
    decided.clarifai.order(f"change {decided.app_id} {decided.annotations()[0].id}")
    decided.sql("update decision set verdict = 'approve'")
    with pytest.raises(AssertionError):
        all_is_well(world(decided))


def test_a_card_that_stands_twice_is_seen(decided: Lab) -> None:
    [card] = decided.cards()
    web = WebClient(token=decided.workspace.bot_token, base_url=decided.workspace.api_url)
    web.chat_postMessage(channel=decided.channel, text="again", metadata=card["metadata"])
    with pytest.raises(AssertionError, match="stands twice"):
        all_is_well(world(decided))


@pytest.mark.parametrize(
    "left_over",
    [
        "update annotation set dirty = dirty + 1",
        "update post set state = 'posting' where kind = 'card'",
        "update revision set state = 'wanted'",
        (
            "insert into procrastinate_jobs (queue_name, task_name, lock, args, status) "
            "values ('default', 'pass', 'x', '{}', 'doing')"
        ),
    ],
)
def test_what_is_left_over_is_seen(decided: Lab, left_over: str) -> None:
    decided.sql(left_over.replace(":", "\\:"))
    with pytest.raises(AssertionError):
        all_is_well(world(decided))


def test_a_secret_in_a_log_is_seen(decided: Lab) -> None:
    with pytest.raises(AssertionError, match="secret"):
        all_is_well(world(decided, secrets=["hunter2"], logs=["it is hunter2"]))
