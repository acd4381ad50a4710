"""`/annotate-thresholds`: each change is announced, made by one change of the workflow, proved, and can be undone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import grpc
from clarifai_grpc.grpc.api.status import status_code_pb2

from bot.sandbox.clarifai import Switches
from tests.journeys.holdings import holdings
from tests.journeys.opening import open_lab
from tests.journeys.test_setting_up import buttons, checklist

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

OFF = 2.0


def cut(lab: Lab, text: str, by: str = "") -> str:
    return lab.say(text, by=by, command="/annotate-thresholds")


def in_force(lab: Lab) -> dict[str, tuple[float, float]]:
    with holdings(lab) as app:
        return app.in_force()


def test_the_bare_command_shows_every_concepts_cuts(lab: Lab) -> None:
    lab.set_up("people man", live=False)
    for said in (cut(lab, ""), lab.say("thresholds")):
        assert "people: accept 0.95, floor 0.20" in said
        assert "man: accept 0.95, floor 0.20" in said


def test_a_change_is_one_patch_announced_with_who_and_old_and_new(lab: Lab) -> None:
    lab.set_up("people man")
    lab.clarifai.faults.calls.clear()
    assert "0.95 → 0.90" in cut(lab, "people 0.9")
    assert lab.messages("announcement") == []  # not before the workflow runs it
    lab.settle_down()
    assert lab.clarifai.faults.calls["PatchWorkflows"] == 1
    assert in_force(lab) == {"people": (0.2, 0.9), "man": (0.2, 0.95)}
    [message] = lab.messages("announcement")
    assert "people: accept 0.95 → 0.90" in message["text"]
    assert f"By <@{lab.dana}>" in str(message["blocks"])
    assert "Nothing waits" in message["text"]
    assert buttons(message) == ["Undo"]
    assert "people*: 0.90 and up" in checklist(lab)
    lab.card_of(people=0.92)
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.92})]


def test_what_waits_stays_and_the_announcement_says_so(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    cut(lab, "people 0.4")
    lab.settle_down()
    [message] = lab.messages("announcement")
    assert "The 1 waiting stay as they are" in message["text"]
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]


def test_a_range_sets_both_cuts_and_off_and_on_keep_the_floor(lab: Lab) -> None:
    lab.set_up("people man")
    cut(lab, "people 0.3…0,9")
    lab.settle_down()
    assert in_force(lab)["people"] == (0.3, 0.9)
    cut(lab, "people off")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.3, OFF), "man": (0.2, 0.95)}
    assert "off, 0.30 and up is brought to people" in checklist(lab)
    lab.card_of(people=1.0)
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 1.0})]
    cut(lab, "all off")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.3, OFF), "man": (0.2, OFF)}
    cut(lab, "all on")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.3, 0.9), "man": (0.2, 0.95)}


def test_undo_by_command_takes_the_newest_change_back(lab: Lab) -> None:
    lab.set_up("people")
    assert "nothing to undo" in cut(lab, "undo")
    cut(lab, "people 0.9")
    lab.settle_down()
    cut(lab, "people 0.8")
    lab.settle_down()
    assert "0.80 → 0.90" in cut(lab, "undo")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, 0.9)}


def test_the_undo_button_works_on_the_newest_announcement_only(lab: Lab) -> None:
    lab.set_up("people")
    for value in ("0.9", "0.8"):
        cut(lab, f"people {value}")
        lab.settle_down()
    older, newest = lab.messages("announcement")
    lab.press(older, "Undo", by=lab.dana)
    lab.settle_down()
    assert "changed again since" in lab.whispers(lab.dana)[-1]
    assert in_force(lab) == {"people": (0.2, 0.8)}
    lab.press(newest, "Undo", by=lab.mia)
    lab.settle_down()
    assert f"<@{lab.dana}>" in lab.whispers(lab.mia)[-1]
    assert in_force(lab) == {"people": (0.2, 0.8)}
    lab.press(newest, "Undo", by=lab.dana)
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, 0.9)}
    assert "0.80 → 0.90" in lab.messages("announcement")[-1]["text"]


def test_two_quick_changes_are_both_announced_and_one_patch_runs_both(lab: Lab) -> None:
    lab.set_up("people man")
    lab.clarifai.faults.calls.clear()
    cut(lab, "people 0.9")
    cut(lab, "man 0.8")
    lab.settle_down()
    assert lab.clarifai.faults.calls["PatchWorkflows"] == 1
    first, second = lab.messages("announcement")
    assert "people: accept 0.95 → 0.90" in first["text"]
    assert "man: accept 0.95 → 0.80" in second["text"]
    assert (buttons(first), buttons(second)) == ([], ["Undo"])
    assert in_force(lab) == {"people": (0.2, 0.9), "man": (0.2, 0.8)}


def test_of_changes_at_the_same_moment_each_is_stored_or_refused(lab: Lab) -> None:
    lab.set_up("people man")
    said: list[str] = []
    both = [
        threading.Thread(target=lambda t=text: said.append(cut(lab, t)))
        for text in ("people 0.9", "people 0.8", "man 0.7", "man 0.6")
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    lab.settle_down()
    stored = [s for s in said if "Saved" in s]
    assert stored
    assert all("Saved" in s or "at this moment" in s for s in said)
    assert len(lab.messages("announcement")) == len(stored)


def test_what_clarifai_refuses_leaves_the_old_ones_in_force(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.9")
    lab.settle_down()
    lab.clarifai.faults.fail_next("PatchWorkflows", status_code_pb2.WORKFLOW_INVALID_ARGUMENT)
    cut(lab, "people 0.8")
    lab.settle_down()
    said = lab.messages("announcement")[-1]
    assert "Clarifai refused this" in said["text"]
    assert "stay in force" in said["text"]
    assert buttons(said) == []
    assert in_force(lab) == {"people": (0.2, 0.9)}
    assert "people: accept 0.90" in cut(lab, "")
    assert "people*: 0.90 and up" in checklist(lab)
    cut(lab, "undo")  # takes back what is in force, not what was refused
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, 0.95)}
    cut(lab, "people 0.85")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, 0.85)}


def test_the_undo_button_outlives_a_refused_change(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.9")
    lab.settle_down()
    [message] = lab.messages("announcement")
    lab.clarifai.faults.fail_next("PatchWorkflows", status_code_pb2.WORKFLOW_INVALID_ARGUMENT)
    cut(lab, "people 0.8")
    lab.settle_down()
    lab.press(message, "Undo", by=lab.dana)
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, 0.95)}


def test_during_an_outage_a_change_waits_and_is_announced_afterwards(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.9")
    with lab.clarifai.faults.outage():
        lab.run("apply_thresholds", "post_cards")
        assert lab.messages("announcement") == []
        assert "does not run the newest yet" in cut(lab, "")
    lab.clock.advance(minutes=6)
    lab.settle_down()
    assert len(lab.messages("announcement")) == 1
    assert in_force(lab) == {"people": (0.2, 0.9)}


def test_a_lost_answer_makes_no_second_version_of_the_workflow(lab: Lab) -> None:
    lab.set_up("people")
    lab.clarifai.faults.calls.clear()
    lab.clarifai.faults.apply_then_fail("PatchWorkflows", 1, grpc.StatusCode.DEADLINE_EXCEEDED)
    cut(lab, "people 0.9")
    lab.settle_down()
    lab.clock.advance(minutes=6)
    lab.settle_down()
    assert lab.clarifai.faults.calls["PatchWorkflows"] == 1
    assert in_force(lab) == {"people": (0.2, 0.9)}
    assert len(lab.messages("announcement")) == 1


def test_a_default_workflow_that_stays_on_its_old_version_is_moved(database_url: str) -> None:
    with open_lab(database_url, switches=Switches(default_workflow="stays")) as lab:
        lab.set_up("people")
        cut(lab, "people 0.9")
        lab.settle_down()
        assert len(lab.messages("announcement")) == 1
        lab.card_of(people=0.92)
        assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.92})]


def test_a_change_before_going_live_is_in_force_from_the_start(lab: Lab) -> None:
    lab.set_up("people", live=False)
    cut(lab, "people 0.9")
    lab.settle_down()
    lab.say("live")
    lab.settle_down()
    lab.card_of(people=0.92)
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.92})]


def test_numbers_are_read_as_people_type_them(lab: Lab) -> None:
    lab.set_up("people", live=False)
    for typed in ("0.9", ".9", "0,9", "90 %", "90%", "“0.9”", "0.2..0.9", "0.2...0.9", "0,2 \u2013 0,9", "20 %…90 %"):
        cut(lab, "people 0.2..0.7")
        assert "0.70 → 0.90" in cut(lab, f"PEOPLE {typed}"), typed


def test_what_makes_no_sense_is_refused_with_the_reason_and_changes_nothing(lab: Lab) -> None:
    lab.set_up('people "traffic light"')
    lab.clarifai.faults.calls.clear()
    for typed, reason in {
        "people high": "“high” is not a number",
        "people nan": "is not a number",
        "people -0.5": "negative",
        "people 1.2": "above 1",
        "people 90": "Did you mean 90%",
        "people 0.9..0.2": "would lie above accept",
        "people 0": "above 0",
        "peple 0.9": "Did you mean people?",
        "trafic 0.9": "Did you mean traffic light?",
        "people": "Say what “people” should be",
        "people 0.95": "Nothing was changed",
        "people on": "Nothing was changed",
        "undo": "nothing to undo",
        "undo 7": "changed again since",
        "people target 95%": "Nothing was changed",
        "people checks 5%": "Nothing was changed",
        "history": "set-up",
        "<!channel> 0.9": "is not a concept of this project",
    }.items():
        said = cut(lab, typed)
        assert reason in said, (typed, said)
        assert "<!channel>" not in said
    lab.settle_down()
    assert lab.messages("announcement") == []
    assert lab.clarifai.faults.calls["PatchWorkflows"] == 0
    assert in_force(lab) == {"people": (0.2, 0.95), "traffic-light": (0.2, 0.95)}
