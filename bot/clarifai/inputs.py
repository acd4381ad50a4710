"""Images on their way into an app, and what became of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode as Code

from bot.clarifai import rpcs
from bot.clarifai.batches import cut, deliver
from bot.clarifai.calls import PARTLY, per_item
from bot.clarifai.wire import input_from, struct
from bot.domain.errors import AlreadyExists, NotFound, PlatformUnavailable
from bot.usecases.ports import InputFacts, InputState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.clarifai.calls import Calls
    from bot.domain.errors import PlatformError
    from bot.usecases.ports import NewInput, PlatformOutcome

MOST_INPUTS = 128  # in one PostInputs
MOST_BYTES = 20_000_000  # of pictures in one PostInputs; a single picture has no more
SLOWEST_UPLINK = 500_000  # bytes per second that a request with pictures is given time for
TAKEN_IN = frozenset({Code.INPUT_SUCCESS, Code.INPUT_PENDING, Code.INPUT_IN_PROGRESS, Code.SUCCESS, Code.ZERO})


def add(calls: Calls, inputs: Sequence[NewInput]) -> Mapping[str, PlatformOutcome]:
    """Add images under our own ids; per id None when it was taken in or stood there already, else the error."""
    fresh = list({one.id: one for one in inputs}.values())
    return dict(deliver(_loads(fresh), partial(_post, calls), _refused))


def read(calls: Calls, ids: Sequence[str]) -> Mapping[str, InputFacts]:
    """Say how far Clarifai is with each input; GONE for those it does not know.

    Raises:
        PlatformError: reading failed for another reason than that one is gone.
    """

    def listed(some: Sequence[str]) -> Sequence[InputFacts]:
        request = api.ListInputsRequest(user_app_id=calls.scope, ids=some, page=1, per_page=len(some))
        return [input_from(found) for found in calls.send(rpcs.LIST_INPUTS, request).inputs]

    def gone(input_id: str, error: PlatformError) -> InputFacts:
        if isinstance(error, NotFound):
            return InputFacts(input_id, InputState.GONE)
        raise error

    wanted = list(dict.fromkeys(ids))
    found = {facts.id: facts for facts in deliver(cut(wanted, MOST_INPUTS), listed, gone, most_splits=len(wanted))}
    return {input_id: found.get(input_id) or InputFacts(input_id, InputState.GONE) for input_id in wanted}


def picture(image: bytes | None, url: str) -> res.Image:
    """Make the message for bytes or, if there are none, a URL; our own id is what tells two inputs apart."""
    return res.Image(base64=image) if image is not None else res.Image(url=url, allow_duplicate_url=True)


def extra_s(sent_bytes: int) -> float:
    """Seconds that a request is given beyond the usual for carrying so many bytes."""
    return sent_bytes / SLOWEST_UPLINK


def _loads(inputs: Sequence[NewInput]) -> Iterator[Sequence[NewInput]]:
    """Cut into requests that respect both bounds, count and bytes."""
    load: list[NewInput] = []
    for one in inputs:
        if load and (len(load) == MOST_INPUTS or _weight([*load, one]) > MOST_BYTES):
            yield load
            load = []
        load.append(one)
    if load:
        yield load


def _weight(inputs: Sequence[NewInput]) -> int:
    return sum(len(one.image or b"") for one in inputs)


def _post(calls: Calls, inputs: Sequence[NewInput]) -> Sequence[tuple[str, PlatformOutcome]]:
    request = api.PostInputsRequest(user_app_id=calls.scope, inputs=[_message(one) for one in inputs])
    reply = calls.send(rpcs.POST_INPUTS, request, judged_by=per_item, longer_s=extra_s(_weight(inputs)))
    if not reply.inputs and reply.status.code in PARTLY:
        raise calls.error_of(rpcs.POST_INPUTS.name, reply.status)
    answers = {found.id: found for found in reply.inputs}
    return [(one.id, _outcome(calls, one, answers.get(one.id))) for one in inputs]


def _message(one: NewInput) -> res.Input:
    data = res.Data(image=picture(one.image, one.url))
    if one.metadata:
        data.metadata.CopyFrom(struct(one.metadata))
    return res.Input(id=one.id, data=data)


def _outcome(calls: Calls, one: NewInput, answer: res.Input | None) -> PlatformOutcome:
    if answer is None:
        return PlatformUnavailable(f"Clarifai did not say what became of input {one.id}.")
    if answer.status.code in TAKEN_IN:
        return None
    return _refused(one, calls.error_of(rpcs.POST_INPUTS.name, answer.status))[1]


def _refused(one: NewInput, error: PlatformError) -> tuple[str, PlatformOutcome]:
    return one.id, None if isinstance(error, AlreadyExists) else error
