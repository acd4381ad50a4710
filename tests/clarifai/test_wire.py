from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api.status.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st

from bot.clarifai.wire import annotation_from, annotation_to, input_from
from bot.domain.annotations import AnnotationStatus, LabelState, Region, Suggestion
from bot.usecases.ports import AnnotationWrite, InputState

SHARES = st.floats(0, 1, width=32)
REGIONS = st.builds(Region, SHARES, SHARES, SHARES, SHARES)
SUGGESTIONS = st.lists(st.builds(Suggestion, st.text("abc-", min_size=1), SHARES, st.text()), min_size=1).map(tuple)
STATUSES = st.sampled_from([one for one in AnnotationStatus if one is not AnnotationStatus.OTHER])
STATES = st.builds(LabelState, STATUSES, SUGGESTIONS, st.none() | REGIONS)


@given(state=STATES)
def test_what_is_written_reads_back_as_the_same_state(state: LabelState) -> None:
    sent = annotation_to(AnnotationWrite("a1", "in1", state, {}))
    read = LabelState.of(annotation_from(sent))
    assert replace(read, region=read.region and replace(read.region, raw="")) == state


@given(state=STATES)
def test_a_state_that_was_read_is_written_back_byte_for_byte(state: LabelState) -> None:
    first = annotation_to(AnnotationWrite("a1", "in1", state, {}))
    stored = LabelState.from_json(LabelState.of(annotation_from(first)).to_json())
    again = annotation_to(AnnotationWrite("a1", "in1", stored, {}))
    assert annotation_from(again) == annotation_from(first)


def test_a_mask_is_kept_although_we_do_not_draw_it() -> None:
    mask = res.RegionInfo(mask=res.Mask(image=res.Image(base64=b"mask")))
    region = res.Region(id="r1", region_info=mask, data=res.Data(concepts=[res.Concept(id="man", value=0.5)]))
    read = annotation_from(res.Annotation(id="a1", input_id="in1", data=res.Data(regions=[region])))
    assert read.region
    assert (read.region.top, read.region.left, read.region.bottom, read.region.right) == (0, 0, 1, 1)
    state = LabelState(AnnotationStatus.SUCCESS, (Suggestion("man", 1.0),), read.region)
    sent = annotation_to(AnnotationWrite("a1", "in1", state, {}))
    assert sent.data.regions[0].region_info == mask
    assert sent.data.regions[0].id == "r1"
    assert [(one.id, one.value) for one in sent.data.regions[0].data.concepts] == [("man", 1.0)]
    assert not sent.data.concepts


@pytest.mark.parametrize(
    ("code", "status"),
    [(24150, "success"), (24151, "pending"), (24158, "rejected"), (24157, "other"), (24159, "other"), (0, "other")],
)
def test_every_status_has_its_word(code: int, status: str) -> None:
    assert annotation_from(res.Annotation(status=Status(code=code))).status == status


def test_a_status_we_leave_alone_is_not_sent() -> None:
    state = LabelState(AnnotationStatus.OTHER, (Suggestion("man", 0.5),))
    assert not annotation_to(AnnotationWrite("a1", "in1", state, {})).HasField("status")


def test_a_status_alone_carries_no_data() -> None:
    assert not annotation_to(AnnotationWrite("a1", "in1", LabelState(AnnotationStatus.SUCCESS, ()), {})).HasField(
        "data"
    )


@pytest.mark.parametrize(
    "found",
    [res.Annotation(user_id="ann"), res.Annotation(worker=res.Worker(user=res.User(id="ann")))],
)
def test_the_user_is_read_from_both_places(found: res.Annotation) -> None:
    assert annotation_from(found).user_id == "ann"


def test_times_are_aware_and_a_missing_change_is_the_creation() -> None:
    found = res.Annotation(id="a1")
    found.created_at.FromDatetime(datetime(2026, 5, 3, 9, 0, 0, 250_000, tzinfo=UTC))
    read = annotation_from(found)
    assert read.created_at == read.modified_at == datetime(2026, 5, 3, 9, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "state"),
    [(30000, InputState.READY), (30001, InputState.WORKING), (30003, InputState.WORKING), (30002, InputState.FAILED)],
)
def test_every_input_status_has_its_state(code: int, state: InputState) -> None:
    facts = input_from(res.Input(id="in1", status=Status(code=code, description="why")))
    assert facts.state is state
    assert facts.reason == ("why" if state is InputState.FAILED else "")


@pytest.mark.parametrize(
    ("image", "url"),
    [
        (res.Image(url="https://x.example/a.jpg"), "https://x.example/a.jpg"),
        (
            res.Image(
                url="https://x.example/a.jpg",
                hosted=res.HostedURL(prefix="https://data.clarifai.com", suffix="u/1", sizes=["tiny", "orig"]),
            ),
            "https://data.clarifai.com/orig/u/1",
        ),
        (
            res.Image(hosted=res.HostedURL(prefix="https://data.clarifai.com/", suffix="/u/1", sizes=["large"])),
            "https://data.clarifai.com/large/u/1",
        ),
        (res.Image(), ""),
    ],
)
def test_a_hosted_picture_is_preferred(image: res.Image, url: str) -> None:
    assert input_from(res.Input(id="in1", data=res.Data(image=image))).url == url


def test_what_others_wrote_beside_an_annotation_is_read_whatever_it_is() -> None:
    found = res.Annotation()
    found.annotation_info.update({"list": [1, None, {"deep": True}], "text": "x", "nothing": None})
    found.annotation_info.fields["broken"].number_value = float("nan")
    assert annotation_from(found).info == {
        "list": [1, None, {"deep": True}],
        "text": "x",
        "nothing": None,
        "broken": None,
    }
