"""What somebody does in Clarifai itself is never overwritten, and its card says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2, status_pb2

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def change(lab: Lab, value: float = 0.6, code: int = status_code_pb2.ANNOTATION_PENDING) -> None:
    """Change the only annotation in Clarifai, as somebody in its own pages would."""
    lab.clock.advance(seconds=5)
    [annotation] = lab.annotations()
    one = resources_pb2.Annotation(
        id=annotation.id,
        input_id=annotation.input_id,
        status=status_pb2.Status(code=code),
        data=resources_pb2.Data(concepts=[resources_pb2.Concept(id="people", value=value)]),
    )
    lab.ask("PatchAnnotations", service_pb2.PatchAnnotationsRequest(annotations=[one], action="overwrite"))


def delete(lab: Lab, what: str) -> None:
    [annotation] = lab.annotations()
    if what == "annotation":
        lab.ask(
            "DeleteAnnotation",
            service_pb2.DeleteAnnotationRequest(annotation_id=annotation.id, input_id=annotation.input_id),
        )
    else:
        lab.ask("DeleteInput", service_pb2.DeleteInputRequest(input_id=annotation.input_id))


@pytest.mark.parametrize("code", [status_code_pb2.ANNOTATION_PENDING, status_code_pb2.ANNOTATION_SUCCESS])
@pytest.mark.fault(34)
def test_changed_or_decided_in_clarifai_before_the_click(lab: Lab, code: int) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    change(lab, 0.6, code)
    lab.settle_down()
    closed = str(lab.again(card)["blocks"])
    assert "in Clarifai" in closed
    assert "Approve" not in closed
    held = lab.held()
    assert lab.workspace.press(lab.omar, lab.channel, card["ts"], "Reject", seen=card).ok
    lab.settle_down()
    assert lab.held() == held
    assert "in Clarifai" in lab.whispers(lab.omar)[-1]


@pytest.mark.parametrize("code", [status_code_pb2.ANNOTATION_PENDING, status_code_pb2.ANNOTATION_SUCCESS])
def test_changed_or_decided_in_clarifai_between_click_and_write(lab: Lab, code: int) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Reject")
    change(lab, 0.6, code)
    held = lab.held()
    lab.settle_down()
    assert lab.held() == held
    assert "Closed" in str(lab.again(card)["blocks"])
    assert "in Clarifai" in str(lab.again(card)["blocks"])
    lab.settle_down()
    assert lab.held() == held


@pytest.mark.parametrize("what", ["annotation", "input"])
@pytest.mark.fault(35)
def test_deleted_in_clarifai_before_the_click(lab: Lab, what: str) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    delete(lab, what)
    lab.settle_down()
    assert "deleted in Clarifai" in str(lab.again(card)["blocks"])
    assert "Approve" not in str(lab.again(card)["blocks"])


@pytest.mark.parametrize("what", ["annotation", "input"])
@pytest.mark.fault(35)
def test_deleted_in_clarifai_between_click_and_write(lab: Lab, what: str) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    delete(lab, what)
    lab.settle_down()
    assert "deleted in Clarifai" in str(lab.again(card)["blocks"])
    assert lab.held() == []


def test_changed_in_clarifai_while_half_of_the_card_is_decided(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.4)
    lab.press(card, "Approve man")
    lab.settle_down()
    change(lab, 0.6)
    held = lab.held()
    lab.settle_down()
    assert "Approve" not in str(lab.again(card)["blocks"])
    assert "in Clarifai" in str(lab.again(card)["blocks"])
    assert lab.held() == held


def test_changed_in_clarifai_after_the_verdict_an_undo_overwrites_nothing(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    lab.settle_down()
    change(lab, 0.7, status_code_pb2.ANNOTATION_SUCCESS)
    held = lab.held()
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    assert lab.held() == held
    assert "in Clarifai" in str(lab.again(card)["blocks"])
    assert "Approve" not in str(lab.again(card)["blocks"])


def test_a_closed_card_makes_room_for_the_next_one(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(people=0.5)
    delete(lab, "annotation")
    lab.settle_down()
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(5)])
    lab.settle_down()
    assert len(lab.cards()) == 6
