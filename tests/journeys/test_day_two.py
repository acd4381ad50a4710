"""Day two: one concept more, one less, other words in `setup`, and leaving."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

from bot.domain.blueprint import WORKFLOW_ID

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def finished(lab: Lab, text: str, by: str = "") -> str:
    """Type a line that a job finishes; returns its private answer."""
    lab.say(text, by)
    lab.settle_down()
    return html.unescape(lab.whispers(by or lab.dana)[-1])


def test_a_concept_more_is_linked_labelled_and_asked_about(lab: Lab) -> None:
    lab.set_up("people man")
    assert "Added: vehicle > car, truck" in finished(lab, "concepts add vehicle>car,truck")
    assert "vehicle > car, truck" in html.unescape(lab.say("concepts"))
    card = lab.card_of(name="road.png", people=0.5, truck=0.6)
    assert "vehicle" in json.dumps(card["blocks"])
    assert lab.parts.clarifai.platform("demo", lab.app_id, "demo-key").default_workflow()[0] == WORKFLOW_ID
    [announced] = [m for m in lab.messages("announcement") if "Added: vehicle" in m["text"]]
    assert "Undo" not in json.dumps(announced["blocks"])


def test_a_name_the_model_does_not_know_stops_it_with_the_nearest_and_changes_nothing(lab: Lab) -> None:
    lab.set_up("people man")
    said = finished(lab, "concepts add vehikle=trukc")
    assert "truck" in said
    assert "vehikle" not in lab.say("concepts")
    assert lab.rows("select max(number) from revision") == [(1,)]


def test_a_concept_less_leaves_its_old_labels_and_asks_no_more(lab: Lab) -> None:
    lab.set_up("people man")
    old = lab.card_of(name="old.png", people=0.5, man=0.5)
    said = finished(lab, "concepts remove man")
    assert "cannot delete one" in said
    fresh = lab.card_of(name="new.png", people=0.5, man=0.5)
    assert "man" not in json.dumps(fresh["blocks"])
    lab.press(old, "Approve all")
    lab.settle_down()
    assert ("ANNOTATION_SUCCESS", {"people": 1.0, "man": 1.0}) in lab.held()
    assert "man" not in lab.say("", command="/annotate-thresholds")


def test_a_concept_that_was_removed_comes_back(lab: Lab) -> None:
    lab.set_up("people man")
    finished(lab, "concepts remove man")
    assert "Added: man" in finished(lab, "concepts add man")
    card = lab.card_of(name="new.png", man=0.5)
    assert "man" in json.dumps(card["blocks"])


def test_thresholds_of_before_a_change_of_concepts_are_not_undone_over_it(lab: Lab) -> None:
    lab.set_up("people man")
    lab.say("people 0.9", command="/annotate-thresholds")
    lab.settle_down()
    finished(lab, "concepts remove man")
    assert "change was one of concepts" in lab.say("undo", command="/annotate-thresholds")


def test_bad_wishes_are_refused_in_one_sentence(lab: Lab) -> None:
    lab.set_up("people man")
    assert "labelled here already" in lab.say("concepts add people")
    assert "Did you mean people?" in lab.say("concepts remove peopel")
    assert "at least one concept" in lab.say("concepts remove people man")
    assert "not something to do" in lab.say("concepts rename people")
    assert "Only" in finished(lab, "concepts remove man", by=lab.mia)


def test_setup_with_other_words_asks_what_to_change(lab: Lab) -> None:
    lab.set_up("people man")
    assert "set up already" in lab.say("setup people dog")
    note = lab.workspace.ephemerals(lab.dana, lab.channel)[-1]
    lab.press(note, "Add dog", by=lab.dana)
    lab.press(note, "Remove man", by=lab.dana)
    lab.settle_down()
    said = lab.say("concepts")
    assert "dog = dog" in said
    assert "man" not in said.replace("remove man", "")


def test_leaving_gives_the_old_default_back_and_says_what_stays(lab: Lab) -> None:
    lab.set_up("people")
    decided = lab.card_of(name="decided.png", people=0.5)
    open_card = lab.card_of(name="open.png", people=0.5)
    lab.press(decided, "Approve")
    said = lab.say("leave yes")
    assert "stay there, unused" in said
    lab.settle_down()
    assert lab.parts.clarifai.platform("demo", lab.app_id, "demo-key").default_workflow()[0] != WORKFLOW_ID
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})
    assert "disconnected" in json.dumps(lab.again(open_card)["blocks"])
    assert "not set up" in lab.say("status")


def test_leaving_asks_first_and_a_press_answers(lab: Lab) -> None:
    lab.set_up("people")
    said = lab.say("leave")
    note = lab.workspace.ephemerals(lab.dana, lab.channel)[-1]
    assert "Nothing was done yet" in said
    assert "default workflow" in said
    lab.settle_down()
    assert "live" in lab.say("status")
    lab.press(note, "Leave", by=lab.dana)
    lab.settle_down()
    assert "stay there, unused" in lab.whispers(lab.dana)[-1]
    assert "not set up" in lab.say("status")


def test_leaving_an_unfinished_set_up_asks_as_well(lab: Lab) -> None:
    lab.say("setup people")
    lab.run("finish_commands")
    assert "gives the set-up of this channel up" in lab.say("leave")
    assert "was given up" in lab.say("leave yes")


def test_a_channel_that_was_left_can_be_set_up_anew(lab: Lab) -> None:
    lab.set_up("people")
    photograph = lab.picture(people=0.5)
    lab.upload(("a.png", photograph))
    lab.settle_down()
    lab.say("leave yes")
    lab.settle_down()
    lab.set_up("people")
    lab.card_of(name="b.png", people=0.6)
    assert len([c for c in lab.cards() if "Approve" in json.dumps(c["blocks"])]) == 1
