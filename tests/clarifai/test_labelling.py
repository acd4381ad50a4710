"""Reading annotations to the end and writing them, each with its own outcome."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from bot.clarifai import ClarifaiAccount, Patience, labelling
from bot.domain.annotations import AnnotationStatus, LabelState, Suggestion
from bot.domain.concepts import Concept
from bot.domain.errors import AlreadyExists, NotFound, PlatformRefused, PlatformUnavailable
from bot.sandbox.clarifai import Switches
from bot.usecases.ports import AnnotationWrite, NewInput

APPROVED = LabelState(AnnotationStatus.SUCCESS, (Suggestion("people", 1.0), Suggestion("man", 0.0)))
REJECTED = LabelState(AnnotationStatus.REJECTED, (Suggestion("man", 0.0),))


def posted(lab, amount: int, *, status: int = 24151, box: tuple[float, ...] = ()) -> list[tuple[str, str]]:
    """Let an outside client post annotations with two concepts; return their (id, input id)."""
    lab.platform.ensure_concepts([Concept("people", "people", ()), Concept("man", "man", ())])
    lab.platform.add_inputs([NewInput("in1", b"picture")])
    lab.sandbox.settled("team")
    concepts = [res.Concept(id="people", value=0.9), res.Concept(id="man", value=0.4)]
    data = res.Data(concepts=concepts)
    if box:
        sides = dict(zip(("top_row", "left_col", "bottom_row", "right_col"), box, strict=True))
        info = res.RegionInfo(bounding_box=res.BoundingBox(**sides))
        data = res.Data(regions=[res.Region(id="r1", region_info=info, data=res.Data(concepts=concepts))])
    keys = [(f"a{number}", "in1") for number in range(amount)]
    for start in range(0, amount, 128):
        made = [
            res.Annotation(id=one, input_id=to, data=data, status=Status(code=status))
            for one, to in keys[start : start + 128]
        ]
        assert lab.ask("PostAnnotations", annotations=made).status.code == 10000
    return keys


def write(key: tuple[str, str], state: LabelState = APPROVED) -> AnnotationWrite:
    return AnnotationWrite(*key, state, {"decided_by": "U1", "values": {"man": 0.4}})


def ids_of(pages) -> list[str]:
    return [seen.annotation.id for page in pages for seen in page]


def test_a_thousand_pending_take_at_most_ten_requests_to_find_and_ten_to_settle(lab) -> None:
    keys = posted(lab, 1000)
    calls = lab.sandbox.faults.calls
    calls.clear()
    assert len(set(ids_of(lab.platform.changed_annotations("demo", None)))) == 1000
    assert sum(calls.counts.values()) <= 10
    calls.clear()
    written = lab.platform.write_annotations([write(key) for key in keys])
    assert [one.id for one in written] == [one for one, _ in keys]
    assert all(one.error is None for one in written)
    assert sum(calls.counts.values()) <= 10


def test_three_hundred_writes_are_three_patches(lab) -> None:
    keys = posted(lab, 300)
    assert all(one.annotation for one in lab.platform.write_annotations([write(key) for key in keys]))
    assert lab.sandbox.faults.calls["PatchAnnotations"] == 3


def test_what_is_written_is_what_stands(lab) -> None:
    [key] = posted(lab, 1)
    [written] = lab.platform.write_annotations([write(key)])
    standing = lab.platform.read_annotations([key])["a0"]
    assert written.annotation == standing
    assert LabelState.of(standing).status is AnnotationStatus.SUCCESS
    assert {s.concept_id: s.value for s in standing.suggestions} == {"people": 1.0, "man": 0.0}
    assert standing.info == {"decided_by": "U1", "values": {"man": 0.4}}


def test_a_rejection_takes_the_rejected_status_and_drops_the_parked_concept(lab) -> None:
    [key] = posted(lab, 1)
    lab.platform.write_annotations([write(key, REJECTED)])
    [found] = lab.ask(
        "ListAnnotations", list_all_annotations=True, user_ids=["demo"], ids=["a0"], input_ids=["in1"]
    ).annotations
    assert found.status.code == 24158
    assert [(one.id, one.value) for one in found.data.concepts] == [("man", 0.0)]


def test_a_region_survives_a_verdict_and_undo_brings_everything_back(lab) -> None:
    [key] = posted(lab, 1, box=(0.1, 0.2, 0.5, 0.75))
    before = lab.platform.read_annotations([key])["a0"]
    assert before.region
    assert (before.region.top, before.region.right) == pytest.approx((0.1, 0.75))
    kept = LabelState(APPROVED.status, APPROVED.suggestions, before.region)
    lab.platform.write_annotations([write(key, kept)])
    decided = lab.platform.read_annotations([key])["a0"]
    assert decided.region == before.region
    assert [one.value for one in decided.suggestions] == [1.0, 0.0]
    snapshot = LabelState.from_json(LabelState.of(before).to_json())
    lab.platform.write_annotations([write(key, snapshot)])
    assert LabelState.of(lab.platform.read_annotations([key])["a0"]) == LabelState.of(before)


def test_a_state_without_concepts_changes_the_status_alone(lab) -> None:
    first, second, third = posted(lab, 3)
    bare = LabelState(AnnotationStatus.REJECTED, ())
    written = lab.platform.write_annotations([write(first), write(second, bare), write(third)])
    assert [one.id for one in written] == ["a0", "a1", "a2"]
    standing = lab.platform.read_annotations([second])["a1"]
    assert standing.status is AnnotationStatus.REJECTED
    assert [round(one.value, 1) for one in standing.suggestions] == [0.9, 0.4]


@pytest.mark.parametrize("all_failed", ["FAILURE", "MIXED"])
def test_each_item_of_an_answer_that_failed_in_all_has_its_own_outcome(lab_with, all_failed) -> None:
    lab = lab_with(Switches(all_failed=all_failed))
    written = lab.platform.write_annotations([write(("gone", "in1")), write(("gone2", "in1"))])
    assert [type(one.error) for one in written] == [NotFound, NotFound]


def test_one_failed_item_holds_nobody_else_up(lab) -> None:
    keys = posted(lab, 4)
    lab.sandbox.faults.item_failure("PatchAnnotations", "a1", 24156)
    lab.sandbox.faults.item_failure("PatchAnnotations", "a2", 11005)
    good, refused, busy, last = lab.platform.write_annotations([write(key) for key in keys])
    assert good.annotation
    assert last.annotation
    assert isinstance(refused.error, PlatformRefused)
    assert refused.error.code == 24156
    assert isinstance(busy.error, PlatformUnavailable)
    assert busy.error.retry_after_s == 15


def test_a_refused_rejection_is_told_and_nothing_else_suffers(lab_with) -> None:
    lab = lab_with(Switches(review_denied="refused"))
    keys = posted(lab, 2)
    written = lab.platform.write_annotations([write(keys[0]), write(keys[1], REJECTED)])
    assert [type(one.error) for one in written] == [type(None), PlatformRefused]


def test_an_outage_half_way_leaves_the_rest_for_later(lab) -> None:
    keys = posted(lab, 300)
    with ClarifaiAccount(lab.sandbox.base, patience=Patience(attempts=1), requests_per_s=1000) as account:
        hasty = account.platform("demo", "team", "demo-key")
        assert hasty.write_annotations([write(key) for key in keys[:128]])[0].annotation
        lab.sandbox.faults.calls.clear()
        lab.sandbox.faults.fail_next("PatchAnnotations", grpc.StatusCode.DEADLINE_EXCEEDED)
        written = hasty.write_annotations([write(key) for key in keys[128:]])
    assert all(isinstance(one.error, PlatformUnavailable) for one in written)
    assert len(written) == 172
    assert lab.sandbox.faults.calls["PatchAnnotations"] == 1


def test_a_deadline_after_the_deed_is_repeated_to_the_same_end(lab) -> None:
    [key] = posted(lab, 1)
    lab.sandbox.faults.apply_then_fail("PatchAnnotations")
    [written] = lab.platform.write_annotations([write(key)])
    assert written.annotation
    assert lab.sandbox.faults.calls["PatchAnnotations"] == 2


def test_one_bad_annotation_is_found_in_a_batch_refused_as_a_whole(lab) -> None:
    keys = posted(lab, 8)
    refusing = [write(key) for key in keys]
    for _ in range(4):  # the batch of 8, then its first 4, 2 and 1
        lab.sandbox.faults.fail_next("PatchAnnotations", 11102)
    written = lab.platform.write_annotations(refusing)
    assert [type(one.error) for one in written] == [PlatformRefused, *[type(None)] * 7]


def added(identifier: str, input_id: str = "in1") -> AnnotationWrite:
    pending = LabelState(AnnotationStatus.PENDING, (Suggestion("people", 0.1), Suggestion("man", 1e-6)))
    return AnnotationWrite(identifier, input_id, pending, {"written_by": "us", "probe": True})


def test_an_annotation_of_ours_stands_as_a_writer_would_have_written_it(lab) -> None:
    posted(lab, 0)
    [written] = lab.platform.add_annotations([added("pr1")])
    assert written.annotation is not None
    standing = lab.platform.read_annotations([("pr1", "in1")])["pr1"]
    assert (standing.status, standing.user_id, standing.input_id) == (AnnotationStatus.PENDING, "demo", "in1")
    assert {s.concept_id: s.value for s in standing.suggestions} == pytest.approx({"people": 0.1, "man": 1e-6})
    assert standing.info == {"written_by": "us", "probe": True}


@pytest.mark.parametrize("all_failed", ["FAILURE", "MIXED"])
def test_an_annotation_added_again_stands_already_and_one_of_no_input_is_not_found(lab_with, all_failed) -> None:
    lab = lab_with(Switches(all_failed=all_failed))
    posted(lab, 0)
    lab.platform.add_annotations([added("pr1")])
    again, nowhere, fresh = lab.platform.add_annotations([added("pr1"), added("pr2", "gone"), added("pr3")])
    assert isinstance(again.error, AlreadyExists)
    assert isinstance(nowhere.error, NotFound)
    assert fresh.annotation is not None
    assert [type(one.error) for one in lab.platform.add_annotations([added("pr1")])] == [AlreadyExists]


def test_an_answer_lost_after_the_deed_is_a_repeat(lab) -> None:
    posted(lab, 0)
    lab.sandbox.faults.apply_then_fail("PostAnnotations")
    [written] = lab.platform.add_annotations([added("pr1")])
    assert isinstance(written.error, AlreadyExists)
    assert len(lab.platform.read_annotations([("pr1", "in1")])) == 1


def test_nothing_to_write_asks_nothing(lab) -> None:
    lab.sandbox.faults.calls.clear()
    assert list(lab.platform.write_annotations([])) == []
    assert lab.platform.read_annotations([]) == {}
    assert not lab.sandbox.faults.calls.counts


def test_annotations_that_are_gone_are_left_out(lab) -> None:
    keys = posted(lab, 3)
    found = lab.platform.read_annotations([*keys, ("never", "in1"), keys[0]])
    assert set(found) == {"a0", "a1", "a2"}


def test_an_annotation_that_slips_over_the_page_border_is_not_missed(lab, monkeypatch) -> None:
    monkeypatch.setattr(labelling, "PAGE", 2)
    posted(lab, 6)
    pages = lab.platform.changed_annotations("demo", None)
    first = ids_of([next(pages)])
    # a2 moves to the page that was just read
    assert lab.ask("DeleteAnnotations", ids=["a0"], input_ids=["in1"]).status.code == 10000
    assert set(first + ids_of(pages)) == {"a0", "a1", "a2", "a3", "a4", "a5"}


def test_what_changes_while_pages_are_read_is_brought_as_it_is_then(lab, monkeypatch) -> None:
    monkeypatch.setattr(labelling, "PAGE", 2)
    keys = posted(lab, 5)
    pages = lab.platform.changed_annotations("demo", None)
    next(pages)
    [written] = lab.platform.write_annotations([write(keys[0])])
    found = [seen.annotation for page in pages for seen in page]
    assert {one.id for one in found} == {"a0", "a1", "a2", "a3", "a4"}
    assert written.annotation in found


def test_when_nothing_changes_two_sweeps_are_enough(lab, monkeypatch) -> None:
    monkeypatch.setattr(labelling, "PAGE", 2)
    posted(lab, 6)
    lab.sandbox.faults.calls.clear()
    found = ids_of(lab.platform.changed_annotations("demo", None))
    assert sorted(found) == sorted([f"a{n}" for n in range(6)] * 2)
    assert lab.sandbox.faults.calls["PostAnnotationsSearches"] == 2 * (3 + 1)  # three pages and an empty one


def test_an_empty_app_takes_one_request(lab) -> None:
    lab.sandbox.faults.calls.clear()
    assert ids_of(lab.platform.changed_annotations("demo", None)) == []
    assert lab.sandbox.faults.calls["PostAnnotationsSearches"] == 1


def test_reading_ends_although_clarifai_never_stops_changing(lab, monkeypatch) -> None:
    monkeypatch.setattr(labelling, "PAGE", 2)
    keys = posted(lab, 4)
    sweeps = 0
    for page in lab.platform.changed_annotations("demo", None):
        lab.platform.write_annotations([write(keys[0]), write(keys[-1])])
        sweeps += len(page)
    assert sweeps <= 4 + labelling.MOST_SWEEPS * 4


def test_since_is_inclusive_and_leaves_out_what_is_older(lab) -> None:
    first, second = posted(lab, 2)
    [written] = lab.platform.write_annotations([write(second)])
    assert written.annotation
    since = written.annotation.modified_at
    assert ids_of(lab.platform.changed_annotations("demo", since)) == [second[0]]
    assert ids_of(lab.platform.changed_annotations("demo", since + timedelta(seconds=1))) == []
    assert first[0] in ids_of(lab.platform.changed_annotations("demo", since - timedelta(minutes=5)))


def test_input_level_annotations_and_those_of_others_are_left_out(lab) -> None:
    posted(lab, 1)
    everything = lab.ask("ListAnnotations", list_all_annotations=True, per_page=100).annotations
    assert any(one.input_level for one in everything)
    assert ids_of(lab.platform.changed_annotations("demo", None)) == ["a0"]
    assert ids_of(lab.platform.changed_annotations("somebody", None)) == []


@pytest.mark.parametrize(("shape", "annotations"), [("one with all", 1), ("one each", 2)])
def test_both_shapes_of_what_a_writer_writes_are_read(lab_with, shape, annotations: int) -> None:
    lab = lab_with(Switches(writer_shape=shape))
    lab.set_up("man car")
    lab.go_live()
    lab.upload("in1")
    found = [seen.annotation for page in lab.platform.changed_annotations("demo", None) for seen in page]
    assert sorted(s.concept_id for one in found for s in one.suggestions) == ["car", "man"]
    assert len(found) == annotations
