"""One picture, one card: when it comes, what it shows, how it is drawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2, status_pb2

from bot.domain.blueprint import WRITER_MARK
from bot.sandbox.clarifai import Switches
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


@pytest.mark.parametrize("shape", ["one with all", "one each"])
def test_both_shapes_of_annotations_give_one_card(database_url: str, shape: Any) -> None:  # noqa: ANN401 - a Literal
    with open_lab(database_url, switches=Switches(writer_shape=shape)) as lab:
        lab.set_up()
        card = lab.card_of(people=0.5, man=0.4, adult=0.97)
        assert len(lab.cards()) == 1
        assert len(lab.annotations()) == (2 if shape == "one with all" else 3)
        lab.press(card, "Approve all")
        lab.settle_down()
        held = {concept: (status, value) for status, values in lab.held() for concept, value in values.items()}
        assert held == {
            "people": ("ANNOTATION_SUCCESS", 1.0),
            "man": ("ANNOTATION_SUCCESS", 1.0),
            "adult": ("ANNOTATION_SUCCESS", 0.97),
        }


def test_a_card_says_what_it_is_about_to_those_who_only_hear_it(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(name="cat.png", people=0.5, man=0.97)
    assert card["text"] == "people, man on cat.png: needs review"
    [image] = [b for b in card["blocks"] if b["type"] == "image"]
    assert image["alt_text"].startswith("cat.png")
    labels = [e["accessibility_label"] for b in card["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert "Approve man on cat.png" in labels
    assert not [e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"] if e.get("style")]


def test_a_picture_that_slack_cannot_show_is_converted_and_uploaded_once(lab: Lab) -> None:
    lab.set_up()
    lab.upload(("photo.webp", lab.picture(kind="WEBP", people=0.5, man=0.4)))
    lab.settle_down()
    [card] = lab.cards()
    assert [b for b in card["blocks"] if b["type"] == "image"]
    lab.press(card, "Approve man")
    lab.settle_down()
    lab.press(lab.again(card), "Approve people")
    lab.settle_down()
    assert [b for b in lab.again(card)["blocks"] if b["type"] == "image"]
    assert lab.workspace.call_counts["files.completeUploadExternal"] == 1


def test_an_input_that_was_added_elsewhere_gets_its_card_in_card_hours_only(lab: Lab) -> None:
    lab.set_up()
    zone = ZoneInfo(lab.zone)
    lab.clock.now = dt.datetime(2026, 5, 4, 20, 30, tzinfo=zone).astimezone(dt.UTC)
    add_elsewhere(lab, "portal1", people=0.5)
    own = lab.card_of(name="own.png", people=0.5)
    assert own["text"].startswith("people on own.png")
    assert len(lab.cards()) == 1
    lab.clock.now = dt.datetime(2026, 5, 5, 7, 59, tzinfo=zone).astimezone(dt.UTC)
    lab.run("post_cards")
    assert len(lab.cards()) == 1
    lab.clock.now = dt.datetime(2026, 5, 5, 8, 0, 1, tzinfo=zone).astimezone(dt.UTC)
    lab.settle_down()
    card = lab.cards()[-1]
    assert "portal1" in card["text"]
    assert [b for b in card["blocks"] if b["type"] == "image"]
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})


def add_elsewhere(lab: Lab, input_id: str, **values: float) -> None:
    """Add an image through Clarifai's own client, past Slack."""
    data = lab.picture(shape=(64, 48), kind="PNG", **values)
    lab.model.plant(data, values)
    image = resources_pb2.Image(base64=data)
    one = resources_pb2.Input(id=input_id, data=resources_pb2.Data(image=image))
    lab.ask("PostInputs", service_pb2.PostInputsRequest(inputs=[one]))


def add_annotation(lab: Lab, input_id: str, concept: str, value: float, *, box: bool = False) -> None:
    """Write a pending annotation as one of our workflow's writers would."""
    data = resources_pb2.Data(concepts=[resources_pb2.Concept(id=concept, value=value)])
    if box:
        corners = resources_pb2.BoundingBox(top_row=0.1, left_col=0.2, bottom_row=0.6, right_col=0.7)
        region = resources_pb2.Region(region_info=resources_pb2.RegionInfo(bounding_box=corners), data=data)
        data = resources_pb2.Data(regions=[region])
    pending = status_pb2.Status(code=status_code_pb2.ANNOTATION_PENDING)
    one = resources_pb2.Annotation(input_id=input_id, data=data, status=pending)
    one.annotation_info.update({"written_by": WRITER_MARK})
    lab.ask("PostAnnotations", service_pb2.PostAnnotationsRequest(annotations=[one]))


