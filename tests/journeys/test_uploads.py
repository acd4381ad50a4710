"""Images dropped into the channel: one answer with its counts, and what becomes an input."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api import service_pb2
from google.protobuf.json_format import MessageToDict
from PIL import Image

from bot.pictures import Pictures
from bot.usecases.ports import InputFacts, InputState
from tests.journeys.signed import deliver_event

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_one_answer_in_the_thread_counts_every_image_once(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(
        ("sure.png", lab.picture(people=0.97, adult=0.98)),
        ("both.png", lab.picture(people=0.97, man=0.5)),
        ("none.png", lab.picture(people=0.1)),
        ("notes.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    )
    lab.settle_down()
    counts = (
        "4 images: 1 labelled, 1 to review, 1 with none of your concepts, 1 skipped: notes.svg is not a photograph."
    )
    assert lab.answer_to(ts) == counts
    [answer] = lab.workspace.replies(lab.channel, ts)
    for card in lab.cards():
        lab.press(card, "Approve all")
    lab.settle_down()
    assert lab.answer_to(ts) == counts.replace("1 labelled", "1 labelled (people, adult)")
    [updated] = lab.workspace.replies(lab.channel, ts)
    assert updated["ts"] == answer["ts"]
    assert "Reviewed: all 1" in str(updated["blocks"])


def test_the_answer_names_no_label_while_a_check_is_open_and_none_that_was_rejected(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("sure.png", lab.picture(people=0.97, man=0.98)))
    lab.settle_down()
    [card] = lab.cards()
    lab.press(card, "Approve people")
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 labelled."
    lab.press(lab.again(card), "Reject man")
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 labelled (people)."


def test_images_uploaded_before_go_live_are_answered_with_their_dry_run_and_labelled_in_order_then(lab: Lab) -> None:
    lab.set_up(live=False)
    ts = lab.upload(("a.png", lab.picture(people=0.97)), ("b.png", lab.picture(people=0.5)), ("c.svg", b"<svg/>"))
    lab.settle_down()
    assert lab.answer_to(ts) == "3 images: 2 kept for later, 1 skipped: c.svg is not a photograph."
    shown = str(lab.workspace.replies(lab.channel, ts)[0]["blocks"])
    assert "a.png: people 0.97: labelled" in shown
    assert "b.png: people 0.5" in shown
    assert lab.inputs() == []
    lab.say("live")
    lab.settle_down()
    assert lab.answer_to(ts) == "3 images: 1 labelled, 1 to review, 1 skipped: c.svg is not a photograph."
    assert "0.5" not in str(lab.workspace.replies(lab.channel, ts)[0])
    assert [MessageToDict(i.data.metadata)["file_name"] for i in lab.inputs()] == ["a.png", "b.png"]
    assert len(lab.cards()) == 2


def test_images_uploaded_during_a_pause_are_kept_and_labelled_after(lab: Lab) -> None:
    lab.set_up()
    lab.say("pause")
    lab.settle_down()
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 kept for later."
    assert "paused" in str(lab.workspace.replies(lab.channel, ts)[0]["blocks"])
    assert lab.inputs() == []
    lab.say("resume")
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 to review."
    assert len(lab.cards()) == 1


def test_the_same_content_again_is_known_again_and_no_second_input(lab: Lab) -> None:
    lab.set_up()
    data = lab.picture(people=0.53)
    lab.upload(("cat.png", data))
    lab.settle_down()
    again = lab.upload(("copy.png", data), by=lab.mia)
    lab.settle_down()
    answer = str(lab.workspace.replies(lab.channel, again)[0])
    assert "copy.png: seen on 4 May" in answer
    assert not [word for word in ("0.53", "approved", "pending", "automatic", "people") if word in answer]
    [card] = lab.cards()
    lab.press(card, "Approve", by=lab.omar)
    lab.settle_down()
    lab.clock.advance(hours=2)
    third = lab.upload(("third.png", data), by=lab.mia)
    lab.settle_down()
    said = f"third.png: seen on 4 May: people, approved by <@{lab.omar}>"
    assert said in str(lab.workspace.replies(lab.channel, third)[0]["blocks"])
    assert len(lab.inputs()) == 1
    assert len(lab.cards()) == 1


@pytest.mark.fault(9)
def test_an_event_that_is_delivered_three_times_is_one_input(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.faults.drop_deliveries(times=4)
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    message = lab.workspace.message(lab.channel, ts)
    assert message is not None
    event = {**message, "type": "message", "channel": lab.channel, "channel_type": "channel"}
    assert [deliver_event(lab, event, retry=n) for n in range(3)] == [200, 200, 200]
    lab.settle_down()
    assert len(lab.inputs()) == 1
    assert lab.answer_to(ts) == "1 image: 1 to review."


def test_the_input_carries_where_it_came_from(lab: Lab) -> None:
    lab.set_up()
    data = lab.picture(people=0.5)
    ts = lab.upload(("beach.png", data), by=lab.mia)
    lab.settle_down()
    [stored] = lab.inputs()
    digest = hashlib.sha256(data).hexdigest()
    assert stored.id == f"in{digest[:30]}"
    metadata = MessageToDict(stored.data.metadata)
    assert metadata.pop("slack_permalink").endswith(f"/archives/{lab.channel}/p{ts.replace('.', '')}")
    assert metadata == {"file_name": "beach.png", "uploaded_by": lab.mia, "channel": lab.channel, "sha256": digest}


def test_what_leaves_is_upright_and_without_exif_under_the_id_of_the_original_bytes(lab: Lab) -> None:
    lab.set_up()
    photo = Image.new("RGB", (40, 20), (200, 40, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Camera"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)
    lab.model.plant(Pictures().prepare(out.getvalue()).data, {"people": 0.5})
    lab.upload(("turned.jpg", out.getvalue()))
    lab.settle_down()
    [stored] = lab.inputs()
    assert stored.id == f"in{hashlib.sha256(out.getvalue()).hexdigest()[:30]}"
    facts = InputFacts(stored.id, InputState.READY, url=stored.data.image.url)
    sent = lab.parts.clarifai.platform("demo", lab.app_id, "demo-key").fetch_picture(facts)
    with Image.open(io.BytesIO(sent)) as upright:
        assert upright.size == (20, 40)
        assert not upright.getexif()
    assert b"Secret Camera" not in sent


def test_an_upload_in_a_thread_is_answered_in_that_thread(lab: Lab) -> None:
    lab.set_up()
    talk = lab.workspace.say(lab.omar, lab.channel, "look at these")
    lab.upload(("a.png", lab.picture(people=0.5)), thread_ts=talk)
    lab.settle_down()
    assert lab.answer_to(talk) == "1 image: 1 to review."


def test_while_clarifai_is_away_images_wait_and_none_is_lost(lab: Lab) -> None:
    lab.set_up()
    with lab.clarifai.faults.outage():
        ts = lab.upload(("a.png", lab.picture(people=0.5)), ("b.png", lab.picture(people=0.6)))
        lab.run("take_uploads", "post_cards", "redraw_cards")
        assert lab.answer_to(ts) == "2 images: 2 being looked at."
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert lab.answer_to(ts) == "2 images: 2 to review."


def test_a_guest_the_bot_knows_of_may_not_add_images(lab: Lab) -> None:
    lab.set_up()
    lab.say("pause", by=lab.gus)
    lab.settle_down()
    lab.upload(("a.png", lab.picture(people=0.5)), by=lab.gus)
    lab.settle_down()
    assert lab.inputs() == []
    assert "Guests may not add images" in lab.whispers(lab.gus)[-1]


def test_a_channel_without_a_project_gets_no_answer(lab: Lab) -> None:
    ts = lab.upload(("a.png", lab.picture(people=0.5)))
    lab.settle_down()
    assert lab.workspace.replies(lab.channel, ts) == []


def test_the_same_picture_twice_in_one_message_is_one_input(lab: Lab) -> None:
    lab.set_up()
    data = lab.picture(people=0.5)
    ts = lab.upload(("a.png", data), ("b.png", data))
    lab.settle_down()
    assert lab.answer_to(ts) == "2 images: 2 to review."
    assert len(lab.inputs()) == 1
    assert len(lab.cards()) == 1


def test_an_input_that_clarifai_cannot_read_is_said_in_the_answer(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("a.png", lab.picture(people=0.5)), ("b.png", lab.picture(people=0.5)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    first = lab.inputs()[0]
    lab.ask("DeleteInput", service_pb2.DeleteInputRequest(input_id=first.id))
    lab.settle_down()
    assert lab.answer_to(ts).startswith("2 images: 1 to review, 1 skipped: ")
    assert "deleted" in lab.answer_to(ts)


def test_a_caption_does_not_keep_images_from_being_taken(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.upload(lab.omar, lab.channel, [("a.png", lab.picture(people=0.5))], text="<!channel> look at *this*")
    lab.settle_down()
    assert len(lab.cards()) == 1


def test_a_file_name_can_call_nobody(lab: Lab) -> None:
    lab.set_up()
    ts = lab.upload(("<!channel> *x*.png", lab.picture(people=0.5)), ("<@U0DANA00001>.svg", b"<svg/>"))
    lab.settle_down()
    [reply] = lab.workspace.replies(lab.channel, ts)
    for message in (reply, *lab.cards()):
        assert "<!channel>" not in message["text"]
        assert "<@U0DANA00001>" not in str(message["blocks"])
