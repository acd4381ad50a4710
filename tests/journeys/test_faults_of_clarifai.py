"""Each way of Clarifai's to misbehave, and the state the bot ends in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.clarifai import labelling
from tests.journeys.holdings import holdings
from tests.journeys.test_setting_up import checklist
from tests.journeys.test_thresholds import cut, in_force

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SUCCESS, PENDING, DENIED = "ANNOTATION_SUCCESS", "ANNOTATION_PENDING", "ANNOTATION_REVIEW_DENIED"


def later(lab: Lab) -> None:
    """Let the longest wait pass and everything run."""
    lab.clock.advance(minutes=20)
    lab.settle_down()


@pytest.mark.parametrize(
    "fault", ["unavailable PatchAnnotations 3", "throttle PatchAnnotations 2", "lost-answer PatchAnnotations 8"]
)
@pytest.mark.fault(37)
def test_a_verdict_during_a_burst_is_written_once_afterwards(lab: Lab, fault: str) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.clarifai.order(fault)
    lab.press(card, "Approve")
    lab.settle_down()
    later(lab)
    assert lab.held() == [(SUCCESS, {"people": 1.0})]
    assert lab.rows("select attempts, problem, settled = dirty from annotation") == [(0, "", True)]
    assert len(lab.cards()) == 1


def test_a_slow_clarifai_delays_and_loses_nothing(lab: Lab) -> None:
    lab.set_up()
    lab.clarifai.order("latency 0.05")
    card = lab.card_of(people=0.5)
    lab.press(card, "Reject")
    lab.settle_down()
    assert lab.held() == [(DENIED, {"people": 0.0})]


def test_with_an_expired_key_decisions_pile_up_and_are_written_once_it_is_known_again(lab: Lab) -> None:
    lab.set_up()
    first, second = lab.card_of(people=0.5), lab.card_of(man=0.5)
    lab.clarifai.order("expired-key demo")
    lab.press(first, "Approve")
    lab.press(second, "Reject")
    lab.settle_down()
    later(lab)
    assert lab.rows("select count(*) from annotation where settled < dirty") == [(2,)]
    assert "Not in Clarifai yet" in str(lab.again(first)["blocks"])
    lab.clarifai.order("clear")
    assert [status for status, _ in lab.held()] == [PENDING, PENDING]
    later(lab)
    assert lab.held() == [(SUCCESS, {"people": 1.0}), (DENIED, {"man": 0.0})]
    assert len(lab.cards()) == 2


@pytest.mark.fault(32)
def test_a_model_version_removed_since_the_set_up_is_made_again_and_said(lab: Lab) -> None:
    lab.set_up("people man")
    lab.clarifai.order(f"delete-version {lab.app_id} annotate-mapper")
    cut(lab, "people 0.9")
    lab.settle_down()
    [message] = lab.messages("announcement")
    assert "gone from Clarifai and were made again: annotate-mapper" in message["text"]
    assert in_force(lab) == {"people": (0.2, 0.9), "man": (0.2, 0.95)}
    lab.card_of(people=0.92)
    assert lab.held() == [(SUCCESS, {"people": 0.92})]
    cut(lab, "people 0.8")
    lab.settle_down()
    assert "made again" not in lab.messages("announcement")[-1]["text"]


@pytest.mark.fault(32)
def test_where_a_change_cannot_be_made_nothing_is_half_applied(lab: Lab) -> None:
    lab.set_up("people man")
    with holdings(lab) as app:
        before = app.workflow()
        lab.clarifai.faults.fail_next("PatchWorkflows", codes.MODEL_DOES_NOT_EXIST)
        cut(lab, "people 0.9")
        lab.settle_down()
        assert app.workflow() == before
    assert "The thresholds before stay in force" in lab.messages("announcement")[-1]["text"]
    assert "0.95 and up" in checklist(lab)


@pytest.mark.parametrize("rows", [1, -1])
@pytest.mark.fault(36)
def test_pages_that_shift_while_they_are_read_leave_nothing_out_and_double_nothing(
    lab: Lab, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.set_up("people")
    monkeypatch.setattr(labelling, "PAGE", 2)
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(5)])
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    lab.clarifai.order(f"shifting-pages {rows} 2")
    lab.settle_down()
    assert lab.rows("select count(*), count(distinct annotation_id) from review") == [(5, 5)]
    assert len(lab.cards()) == 5


@pytest.mark.fault(38)
def test_of_several_writes_only_those_that_failed_are_sent_again(lab: Lab) -> None:
    lab.set_up("people")
    cards = [lab.card_of(people=0.5) for _ in range(3)]
    failing = lab.annotations()[1].id
    lab.clarifai.order(f"item PatchAnnotations {failing} 10030")
    for card in cards:
        lab.press(card, "Approve")
    lab.clock.advance(seconds=2)
    lab.run("settle")
    assert [status for status, _ in lab.held()] == [SUCCESS, PENDING, SUCCESS]
    lab.clarifai.faults.calls.clear()
    later(lab)
    assert [status for status, _ in lab.held()] == [SUCCESS] * 3
    patches = [request for rpc, request in lab.clarifai.faults.calls.received if rpc == "PatchAnnotations"]
    assert [[one.id for one in request.annotations] for request in patches] == [[failing]]  # type: ignore[union-attr]


@pytest.mark.parametrize(("order", "said"), [("change", "changed in Clarifai"), ("delete", "deleted in Clarifai")])
def test_what_others_do_to_an_annotation_closes_its_card(lab: Lab, order: str, said: str) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.clock.advance(seconds=5)
    lab.clarifai.order(f"{order} {lab.app_id} {lab.annotations()[0].id}")
    held = lab.held()
    lab.settle_down()
    assert said in str(lab.again(card)["blocks"])
    assert lab.held() == held