def test_a_suggestion_that_comes_later_joins_the_card_that_stands(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    add_annotation(lab, lab.inputs()[0].id, "man", 0.4)
    lab.settle_down()
    assert len(lab.cards()) == 1
    lab.press(lab.again(card), "Reject man")
    lab.settle_down()
    assert ("ANNOTATION_REVIEW_DENIED", {"man": 0.0}) in lab.held()


def test_a_region_is_drawn_on_the_picture_and_kept_when_the_verdict_is_written(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    original = shown_file(card)
    add_annotation(lab, lab.inputs()[0].id, "man", 0.4, box=True)
    lab.settle_down()
    assert shown_file(lab.again(card)) not in {"", original}
    lab.press(lab.again(card), "Approve man")
    lab.settle_down()
    [written] = [a for a in lab.annotations() if a.data.regions]
    assert written.status.code == status_code_pb2.ANNOTATION_SUCCESS
    [region] = written.data.regions
    assert round(region.region_info.bounding_box.left_col, 4) == 0.2
    assert [(c.id, c.value) for c in region.data.concepts] == [("man", 1.0)]
    lab.press(lab.again(card), "Reject people")
    lab.settle_down()
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    [restored] = [a for a in lab.annotations() if a.data.regions]
    assert restored.status.code == status_code_pb2.ANNOTATION_PENDING
    assert [(c.id, round(c.value, 4)) for c in restored.data.regions[0].data.concepts] == [("man", 0.4)]


def shown_file(card: dict[str, Any]) -> str:
    return next((b["slack_file"]["id"] for b in card["blocks"] if b["type"] == "image"), "")


def test_at_most_five_cards_wait_in_a_channel(lab: Lab) -> None:
    lab.set_up()
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(7)])
    lab.settle_down()
    assert len(lab.cards()) == 5
    lab.press(lab.cards()[2], "Approve")
    lab.settle_down()
    assert len(lab.cards()) == 6
    for card in lab.cards():
        lab.workspace.press(lab.omar, lab.channel, card["ts"], "Reject")
    lab.settle_down()
    assert len(lab.cards()) == 7


def test_clicks_within_the_gathering_time_are_drawn_once_and_the_last_verdict_at_once(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4, adult=0.3)
    drawn = lab.workspace.call_counts["chat.update"]
    lab.press(card, "Approve people")
    lab.clock.advance(seconds=1)
    lab.press(card, "Approve man")
    lab.clock.advance(seconds=0.6)
    lab.run("redraw_cards")
    assert lab.workspace.call_counts["chat.update"] == drawn + 1
    assert "Approve people" not in str(lab.again(card)["blocks"])
    lab.press(lab.again(card), "Approve adult")
    lab.run("redraw_cards")
    assert lab.workspace.call_counts["chat.update"] == drawn + 2
    assert "Undo" in str(lab.again(card)["blocks"])


def test_a_write_that_waits_is_said_on_the_card_and_healed(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    with lab.clarifai.faults.outage():
        lab.press(card, "Approve")
        lab.run("settle", "redraw_cards")
    assert "Not in Clarifai yet" in str(lab.again(card)["blocks"])
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert "Not in Clarifai yet" not in str(lab.again(card)["blocks"])
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.fault(37)
def test_a_write_whose_answer_was_lost_is_recognised_as_ours(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.clarifai.faults.apply_then_fail("PatchAnnotations", times=20)
    lab.press(card, "Approve")
    lab.run("settle")
    lab.clarifai.faults.clear()
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert "Closed" not in str(lab.again(card)["blocks"])
    assert "approved by" in str(lab.again(card)["blocks"])


def test_a_pause_stops_cards_but_not_what_people_decided(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    add_elsewhere(lab, "portal1", people=0.5)
    lab.say("pause")
    lab.settle_down()
    lab.press(card, "Approve")
    lab.settle_down()
    assert len(lab.cards()) == 1
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})
    lab.say("resume")
    lab.settle_down()
    assert len(lab.cards()) == 2


def test_the_answers_to_two_cards_never_mix(lab: Lab) -> None:
    lab.set_up()
    first, second = lab.card_of(name="a.png", people=0.5), lab.card_of(name="b.png", people=0.5)
    lab.press(second, "Reject")
    lab.settle_down()
    assert "Approve" in str(lab.again(first)["blocks"])
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5}), ("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


def test_what_lies_below_the_floor_gives_no_card(lab: Lab) -> None:
    lab.set_up()
    lab.upload(("low.png", lab.picture(people=0.19)))
    lab.settle_down()
    assert lab.cards() == []
    assert lab.annotations() == []


def test_a_picture_in_clarifai_that_cannot_be_fetched_costs_the_picture_not_the_card(lab: Lab) -> None:
    lab.set_up()
    add_elsewhere(lab, "portal1", people=0.5)
    lab.clarifai.settled(lab.app_id)
    lab.run("discover")
    lab.workspace.faults.fail("files.getUploadURLExternal", "not_allowed_token_type", times=1000)
    lab.run("show_pictures", "post_cards")
    assert lab.cards() == []
    lab.clock.advance(minutes=11)
    lab.settle_down()
    [card] = lab.cards()
    assert shown_file(card) == ""
    assert "Approve" in str(card["blocks"])


def test_a_platform_that_runs_the_workflow_again_after_a_write_gets_no_second_answer(database_url: str) -> None:
    with open_lab(database_url, switches=Switches(writers_on_patch=True)) as lab:
        lab.set_up()
        card = lab.card_of(people=0.5)
        lab.press(card, "Approve")
        lab.settle_down()
        assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})
        assert "Undo" in str(lab.again(card)["blocks"])
        assert "Approve" not in str(lab.again(card)["blocks"])


def test_card_hours_may_span_midnight(database_url: str) -> None:
    with open_lab(database_url, settings={"bot_card_hours": "22:00-06:00"}) as lab:
        lab.set_up()
        zone = ZoneInfo(lab.zone)
        lab.clock.now = dt.datetime(2026, 5, 5, 12, 0, tzinfo=zone).astimezone(dt.UTC)
        add_elsewhere(lab, "portal1", people=0.5)
        lab.settle_down()
        assert lab.cards() == []
        lab.clock.now = dt.datetime(2026, 5, 5, 23, 0, tzinfo=zone).astimezone(dt.UTC)
        lab.settle_down()
        assert len(lab.cards()) == 1
