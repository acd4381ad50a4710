"""Annotations and inputs between Clarifai's messages and the team's words; pure functions."""

from __future__ import annotations

import base64
import math
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code
from clarifai_grpc.grpc.api.status.status_pb2 import Status
from google.protobuf.struct_pb2 import Struct

from bot.domain.annotations import Annotation, AnnotationStatus, Region, Suggestion
from bot.usecases.ports import InputFacts, InputState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from google.protobuf.struct_pb2 import Value
    from google.protobuf.timestamp_pb2 import Timestamp

    from bot.usecases.ports import AnnotationWrite

CODES: Final = {
    AnnotationStatus.SUCCESS: Code.ANNOTATION_SUCCESS,
    AnnotationStatus.PENDING: Code.ANNOTATION_PENDING,
    AnnotationStatus.REJECTED: Code.ANNOTATION_REVIEW_DENIED,
}
_STATUSES: Final = {int(code): status for status, code in CODES.items()}
# In one field Clarifai tells either how an annotation stands or why it could not be written.
STANDING: Final = frozenset(
    {
        *CODES.values(),
        Code.ANNOTATION_AWAITING_REVIEW,
        Code.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
        Code.ANNOTATION_MODIFY_SUCCESS,
        Code.ANNOTATION_MODIFY_PENDING,
    }
)
_INPUT_STATES: Final = {
    int(Code.INPUT_SUCCESS): InputState.READY,
    int(Code.INPUT_PENDING): InputState.WORKING,
    int(Code.INPUT_IN_PROGRESS): InputState.WORKING,
}


def moment(stamp: Timestamp) -> datetime:
    """Aware UTC, to the microsecond."""
    return stamp.ToDatetime(tzinfo=UTC)


def struct(values: Mapping[str, Any]) -> Struct:
    """Make a Struct of JSON-like `values`; numbers become doubles."""
    made = Struct()
    made.update(dict(values))
    return made


def plain(values: Struct) -> dict[str, Any]:
    """Read a Struct as JSON-like values; what other programs put there may be no number, which JSON lacks."""
    return {name: _plain_value(value) for name, value in values.fields.items()}


def _plain_value(value: Value) -> Any:  # noqa: ANN401 - whatever JSON can hold
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [_plain_value(one) for one in value.list_value.values]
    if kind in {None, "null_value"}:
        return None
    read = getattr(value, kind)
    return None if isinstance(read, float) and not math.isfinite(read) else read


def annotation_from(found: res.Annotation) -> Annotation:
    """Read an annotation; its concepts may stand beside the region or, as Clarifai draws them, inside it."""
    region = found.data.regions[0] if found.data.regions else None
    concepts = [*found.data.concepts, *(region.data.concepts if region else ())]
    return Annotation(
        id=found.id,
        input_id=found.input_id,
        user_id=found.user_id or found.worker.user.id,
        status=_STATUSES.get(found.status.code, AnnotationStatus.OTHER),
        suggestions=tuple(Suggestion(c.id, c.value, c.name) for c in concepts),
        modified_at=moment(found.modified_at if found.HasField("modified_at") else found.created_at),
        created_at=moment(found.created_at),
        region=_region_from(region) if region else None,
        info=plain(found.annotation_info),
    )


def annotation_to(write: AnnotationWrite) -> res.Annotation:
    """Make the message that overwrites an annotation.

    Every concept carries its value on purpose: over gRPC one without a value is a negative label. A state without
    concepts changes the status alone and carries no data, since overwriting with nothing would remove what is there.
    The status OTHER stands for all those we leave alone, so it is not sent.
    """
    made = res.Annotation(id=write.id, input_id=write.input_id)
    if write.info:
        made.annotation_info.CopyFrom(struct(write.info))
    if write.state.status in CODES:
        made.status.CopyFrom(Status(code=CODES[write.state.status]))
    if write.state.suggestions:
        concepts = [res.Concept(id=s.concept_id, name=s.name, value=s.value) for s in write.state.suggestions]
        if write.state.region:
            region = _region_to(write.state.region)
            region.data.concepts.extend(concepts)
            made.data.regions.append(region)
        else:
            made.data.concepts.extend(concepts)
    return made


def input_from(found: res.Input) -> InputFacts:
    """Read an input; `url` is where Clarifai hosts it, or where it came from when that is all there is."""
    state = _INPUT_STATES.get(found.status.code, InputState.FAILED)
    failed = state is InputState.FAILED
    return InputFacts(
        id=found.id,
        state=state,
        created_at=moment(found.created_at) if found.HasField("created_at") else None,
        url=_picture_url(found.data.image),
        metadata=plain(found.data.metadata),
        reason=(found.status.details or found.status.description) if failed else "",
    )


def _picture_url(image: res.Image) -> str:
    hosted = image.hosted
    if not hosted.prefix:
        return image.url
    size = "orig" if "orig" in hosted.sizes or not hosted.sizes else hosted.sizes[0]
    return "/".join(part.strip("/") for part in (hosted.prefix, size, hosted.suffix) if part)


def _region_from(region: res.Region) -> Region:
    """Read a region; one that is no box (a mask, a polygon) covers the whole picture and is kept in `raw`."""
    kept = res.Region()
    kept.CopyFrom(region)
    del kept.data.concepts[:]
    box = region.region_info.bounding_box
    drawn = region.region_info.HasField("bounding_box")
    sides = (box.top_row, box.left_col, box.bottom_row, box.right_col) if drawn else (0.0, 0.0, 1.0, 1.0)
    return Region(*sides, raw=base64.b64encode(kept.SerializeToString(deterministic=True)).decode())


def _region_to(region: Region) -> res.Region:
    if region.raw:
        return res.Region.FromString(base64.b64decode(region.raw))
    box = res.BoundingBox(top_row=region.top, left_col=region.left, bottom_row=region.bottom, right_col=region.right)
    return res.Region(region_info=res.RegionInfo(bounding_box=box))
