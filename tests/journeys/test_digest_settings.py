"""Its hour, its channel, on and off, and asked for at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.digests import SECOND, at, digests, shown

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_asked_for_it_comes_each_time_and_uses_up_nothing(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    for by in (lab.omar, lab.dana, lab.dana):
        lab.say("digest", by=by)
    lab.settle_down()
    assert "follows in the channel" in lab.whispers(lab.dana)[-1]
    assert len(digests(lab)) == 3
    assert "Digest so far" in shown(digests(lab)[0])
    assert "Uploaded: 1 image\n" in shown(digests(lab)[0])
    at(lab, "2026-05-05T07:00:05")
    assert len(digests(lab)) == 4
    assert "Uploaded: 1 image\n" in shown(digests(lab)[-1])


def test_off_on_and_another_hour(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    assert "off" in lab.say("digest off")
    assert "Digest: off" in lab.say("status")
    at(lab, "2026-05-05T07:00:05")
    assert digests(lab) == []
    assert "daily at 18:30 Asia/Kathmandu" in lab.say("digest 18:30 Asia/Kathmandu")
    assert "daily at 18:30 Asia/Kathmandu" in lab.say("status")
    at(lab, "2026-05-05T12:44:00")
    assert digests(lab) == []
    at(lab, "2026-05-05T12:45:05")
    assert len(digests(lab)) == 1
    lab.say("digest off")
    assert "18:30 Asia/Kathmandu" in lab.say("digest on")


def test_another_channel_gets_it_and_hears_whose_it_is(lab: Lab) -> None:
    lab.workspace.join(SECOND)
    lab.set_up("people")
    lab.card_of(people=0.5)
    assert f"<#{SECOND}>" in lab.say("digest 09:00 Europe/Berlin #second")
    at(lab, "2026-05-05T07:00:05")
    assert digests(lab) == []
    [message] = digests(lab, SECOND)
    assert f"<#{lab.channel}>" in shown(message)
    assert "<#" not in lab.say("digest #labels")
    at(lab, "2026-05-06T07:00:05")
    assert len(digests(lab)) == 1
    assert "<#" not in shown(digests(lab)[0])


def test_two_projects_may_post_into_one_channel(lab: Lab) -> None:
    lab.workspace.join(SECOND)
    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.say("setup people", channel=SECOND)
    lab.settle_down()
    lab.say("live", channel=SECOND)
    lab.settle_down()
    lab.workspace.upload(lab.omar, SECOND, [("a.png", lab.picture(people=0.6))])
    lab.clarifai.settled("team-c0second01")
    lab.settle_down()
    lab.clarifai.settled("team-c0second01")
    lab.settle_down()
    lab.say("digest #second")
    at(lab, "2026-05-05T07:00:05")
    at(lab, "2026-05-05T07:00:15")
    assert len(digests(lab, SECOND)) == 2


def test_a_channel_the_bot_is_not_in_is_waited_for(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.say("digest #second")
    at(lab, "2026-05-05T07:00:05")
    assert digests(lab, SECOND) == []
    assert "Trouble: not_in_channel" in lab.say("status")
    lab.workspace.join(SECOND)
    lab.clock.advance(minutes=30)
    lab.settle_down()


def test_what_makes_no_sense_is_refused_and_changes_nothing(lab: Lab) -> None:
    lab.set_up("people")
    for typed, reason in {
        "digest 25:00": "not a time of day",
        "digest soon": "not a time of day",
        "digest 09:00 Europe/Nowhere": "not a time zone",
        "digest 09:00 ../../etc/passwd": "not a time zone",
        "digest 09:00 #nowhere": "Pick it from the list",
        "digest 09:00 Europe/Berlin daily please": "is too much",
    }.items():
        assert reason in lab.say(typed), typed
    assert "daily at 09:00 Europe/Berlin" in lab.say("status")


def test_a_paused_project_says_that_it_is(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    lab.say("pause")
    at(lab, "2026-05-05T07:00:05")
    assert "is paused" in shown(digests(lab)[-1])
