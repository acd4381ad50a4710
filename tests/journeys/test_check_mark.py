"""A check-mark on a message once all its images are settled, where the app was granted reactions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from bot.slack.manifest import manifest
from bot.usecases.crashing import Checkpoint
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab

CALL = "reactions.add"


@pytest.fixture
def bare(database_url: str) -> Iterator[Lab]:
    """A lab whose app was installed without its optional scope."""
    declared = copy.deepcopy(manifest())
    del declared["oauth_config"]["scopes"]["bot_optional"]
    with open_lab(database_url, slack_manifest=declared) as opened:
        yield opened


def marks(lab: Lab, ts: str) -> list[str]:
    message = lab.workspace.message(lab.channel, ts)
    assert message is not None
    return [r["name"] for r in message.get("reactions", [])]


def decide_all(lab: Lab) -> None:
    for card in lab.cards():
        if "needs review" in card["text"]:
            lab.press(card, "Approve")
    lab.settle_down()


def test_it_comes_once_every_image_is_settled_and_not_before(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.5)), ("b.png", lab.picture(people=0.1)), ("c.svg", b"<svg/>"))
    lab.settle_down()
    assert marks(lab, ts) == []
    with lab.clarifai.faults.outage():
        lab.press(lab.cards()[0], "Approve")
        lab.run("settle", "check_off")
    assert marks(lab, ts) == []
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert marks(lab, ts) == ["white_check_mark"]
    lab.settle_down()
    assert lab.workspace.call_counts[CALL] == 1


def test_images_with_none_of_the_concepts_are_settled_at_once(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.1)))
    lab.settle_down()
    assert marks(lab, ts) == ["white_check_mark"]


def test_a_message_of_which_nothing_was_taken_has_none(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("c.svg", b"<svg/>"))
    lab.settle_down()
    assert marks(lab, ts) == []


def test_in_a_thread_it_stands_on_the_message_itself(lab: Lab) -> None:
    lab.set_up()
    talk = lab.workspace.say(lab.mia, lab.channel, "look")
    ts = lab.upload(("a.png", lab.picture(people=0.1)), thread_ts=talk)
    lab.settle_down()
    assert (marks(lab, talk), marks(lab, ts)) == ([], ["white_check_mark"])


def test_killed_after_the_reaction_it_stands_once(lab: Lab) -> None:
    lab.set_up()

    def reached(now: Checkpoint) -> None:
        if now is Checkpoint.REACTED:
            raise KeyboardInterrupt

    lab.restart(reached)
    ts = lab.upload(("a.png", lab.picture(people=0.1)))
    with pytest.raises(KeyboardInterrupt):
        lab.settle_down()
    lab.restart()
    lab.settle_down()
    assert marks(lab, ts) == ["white_check_mark"]
    assert lab.rows("select checked from upload") == [("added",)]


def test_without_the_scope_nothing_breaks_and_slack_is_asked_once_a_day(bare: Lab) -> None:
    bare.set_up()
    for _ in range(2):
        ts = bare.upload(("a.png", bare.picture(people=0.5)))
        bare.settle_down()
        decide_all(bare)
        assert marks(bare, ts) == []
        assert bare.answer_to(ts) == "1 image: 1 to review."
    assert bare.workspace.call_counts[CALL] == 1
    bare.clock.advance(hours=25)
    bare.upload(("a.png", bare.picture(people=0.1)))
    bare.settle_down()
    assert bare.workspace.call_counts[CALL] == 2


def test_while_slack_is_busy_it_comes_later(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.faults.limit(CALL, retry_after_s=1)
    ts = lab.upload(("a.png", lab.picture(people=0.1)))
    lab.settle_down()
    lab.settle_down()
    assert marks(lab, ts) == ["white_check_mark"]
    assert lab.workspace.call_counts[CALL] == 2


def test_a_message_that_was_deleted_is_left_alone(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.1)))
    lab.run("take_uploads")
    lab.workspace.delete_message(lab.channel, ts)
    lab.settle_down()
    assert lab.rows("select checked from upload") == [("left",)]
