"""What should stand in Clarifai for an annotation, and what is done about it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING
from unittest.mock import create_autospec

import pytest

from bot.domain.annotations import Annotation, AnnotationStatus, LabelState, Suggestion
from bot.domain.customs import Customs
from bot.domain.errors import NotFound, PlatformUnavailable
from bot.domain.reviews import Verdict
from bot.usecases.ports import LabellingPlatform, Written
from bot.usecases.settling import Answered, SettleStore, Unsettled, settle
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from unittest.mock import Mock

NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
READ = NOW - dt.timedelta(minutes=5)
PROJECT = live_project(customs=Customs(keeps_zero=True))
SNAPSHOT = LabelState(AnnotationStatus.PENDING, (Suggestion("people", 0.36), Suggestion("man", 0.5)))
BOTH = LabelState(AnnotationStatus.SUCCESS, (Suggestion("people", 1.0), Suggestion("man", 0.0)))


def answered(concept: str, verdict: Verdict | None, *, is_open: bool = False) -> Answered:
    return Answered(
        concept, is_open, verdict, "U0DANA0001" if verdict else "", NOW if verdict else None, "calibration", 0.5
    )


DECIDED = (answered("people", Verdict.APPROVE), answered("man", Verdict.REJECT))


def unsettled(reviews: tuple[Answered, ...] = DECIDED, stands: LabelState | None = None) -> Unsettled:
    return Unsettled("a1", "in1", 3, 1, 1, READ, SNAPSHOT, stands, 4, reviews)


def held(state: LabelState = SNAPSHOT, *, modified_at: dt.datetime = READ, write: int | None = None) -> Annotation:
    info = {} if write is None else {"project": PROJECT.id, "write": write}
    return Annotation("a1", "in1", "demo", state.status, state.suggestions, modified_at, READ, info=info)


@pytest.mark.parametrize("reviews", [DECIDED, (*DECIDED, answered("adult", Verdict.UNSURE))])
def test_final_verdicts_are_wanted(reviews: tuple[Answered, ...]) -> None:
    assert unsettled(reviews).wanted == BOTH


@pytest.mark.parametrize(
    "reviews",
    [
        (answered("people", Verdict.APPROVE), answered("man", None, is_open=True)),
        (answered("people", None, is_open=True), answered("man", None, is_open=True)),
        (answered("people", Verdict.UNSURE), answered("man", Verdict.UNSURE)),
        (),
    ],
)
def test_the_snapshot_is_wanted_while_a_review_is_open_or_nobody_was_sure(reviews: tuple[Answered, ...]) -> None:
    assert unsettled(reviews).wanted == SNAPSHOT


def applied(concept: str, verdict: Verdict | None = None, *, is_open: bool = False) -> Answered:
    return dataclasses.replace(answered(concept, verdict, is_open=is_open), applied=7)


@pytest.mark.parametrize(
    ("reviews", "status", "values"),
    [
        ((applied("people"), applied("man", is_open=True)), "SUCCESS", {"people": 0.36, "man": 0.5}),
        ((applied("people", Verdict.APPROVE), applied("man", Verdict.UNSURE)), "SUCCESS", {"people": 0.36, "man": 0.5}),
        ((applied("people", Verdict.REJECT), applied("man", is_open=True)), "SUCCESS", {"people": 0.0, "man": 0.5}),
        ((applied("people", Verdict.REJECT), applied("man", Verdict.REJECT)), "REJECTED", {"people": 0.0, "man": 0.0}),
        ((applied("people"), answered("man", Verdict.REJECT)), "SUCCESS", {"people": 0.36, "man": 0.0}),
        ((applied("people"), answered("man", Verdict.UNSURE)), "SUCCESS", {"people": 0.36}),
        ((applied("people"), answered("man", None, is_open=True)), "PENDING", {"people": 0.36, "man": 0.5}),
    ],
)
def test_what_a_lowered_cut_accepted_is_written_as_the_model_said_it_and_waits_for_no_check(
    reviews: tuple[Answered, ...], status: str, values: dict[str, float]
) -> None:
    wanted = unsettled(reviews).wanted
    assert wanted.status is AnnotationStatus[status]
    assert {s.concept_id: s.value for s in wanted.suggestions} == values
    assert unsettled(reviews).provenance(PROJECT)["applied"] == {r.concept_id: 7 for r in reviews if r.applied}


def test_what_stands_is_the_snapshot_until_something_was_written() -> None:
    assert unsettled().standing == SNAPSHOT
    assert unsettled(stands=BOTH).standing == BOTH


def test_the_provenance_says_who_decided_what_and_what_the_model_had_said() -> None:
    info = unsettled((*DECIDED, answered("adult", None, is_open=True))).provenance(PROJECT)
    assert (info["project"], info["write"], info["threshold_revision"]) == ("p1", 3, 4)
    assert [d["concept"] for d in info["decisions"]] == ["people", "man"]
    assert info["decisions"][0] == {
        "concept": "people",
        "verdict": "approve",
        "decided_by": "U0DANA0001",
        "decided_at": NOW.isoformat(),
        "lane": "calibration",
        "model_value": 0.5,
    }


def run(todo: Unsettled, there: Annotation | None, result: Written | None = None) -> tuple[int, Mock, Mock]:
    store: Mock = create_autospec(SettleStore, instance=True)
    platform: Mock = create_autospec(LabellingPlatform, instance=True)
    store.unsettled.return_value = [todo]
    platform.read_annotations.return_value = {there.id: there} if there else {}
    platform.write_annotations.side_effect = lambda writes: [result for _ in writes]
    done = settle(store, platform, lambda: NOW, lambda _checkpoint: None, PROJECT)
    return done, store, platform


def writes_of(platform: Mock) -> list[LabelState]:
    return [write.state for call in platform.write_annotations.call_args_list for write in call.args[0]]


def test_a_decision_is_written_and_recorded_with_clarifais_version() -> None:
    todo, after = unsettled(), held(BOTH, modified_at=NOW, write=3)
    done, store, platform = run(todo, held(), Written("a1", after))
    assert done == 1
    assert writes_of(platform) == [BOTH]
    store.settled.assert_called_with(PROJECT, [(todo, BOTH, NOW)])


def test_undo_writes_the_snapshot_back() -> None:
    todo = unsettled((answered("people", None, is_open=True), answered("man", Verdict.REJECT)), stands=BOTH)
    _, _, platform = run(todo, held(BOTH, write=1), Written("a1", held(modified_at=NOW, write=3)))
    assert writes_of(platform) == [SNAPSHOT]


def test_what_stands_already_is_not_written_again() -> None:
    todo = unsettled(stands=BOTH)
    done, store, platform = run(todo, None)
    assert done == 1
    platform.read_annotations.assert_not_called()
    platform.write_annotations.assert_not_called()
    store.settled.assert_called_once_with(PROJECT, [(todo, BOTH, READ)])


def test_a_write_whose_record_was_lost_is_recognised() -> None:
    todo = unsettled()
    done, store, platform = run(todo, held(BOTH, modified_at=NOW, write=3))
    assert done == 1
    assert writes_of(platform) == []
    store.settled.assert_called_with(PROJECT, [(todo, BOTH, NOW)])


def test_a_write_that_was_not_taken_as_it_was_meant_is_written_again() -> None:
    """As after a kill between writing a first 0 and finding out that it became a 1."""
    not_kept = LabelState(AnnotationStatus.SUCCESS, (Suggestion("people", 1.0), Suggestion("man", 1.0)))
    _, _, platform = run(unsettled(), held(not_kept, modified_at=NOW, write=3), Written("a1", held(BOTH, write=3)))
    assert writes_of(platform) == [BOTH]


def test_an_earlier_write_of_ours_is_written_over() -> None:
    _, store, platform = run(unsettled(), held(BOTH, modified_at=NOW, write=2), Written("a1", held(BOTH, write=3)))
    assert writes_of(platform) == [BOTH]
    store.closed.assert_not_called()


@pytest.mark.parametrize(
    "there",
    [
        held(modified_at=NOW),
        held(BOTH, modified_at=NOW, write=1),
        held(BOTH, modified_at=NOW, write=4),
        dataclasses.replace(held(BOTH, modified_at=NOW), info={"project": "p2", "write": 3}),
    ],
)
def test_what_somebody_changed_in_clarifai_is_not_overwritten(there: Annotation) -> None:
    done, store, platform = run(unsettled(), there)
    assert done == 0
    assert writes_of(platform) == []
    store.closed.assert_called_once_with(PROJECT, "a1", "it was changed in Clarifai")


@pytest.mark.parametrize("result", [None, Written("a1", error=NotFound("gone"))])
def test_what_was_deleted_in_clarifai_closes_the_card(result: Written | None) -> None:
    _, store, _ = run(unsettled(), held() if result else None, result)
    store.closed.assert_called_once_with(PROJECT, "a1", "it was deleted in Clarifai")


def test_a_write_that_fails_keeps_its_decision_for_later() -> None:
    done, store, _ = run(unsettled(), held(), Written("a1", error=PlatformUnavailable("busy")))
    assert done == 0
    store.later.assert_called_once_with("p1", ["a1"], "busy", not_before=NOW + dt.timedelta(seconds=4))


def test_an_outage_keeps_every_decision_for_later() -> None:
    store: Mock = create_autospec(SettleStore, instance=True)
    platform: Mock = create_autospec(LabellingPlatform, instance=True)
    store.unsettled.return_value = [dataclasses.replace(unsettled(), attempts=30)]
    platform.read_annotations.side_effect = PlatformUnavailable("away")
    assert settle(store, platform, lambda: NOW, lambda _checkpoint: None, PROJECT) == 0
    store.later.assert_called_once_with("p1", ["a1"], "away", not_before=NOW + dt.timedelta(minutes=15))
    platform.write_annotations.assert_not_called()
