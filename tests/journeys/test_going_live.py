"""From *ready, not live* over *Go live* to a pause and back; nothing older is touched unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api.status import status_code_pb2

from bot.usecases.crashing import Checkpoint
from tests.journeys.holdings import Holdings, holdings
from tests.journeys.test_setting_up import buttons, checklist
from tests.journeys.test_setting_up_survives import Killed

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def add_pending(app: Holdings, input_id: str, value: float) -> None:
    """Leave a pending label of the owner on an input, as an earlier workflow would have."""
    annotation = res.Annotation(
        input_id=input_id, user_id="demo", data=res.Data(concepts=[res.Concept(id="people", value=value)])
    )
    annotation.status.code = status_code_pb2.ANNOTATION_PENDING
    app.ask("PostAnnotations", annotations=[annotation])


def test_the_button_goes_live_and_the_old_default_is_remembered(lab: Lab) -> None:
    with holdings(lab) as app:
        app.create("General")
        lab.set_up("people", live=False)
        [message] = lab.messages("checklist")
        lab.press(message, "Go live", by=lab.dana)
        lab.settle_down()
        assert app.default_workflow() == "annotate-bot"
    assert "This channel is live" in checklist(lab)
    assert lab.rows("select previous_workflow from project") == [("General",)]
    assert "Going live" in " ".join(lab.whispers(lab.dana))


def test_going_live_twice_changes_nothing(lab: Lab) -> None:
    lab.set_up("people")
    assert "live already" in lab.say("live")
    [message] = lab.messages("checklist")
    assert buttons(message) == []


def test_before_the_set_up_is_finished_nobody_can_go_live(lab: Lab) -> None:
    lab.set_up("peoples", live=False)
    assert "not finished" in lab.say("live")
    assert "not finished" in lab.say("try")
    assert "once the set-up is finished" in lab.say("people 0.9", command="/annotate-thresholds")


def test_with_clarifai_away_going_live_waits_and_says_so(lab: Lab) -> None:
    lab.set_up("people", live=False)
    lab.say("live")
    with lab.clarifai.faults.outage():
        lab.run("set_up", "post_cards", "redraw_cards")
        assert "waiting for Clarifai" in checklist(lab)
        assert "Ready, not live" in checklist(lab)
    lab.clock.advance(minutes=6)
    lab.settle_down()
    assert "This channel is live" in checklist(lab)


def test_an_image_added_elsewhere_while_the_default_changes_is_not_overlooked(lab: Lab) -> None:
    """The process dies right after Clarifai took the new default, and comes back an hour later."""
    lab.set_up("people", live=False)
    defaults = []

    def reached(at: Checkpoint) -> None:
        if at is Checkpoint.STEP_RECORDED:
            defaults.append(at)
            if len(defaults) == 2:  # remember, default
                raise Killed

    lab.say("live")
    lab.restart(reached)
    with pytest.raises(Killed):
        lab.run("set_up")
    lab.clock.advance(minutes=1)
    with holdings(lab) as app:
        image = lab.picture()
        lab.model.plant(image, {"people": 0.5})
        app.add_input("elsewhere", image)
        lab.clarifai.settled(lab.app_id)
    lab.clock.advance(hours=1)
    lab.restart()
    lab.settle_down()
    assert "This channel is live" in checklist(lab)
    assert len(lab.cards()) == 1


def test_older_pending_annotations_come_only_when_somebody_brings_them_in(lab: Lab) -> None:
    with holdings(lab) as app:
        app.create()
        app.ask("PostConcepts", concepts=[res.Concept(id="people", name="people")])
        for number, value in enumerate((0.4, 0.5)):
            app.add_input(f"old{number}", lab.picture(people=value))
            lab.clarifai.settled(lab.app_id)
            add_pending(app, f"old{number}", value)
        lab.clock.advance(minutes=5)
        lab.set_up("people")
    assert "2 pending annotations" in checklist(lab)
    assert lab.cards() == []
    [message] = lab.messages("checklist")
    assert buttons(message) == ["Bring in 2 older ones"]
    lab.press(message, "Bring in 2 older ones", by=lab.mia)
    lab.settle_down()
    assert lab.cards() == []
    assert f"<@{lab.dana}>" in lab.whispers(lab.mia)[-1]
    lab.press(message, "Bring in 2 older ones", by=lab.dana)
    lab.settle_down()
    assert len(lab.cards()) == 2
    assert lab.rows("select distinct lane, ledger_id from review") == [("work", None)]
    [message] = lab.messages("checklist")
    assert buttons(message) == []
    assert "nothing older" in lab.say("bring-older")


def test_only_our_writers_annotations_become_reviews(lab: Lab) -> None:
    lab.set_up("people")
    with holdings(lab) as app:
        app.add_input("by-hand", lab.picture())
        lab.clarifai.settled(lab.app_id)
        annotation = res.Annotation(
            input_id="by-hand", user_id="demo", data=res.Data(concepts=[res.Concept(id="people", value=1.0)])
        )
        app.ask("PostAnnotations", annotations=[annotation])
    lab.settle_down()
    assert lab.cards() == []


def test_a_pause_takes_nothing_in_but_decisions_are_still_written(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    assert "Paused" in lab.say("pause")
    lab.upload(("later.png", lab.picture(people=0.6)))
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert len(lab.cards()) == 1
    assert "nothing to pause" in lab.say("pause")
    assert "Live again" in lab.say("resume")
    lab.settle_down()
    assert len(lab.cards()) == 2
    assert "nothing to resume" in lab.say("resume")
    announced = [m["text"] for m in lab.messages("announcement")]
    assert len(announced) == 2
    assert announced[0].startswith("Paused")
    assert announced[1].startswith("Live again")


def test_live_after_a_pause_is_the_same_as_resume(lab: Lab) -> None:
    lab.set_up("people")
    lab.say("pause")
    assert "Live again" in lab.say("live")
    lab.settle_down()
    assert "This channel is live" in checklist(lab)
