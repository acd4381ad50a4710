"""Who may do what; refusals are private and name who can."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.journeys.test_setting_up import checklist

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

CHANGES = (
    "live",
    "pause",
    "resume",
    "digest off",
    "thresholds people 0.9",
    "thresholds undo",
    "bring-older",
    "setup dog",
)


def deliver(lab: Lab, payload: dict[str, Any]) -> int:
    """Deliver an interaction as Slack would, signed; for people the stand-in workspace does not have."""
    body = urllib.parse.urlencode({"payload": json.dumps(payload)})
    now = str(int(time.time()))
    signature = SignatureVerifier(lab.workspace.signing_secret).generate_signature(timestamp=now, body=body)
    assert signature
    headers = {
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    request = urllib.request.Request(lab.address, body.encode(), headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return int(answer.status)


def test_any_full_member_may_set_a_free_channel_up_and_is_then_in_charge(lab: Lab) -> None:
    lab.say("setup people", by=lab.mia)
    lab.settle_down()
    assert "Ready, not live" in checklist(lab)
    lab.clock.advance(minutes=20)  # what Slack said of her is old: she set up, so nobody needs to ask again
    lab.say("live", by=lab.mia)
    lab.settle_down()
    assert "This channel is live" in checklist(lab)
    assert "daily at 09:00 Asia/Kathmandu" in lab.say("status")


@pytest.mark.parametrize("change", CHANGES)
def test_others_are_refused_privately_and_told_who_can(lab: Lab, change: str) -> None:
    lab.set_up("people", live=False)
    before = lab.rows("select state, revision, digest_on, take_older from project")
    shown = len(lab.messages())
    assert "One moment" in lab.say(change, by=lab.omar)  # asked of Slack by a job, never in the listener
    lab.settle_down()
    for said in (lab.whispers(lab.omar)[-1], lab.say(change, by=lab.omar)):
        assert f"Only <@{lab.dana}>, who set this channel up, or a workspace admin may" in said
    assert lab.rows("select state, revision, digest_on, take_older from project") == before
    assert len(lab.messages()) == shown


def test_an_admin_may_change_what_somebody_else_set_up(lab: Lab) -> None:
    lab.say("setup people", by=lab.omar)
    lab.settle_down()
    assert "One moment" in lab.say("live", by=lab.dana)
    lab.settle_down()
    assert "This channel is live" in checklist(lab)
    lab.say("people 0.9", by=lab.dana, command="/annotate-thresholds")
    lab.settle_down()
    assert f"By <@{lab.dana}>" in str(lab.messages("announcement")[-1])


def test_slack_is_asked_once_in_a_while_and_not_for_what_everybody_may(lab: Lab) -> None:
    lab.set_up("people")
    asked = lab.workspace.call_counts["users.info"]
    for text in ("status", "thresholds", "help", "try"):
        lab.say(text, by=lab.omar)
    lab.settle_down()
    assert lab.workspace.call_counts["users.info"] == asked
    for _ in range(3):
        lab.say("pause", by=lab.omar)
        lab.settle_down()
    assert lab.workspace.call_counts["users.info"] == asked + 1
    lab.clock.advance(minutes=20)  # an admin may have been made meanwhile
    lab.say("pause", by=lab.omar)
    lab.settle_down()
    assert lab.workspace.call_counts["users.info"] == asked + 2


def test_with_slack_away_the_answer_follows_later(lab: Lab) -> None:
    lab.workspace.faults.break_down("users.info", times=2)
    lab.say("setup people")
    for _ in range(3):
        lab.run("finish_commands")
        lab.clock.advance(seconds=20)
    lab.settle_down()
    assert "Ready, not live" in checklist(lab)


def test_guests_may_look_and_nothing_else(lab: Lab) -> None:
    lab.workspace.join("C0SECOND01")
    lab.say("setup people", by=lab.gus)
    lab.settle_down()
    assert "Guests may not set this channel up" in lab.whispers(lab.gus)[-1]
    assert lab.messages() == []
    lab.set_up("people")
    assert "Guests may not change" in lab.say("pause", by=lab.gus)
    assert "Guests may not" in lab.say("digest", by=lab.gus)
    assert "This channel is live" in lab.say("status", by=lab.gus)


def test_people_of_another_workspace_are_refused(lab: Lab) -> None:
    lab.set_up("people", live=False)
    [message] = lab.messages("checklist")
    payload = {
        "type": "block_actions",
        "team": {"id": lab.workspace.team_id},
        "user": {"id": lab.omar, "team_id": "T0FOREIGN1"},
        "api_app_id": "A0ANNOTATE1",
        "channel": {"id": lab.channel},
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": lab.channel},
        "message": message,
        "actions": [{"type": "button", "action_id": "go-live", "action_ts": "1.1", "block_id": "b"}],
    }
    assert deliver(lab, payload) == 200
    lab.settle_down()
    assert "Only members of this workspace may" in lab.whispers(lab.omar)[-1]
    assert "Ready, not live" in checklist(lab)


def test_a_button_pressed_by_somebody_else_is_refused_privately(lab: Lab) -> None:
    lab.set_up("people", live=False)
    [message] = lab.messages("checklist")
    lab.press(message, "Go live", by=lab.omar)
    lab.settle_down()
    assert f"Only <@{lab.dana}>" in lab.whispers(lab.omar)[-1]
    assert "Ready, not live" in checklist(lab)
    assert lab.messages("announcement") == []
