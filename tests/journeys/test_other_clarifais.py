"""The bot between people and every Clarifai that may be out there: what stands, what is told, what *Undo* restores."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.clarifai import Switches
from tests.journeys.holdings import holdings
from tests.journeys.opening import open_lab
from tests.journeys.test_thresholds import OFF, cut, in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab

MODEL: dict[str, Any] = {"people": 0.5, "man": 0.4}
DENIED, SUCCESS, PENDING = "ANNOTATION_REVIEW_DENIED", "ANNOTATION_SUCCESS", "ANNOTATION_PENDING"
REJECTIONS = list(itertools.product(["accepted", "refused"], ["kept", "leaves the old", "becomes one"]))
Held = list[tuple[str, dict[str, float]]]


@contextmanager
def with_card(database_url: str, what: str = "people man", **switches: Any) -> Iterator[tuple[Lab, dict[str, Any]]]:  # noqa: ANN401 - the answers of switches have types of their own
    with open_lab(database_url, switches=Switches(**switches)) as lab:
        lab.set_up(what)
        yield lab, lab.card_of(**MODEL)


def decide(lab: Lab, card: dict[str, Any], *labels: str) -> None:
    for label in labels:
        lab.press(lab.again(card), label)
    lab.settle_down()


def rejected(denied: str, zero: str) -> Held:
    """What stands after both concepts were rejected."""
    if zero == "kept":
        return [(DENIED if denied == "accepted" else SUCCESS, {"people": 0.0, "man": 0.0})]
    return [(DENIED if denied == "accepted" else PENDING, MODEL)]


def asks_nothing_more(lab: Lab) -> bool:
    """Nothing is open, also after everything was read once more as a bot would that knows nothing of it."""
    lab.sql("delete from decision")
    lab.sql("delete from review")
    lab.sql("delete from annotation")
    lab.sql("update project set swept_at = null")
    lab.settle_down()
    return not lab.rows("select 1 from review where state in ('queued', 'posted')")


@pytest.mark.parametrize(("denied", "zero"), REJECTIONS)
def test_a_rejection_is_written_as_far_as_it_is_taken_and_undo_restores(
    database_url: str, denied: str, zero: str
) -> None:
    with with_card(database_url, review_denied=denied, value_zero=zero) as (lab, card):
        before = lab.held()
        decide(lab, card, "Reject all")
        assert lab.held() == rejected(denied, zero)
        told = any("stays pending" in line for line in lab.whispers(lab.omar))
        assert told == ((denied, zero != "kept") == ("refused", True))
        decide(lab, card, "Undo")
        assert lab.held() == before
        decide(lab, card, "Reject all")
        assert lab.held() == rejected(denied, zero)
        assert lab.annotations()[0].annotation_info["decided_by"] == lab.omar
        assert len(lab.cards()) == 1
        assert asks_nothing_more(lab) == (zero != "kept" or denied == "accepted" or lab.held()[0][0] == SUCCESS)


@pytest.mark.parametrize(("denied", "zero"), REJECTIONS)
def test_an_approval_beside_a_rejection(database_url: str, denied: str, zero: str) -> None:
    with with_card(database_url, review_denied=denied, value_zero=zero) as (lab, card):
        before = lab.held()
        decide(lab, card, "Approve people", "Reject man")
        assert lab.held() == [(SUCCESS, {"people": 1.0, "man": 0.0} if zero == "kept" else {"people": 1.0})]
        assert any("taken off" in line for line in lab.whispers(lab.omar)) == (zero != "kept")
        decide(lab, card, "Undo")
        assert lab.held() == before
        decide(lab, card, "Approve all")
        assert lab.held() == [(SUCCESS, {"people": 1.0, "man": 1.0})]


@pytest.mark.parametrize(("denied", "zero"), REJECTIONS)
def test_an_annotation_for_each_concept_is_written_by_itself(database_url: str, denied: str, zero: str) -> None:
    with with_card(
        database_url, review_denied=denied, value_zero=zero, writer_shape="one each", writer_user="worker"
    ) as (lab, card):
        before = lab.held()
        decide(lab, card, "Reject people", "Approve man")
        [(status, values)] = rejected(denied, zero)
        assert sorted(lab.held(), key=str) == sorted(
            [(status, {"people": values["people"]}), (SUCCESS, {"man": 1.0})], key=str
        )
        decide(lab, card, "Undo")
        assert lab.held() == before


@pytest.mark.parametrize(("denied", "zero"), REJECTIONS)
def test_an_automatic_label_that_is_wrong_does_not_stay_one(database_url: str, denied: str, zero: str) -> None:
    with open_lab(database_url, switches=Switches(review_denied=denied, value_zero=zero)) as lab:  # type: ignore[arg-type]
        lab.set_up("people man")
        card = lab.card_of(people=0.97)
        decide(lab, card, "Reject")
        [(status, values)] = lab.held()
        assert (status, values) != (SUCCESS, {"people": 0.97})
        assert status != SUCCESS or values == {"people": 0.0}
        decide(lab, card, "Undo")
        assert lab.held() == [(SUCCESS, {"people": 0.97})]


@pytest.mark.parametrize(("denied", "zero"), [REJECTIONS[0], REJECTIONS[-1]])
@pytest.mark.parametrize("shape", ["one with all", "one each"])
def test_writers_that_write_again_after_a_patch_ask_nobody_again(
    database_url: str, denied: str, zero: str, shape: str
) -> None:
    with with_card(database_url, review_denied=denied, value_zero=zero, writer_shape=shape, writers_on_patch=True) as (
        lab,
        card,
    ):
        first = {a.id for a in lab.annotations()}
        decide(lab, card, "Approve people", "Reject man")
        decide(lab, card, "Undo")
        assert lab.rows("select count(*) from review where state = 'posted'") == [(2,)]
        decide(lab, card, "Approve all")
        assert {a.id for a in lab.annotations()} > first
        assert [c.value for a in lab.annotations() if a.id in first for c in a.data.concepts] == [1.0, 1.0]
        assert len(lab.cards()) == 1
        assert lab.rows("select count(*) from review where state in ('queued', 'posted')") == [(0,)]


@pytest.mark.parametrize("default", ["follows", "stays"])
@pytest.mark.parametrize("all_failed", ["FAILURE", "MIXED"])
@pytest.mark.parametrize("code", ["40003", "40010", "22100"])
def test_set_up_change_and_verdict_where_codes_and_the_default_workflow_differ(
    database_url: str, default: str, all_failed: str, code: str
) -> None:
    switches = Switches(default_workflow=default, all_failed=all_failed, duplicate=code)  # type: ignore[arg-type]
    with open_lab(database_url, switches=switches) as lab:
        with holdings(lab) as app:
            app.create()
        lab.set_up("people man")
        cut(lab, "people 0.9")
        lab.settle_down()
        card = lab.card_of(people=0.92, man=0.4)
        assert sorted(lab.held()) == [(PENDING, {"man": 0.4}), (SUCCESS, {"people": 0.92})]
        lab.clarifai.faults.item_failure("PatchAnnotations", lab.annotations()[1].id, 24152)
        decide(lab, card, "Reject man")
        lab.clock.advance(minutes=1)
        lab.settle_down()
        assert (DENIED, {"man": 0.0}) in lab.held()


@pytest.mark.parametrize("unlisted", ["dropped", "passed"])
@pytest.mark.parametrize("greater", ["strict", "inclusive"])
def test_a_value_at_the_cut_leaves_by_one_branch_in_every_clarifai(
    database_url: str, greater: str, unlisted: str
) -> None:
    switches = Switches(greater_than=greater, unlisted_concept=unlisted)  # type: ignore[arg-type]
    with open_lab(database_url, switches=switches) as lab:
        lab.set_up("people man")
        lab.card_of(people=0.95, man=0.2)
        assert sorted(lab.held()) == [(PENDING, {"man": 0.2}), (SUCCESS, {"people": 0.95})]


def test_where_no_threshold_is_above_1_a_concept_is_switched_off_within_1(database_url: str) -> None:
    with open_lab(database_url, switches=Switches(threshold_above_one="refused")) as lab:
        lab.set_up("people man")
        cut(lab, "people off")
        lab.settle_down()
        assert in_force(lab) == {"people": (0.2, 1.0), "man": (0.2, 0.95)}
        lab.card_of(people=1.0, man=0.95)
        assert sorted(lab.held()) == [(PENDING, {"people": 1.0}), (SUCCESS, {"man": 0.95})]
        cut(lab, "people on")
        lab.settle_down()
        lab.card_of(people=0.95)
        assert lab.held()[-1] == (SUCCESS, {"people": 0.95})


def test_where_greater_than_is_inclusive_too_one_concept_alone_is_refused_and_all_off_works(database_url: str) -> None:
    switches = Switches(threshold_above_one="refused", greater_than="inclusive")
    with open_lab(database_url, switches=switches) as lab:
        lab.set_up("people man")
        cut(lab, "people off")
        lab.settle_down()
        assert "no single concept can be switched off" in lab.messages("announcement")[-1]["text"]
        assert in_force(lab) == {"people": (0.2, 0.95), "man": (0.2, 0.95)}
        cut(lab, "all off")
        lab.settle_down()
        with holdings(lab) as app:
            assert not {"accept", "below-accept", "write-success"} & {n.id for n in app.workflow().nodes}
        lab.card_of(people=1.0, man=0.3)
        assert lab.held() == [(PENDING, {"people": 1.0, "man": 0.3})]
        cut(lab, "all on")
        lab.settle_down()
        assert in_force(lab) == {"people": (0.2, 0.95), "man": (0.2, 0.95)}


def test_where_thresholds_above_1_are_taken_off_is_one_of_them(lab: Lab) -> None:
    lab.set_up("people man")
    cut(lab, "people off")
    lab.settle_down()
    assert in_force(lab) == {"people": (0.2, OFF), "man": (0.2, 0.95)}
