"""The shortcut "Annotate images": on any message with files, also in threads and from before the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SHORTCUT = "annotate-images"


def annotate(lab: Lab, ts: str, by: str = "") -> str:
    """Choose the shortcut on a message; returns what the person is told."""
    who = by or lab.omar
    assert lab.workspace.shortcut(who, SHORTCUT, lab.channel, ts).ok
    lab.settle_down()
    return lab.whispers(who)[-1]


def test_its_name_fits_a_menu() -> None:
    [shortcut] = [s for s in manifest()["features"]["shortcuts"] if s["callback_id"] == SHORTCUT]
    assert shortcut["name"] == "Annotate images"


def test_images_from_before_the_project_are_taken_in_and_answered_in_their_thread(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)), ("b.png", lab.picture(people=0.97)), by=lab.mia)
    lab.set_up()
    assert annotate(lab, ts) == "Taking in 2 files: the answer follows in the thread of that message."
    assert lab.answer_to(ts) == "2 images: 1 labelled, 1 to review."
    assert {i.data.metadata["uploaded_by"] for i in lab.inputs()} == {lab.mia}


def test_images_in_a_thread_are_answered_in_that_thread_and_so_is_the_person(lab: Lab) -> None:
    talk = lab.workspace.say(lab.mia, lab.channel, "look at these")
    ts = lab.upload(("a.png", lab.picture(people=0.5)), thread_ts=talk)
    lab.set_up()
    annotate(lab, ts)
    assert lab.answer_to(talk) == "1 image: 1 to review."
    [told] = lab.workspace.ephemerals(lab.omar, lab.channel)
    assert told["thread_ts"] == talk


def test_what_was_taken_before_is_not_taken_twice(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert "taken in before" in annotate(lab, ts)
    assert len(lab.inputs()) == 1
    assert lab.answer_to(ts) == "1 image: 1 to review."


def test_a_message_without_files_says_so(lab: Lab) -> None:
    lab.set_up()
    assert "no files in that message" in annotate(lab, lab.workspace.say(lab.mia, lab.channel, "hello"))


def test_a_card_of_the_bots_own_has_nothing_to_take(lab: Lab) -> None:
    lab.set_up()
    assert "no files in that message" in annotate(lab, lab.card_of(people=0.5)["ts"])
    assert len(lab.inputs()) == 1


def test_a_channel_without_a_project_says_how_to_set_up(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    assert "/annotate setup" in annotate(lab, ts)
    assert lab.workspace.replies(lab.channel, ts) == []


def test_a_guest_may_not(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.set_up()
    lab.say("status", by=lab.gus)
    lab.say("pause", by=lab.gus)
    lab.settle_down()
    assert "Guests may not add images" in annotate(lab, ts, by=lab.gus)
    assert lab.inputs() == []


def test_what_the_set_up_before_this_one_took_may_be_taken_again(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.settle_down()
    lab.sql("update project set state = 'left', app_id = 'another'")
    lab.set_up()
    assert "Taking in 1 file" in annotate(lab, ts)
