"""Mentions: command lines in words, also in threads, answered privately where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def mention(lab: Lab, text: str, by: str = "", thread_ts: str | None = None) -> list[str]:
    """Address the bot; returns everything the person is told privately because of it."""
    who = by or lab.dana
    before = len(lab.whispers(who))
    lab.workspace.say(who, lab.channel, text.replace("@annotate", f"<@{lab.workspace.bot_user_id}>"), thread_ts)
    lab.settle_down()
    return lab.whispers(who)[before:]


def test_a_mention_is_a_command_line(lab: Lab) -> None:
    lab.set_up()
    [said] = mention(lab, "@annotate status")
    assert "This channel is live" in said


@pytest.mark.parametrize(
    "text", ["hey @annotate: status", "@annotate /annotate status", "@annotate   STATUS ", "thanks @annotate, status"]
)
def test_the_line_is_what_follows_the_mention(lab: Lab, text: str) -> None:
    lab.set_up()
    [said] = mention(lab, text)
    assert "This channel is live" in said


def test_thresholds_can_be_changed_by_a_mention(lab: Lab) -> None:
    lab.set_up()
    mention(lab, "@annotate /annotate-thresholds people 0.9")
    assert lab.rows("select accept from cut where concept_id = 'people' order by number desc limit 1") == [(0.9,)]


def test_what_slack_escapes_in_a_message_is_read_as_it_was_typed(lab: Lab) -> None:
    mention(lab, "@annotate setup vehicle&gt;car,truck")
    assert lab.rows("select name from concept") == [("vehicle",)]


def test_in_a_thread_the_answer_stands_in_that_thread(lab: Lab) -> None:
    lab.set_up()
    talk = lab.workspace.say(lab.mia, lab.channel, "how is it going?")
    [said] = mention(lab, "@annotate status", thread_ts=talk)
    assert "This channel is live" in said
    assert lab.workspace.ephemerals(lab.dana, lab.channel)[-1]["thread_ts"] == talk
    assert [r for r in lab.workspace.replies(lab.channel, talk) if r.get("bot_id")] == []


def test_a_typo_gets_a_did_you_mean_and_a_bare_mention_what_works(lab: Lab) -> None:
    lab.set_up()
    assert "Did you mean `/annotate status`?" in mention(lab, "@annotate stauts")[0]
    assert "What works here" in mention(lab, "@annotate")[0]


def test_a_mention_delivered_twice_is_answered_once(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.faults.duplicate_deliveries(times=4)
    assert len(mention(lab, "@annotate status")) == 1


@pytest.mark.parametrize("text", ["@annotate status", "@annotate list", "@annotate try"])
def test_a_channel_without_a_project_says_how_to_set_up_and_only_privately(lab: Lab, text: str) -> None:
    said = mention(lab, text, by=lab.mia)
    assert len(said) == 1
    assert lab.messages("checklist") == []
    assert [m for m in lab.messages() if m.get("bot_id")] == []


def test_images_with_a_mention_are_taken_in_once(lab: Lab) -> None:
    lab.set_up()
    before = len(lab.whispers(lab.omar))
    text = f"<@{lab.workspace.bot_user_id}> what about this one?"
    ts = lab.workspace.upload(lab.omar, lab.channel, [("a.png", lab.picture(people=0.5))], text=text)
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."
    assert len(lab.inputs()) == 1
    assert len(lab.whispers(lab.omar)) == before


def test_a_command_beside_images_is_done_as_well(lab: Lab) -> None:
    lab.set_up()
    before = len(lab.whispers(lab.omar))
    text = f"<@{lab.workspace.bot_user_id}> help"
    ts = lab.workspace.upload(lab.omar, lab.channel, [("a.png", lab.picture(people=0.5))], text=text)
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."
    [said] = lab.whispers(lab.omar)[before:]
    assert "What works here" in said


def test_a_caption_that_begins_like_a_command_changes_nothing(lab: Lab) -> None:
    lab.set_up(live=False)
    text = f"<@{lab.workspace.bot_user_id}> live from the zoo"
    lab.workspace.upload(lab.dana, lab.channel, [("a.png", lab.picture(people=0.5))], text=text)
    lab.settle_down()
    assert lab.rows("select state from project") == [("ready",)]


def test_images_with_a_mention_where_there_is_no_project_say_how_to_set_up(lab: Lab) -> None:
    text = f"<@{lab.workspace.bot_user_id}> label this"
    ts = lab.workspace.upload(lab.omar, lab.channel, [("a.png", lab.picture(people=0.5))], text=text)
    lab.settle_down()
    assert lab.workspace.replies(lab.channel, ts) == []
    [said] = lab.whispers(lab.omar)
    assert "/annotate setup" in said


def test_a_guests_images_with_a_mention_are_refused_once(lab: Lab) -> None:
    lab.set_up()
    lab.say("pause", by=lab.gus)
    lab.settle_down()
    before = len(lab.whispers(lab.gus))
    text = f"<@{lab.workspace.bot_user_id}> this one"
    lab.workspace.upload(lab.gus, lab.channel, [("a.png", lab.picture(people=0.5))], text=text)
    lab.settle_down()
    [said] = lab.whispers(lab.gus)[before:]
    assert "Guests may not add images" in said


def test_a_bare_mention_in_a_thread_takes_in_the_images_above_it(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)), by=lab.mia)
    lab.set_up()
    [said] = mention(lab, "@annotate", thread_ts=ts)
    assert "Taking in 1 file" in said
    assert lab.workspace.ephemerals(lab.dana, lab.channel)[-1]["thread_ts"] == ts
    answers = [r["text"] for r in lab.workspace.replies(lab.channel, ts) if r.get("bot_id")]
    assert answers == ["1 image: 1 to review."]
    assert "taken in before" in mention(lab, "@annotate", thread_ts=ts)[0]


def test_a_bare_mention_in_a_thread_without_images_says_what_works(lab: Lab) -> None:
    lab.set_up()
    talk = lab.workspace.say(lab.mia, lab.channel, "hello")
    assert "no images at the top of this thread" in mention(lab, "@annotate", thread_ts=talk)[0]


def test_a_bare_mention_while_slack_is_away_is_answered_later(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.set_up()
    lab.workspace.faults.break_down("conversations.replies")
    mention(lab, "@annotate", thread_ts=ts)
    lab.clock.advance(seconds=16)
    lab.settle_down()
    assert "Taking in 1 file" in lab.whispers(lab.dana)[-1]


def test_a_form_is_offered_as_a_button(lab: Lab) -> None:
    lab.set_up()
    mention(lab, "@annotate thresholds form")
    offer = lab.workspace.ephemerals(lab.dana, lab.channel)[-1]
    lab.press(offer, "Open the form", by=lab.dana)
    lab.run("show_forms")
    assert lab.form()["title"]["text"] == "Thresholds"


def test_the_bots_own_messages_that_name_it_are_no_mentions(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload((f"<@{lab.workspace.bot_user_id}> status.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert lab.rows("select count(*) from command where thread_ts <> ''") == [(0,)]
    assert lab.answer_to(ts) == "1 image: 1 to review."
