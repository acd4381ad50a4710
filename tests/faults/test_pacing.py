"""A channel that Slack slows down waits by itself; the pace outlives whoever kept it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.storage.posts import SqlPosts
from bot.usecases.crashing import Checkpoint
from tests.journeys.digests import at, digests

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SECOND = "C0SECOND01"
RETRY_AFTER_S = 300  # longer than the test takes
STORM, REFUSALS = 200, 20  # messages in each of two channels; how often Slack says "too many" in one of them


def two_channels(lab: Lab) -> None:
    """A second project in a channel of its own, both live."""
    lab.set_up("people")
    lab.workspace.join(SECOND)
    lab.say("setup people", channel=SECOND)
    lab.settle_down()
    lab.say("live", channel=SECOND)
    lab.settle_down()


@pytest.mark.fault(5)
def test_a_digest_that_slack_limits_comes_once_after_the_wait_and_others_are_not_delayed(lab: Lab) -> None:
    two_channels(lab)
    lab.card_of(people=0.5)
    lab.say("digest", channel=SECOND)  # something to say there as well
    lab.workspace.faults.limit("chat.postMessage", retry_after_s=30, channel=lab.channel)
    at(lab, "2026-05-05T07:00:05")
    lab.settle_down()
    assert digests(lab) == []
    assert digests(lab, SECOND)
    [(wait,)] = lab.rows(
        "select extract(epoch from next_post_at - clock_timestamp()) from pace where channel_id = :c", c=lab.channel
    )
    assert 20 < wait <= 30
    lab.sql("update pace set next_post_at = next_post_at - interval '31 s'")
    lab.clock.advance(seconds=31)
    lab.settle_down()
    assert len(digests(lab)) == 1


@pytest.mark.slow
@pytest.mark.fault(6)
def test_a_storm_of_429_in_one_channel_loses_nothing_and_slows_no_other(lab: Lab) -> None:
    two_channels(lab)
    lab.workspace.faults.limit("chat.postMessage", retry_after_s=RETRY_AFTER_S, times=REFUSALS, channel=lab.channel)
    uploads = [lab.upload((f"{n}.png", lab.picture(people=0.5))) for n in range(STORM)]
    others = [lab.workspace.upload(lab.omar, SECOND, [("a.png", lab.picture(people=0.5))]) for _ in range(STORM)]
    lab.settle_down(rounds=300)
    assert [len(answers(lab, SECOND, ts)) for ts in others] == [1] * STORM
    assert len(lab.messages("card", SECOND)) == 5
    assert (lab.cards(), [ts for ts in uploads if answers(lab, lab.channel, ts)]) == ([], [])
    for _ in range(REFUSALS + 1):  # each message that is refused waits for itself too
        lab.clock.advance(seconds=RETRY_AFTER_S)
        lab.sql("update pace set next_post_at = clock_timestamp()")
        lab.settle_down(rounds=300)
    assert [len(answers(lab, lab.channel, ts)) for ts in uploads] == [1] * STORM
    assert len(lab.cards()) == 5


def answers(lab: Lab, channel: str, upload_ts: str) -> list[str]:
    """What the bot says in the thread of an upload."""
    return [str(r["text"]) for r in lab.workspace.replies(channel, upload_ts) if r.get("bot_id")]


@pytest.mark.fault(14)
def test_the_pace_of_a_channel_is_kept_when_a_worker_dies_between_two_posts(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(("a.png", lab.picture(people=0.5)))
    posts = SqlPosts(lab.parts.database.engine, pace_s=60.0)
    lab.sql("update pace set next_post_at = clock_timestamp()")
    claim = posts.claim_due(now=lab.clock())  # and its worker dies here
    assert claim is not None
    lab.upload(("b.png", lab.picture(people=0.5)))
    after = SqlPosts(lab.parts.database.engine, pace_s=60.0)  # of the worker that takes over
    assert after.claim_due(now=lab.clock()) is None
    wait = after.next_due_in_s(now=lab.clock())
    assert wait is not None
    assert 50 < wait <= 60


@pytest.mark.slow
@pytest.mark.parametrize("checkpoint", [Checkpoint.POST_CLAIMED, Checkpoint.POST_SENT])
@pytest.mark.fault(14)
def test_killed_while_posting_each_message_stands_once(lab: Lab, checkpoint: Checkpoint) -> None:
    class Killed(BaseException):
        """Nobody catches it, as nobody catches a kill."""

    def reached(at: Checkpoint) -> None:
        if at is checkpoint:
            raise Killed

    lab.set_up("people")
    lab.upload(("a.png", lab.picture(people=0.5)))
    for _ in range(3):
        lab.restart(reached)
        with pytest.raises(Killed):
            lab.run("post_cards")
        lab.sql("update pace set next_post_at = clock_timestamp()")
        lab.restart()
        lab.run("take_uploads")
        lab.clarifai.settled(lab.app_id)
        lab.run("discover", "show_pictures")
        lab.upload(("more.png", lab.picture(people=0.5)))
    lab.restart()
