"""Both stand-ins, to be opened in a process of their own, and what is asked of them there."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from clarifai_grpc.grpc.api.status import status_code_pb2
from PIL import Image

from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.recognition import PlantedModel
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.workspace import Channel
from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USER, KEY, APP, CHANNEL = "demo", "demo-key", "bench", "C0LABELS01"
DANA, OMAR = "U0DANA00001", "U0OMAR00001"
PENDING = 0.5  # what the model says of "people" in every picture: between the cuts of a fresh project
_BATCH = 128  # inputs in one request
_SCOPE = resources_pb2.UserAppIDSet(user_id=USER, app_id=APP)
_OWNER = (("authorization", f"Key {KEY}"),)


@dataclass(frozen=True)
class Services:
    slack: SlackSandbox
    clarifai: ClarifaiSandbox
    model: PlantedModel


@dataclass(frozen=True)
class Addresses:
    """What the bot needs to reach the services."""

    slack_bot_token: str
    slack_signing_secret: str
    slack_api_url: str
    clarifai_api_base: str


@contextmanager
def services() -> Iterator[Services]:
    """Open a workspace and a Clarifai without limits, whose model is never in doubt about what to say."""
    slack = SlackSandbox(manifest=manifest(), rate_limits=False)
    model = PlantedModel(default={"people": PENDING})
    with ClarifaiSandbox(model, rate_limit=None) as clarifai, slack:
        yield Services(slack, clarifai, model)


def addresses(there: Services) -> Addresses:
    slack = there.slack
    return Addresses(slack.bot_token, slack.signing_secret, slack.api_url, there.clarifai.base)


def deliver_to(there: Services, url: str) -> None:
    there.slack.deliver_to(url)


def say(there: Services, text: str, command: str = "/annotate") -> str:
    """Have the admin type a command; returns what Slack shows at once."""
    answer = there.slack.slash(DANA, CHANNEL, command, text)
    assert answer.status == "ok", answer
    return answer.text


def triggers(there: Services, count: int) -> list[str]:
    """Give out what opens so many forms; each works once, within 3 s."""
    world = there.slack._world  # noqa: SLF001 - nobody types a command there to get one
    with world.workspace.changed:
        return [world.tickets.trigger(DANA, channel_id=CHANNEL) for _ in range(count)]


def add_inputs(there: Services, count: int) -> None:
    """Add `count` inputs through Clarifai's own client, as another program would; wait for their labels."""
    _add(there, [(f"in{n:030d}", f"picture {n}".encode()) for n in range(count)])


def add_scored(there: Services, scores: Sequence[float], first: int) -> None:
    """Add one input per score, which is what the model says of "people" in it; ids go on from number `first`."""
    pictures = [(f"in{n:030d}", f"picture {n}".encode()) for n in range(first, first + len(scores))]
    for (_, picture), score in zip(pictures, scores, strict=True):
        there.model.plant(picture, {"people": score})
    _add(there, pictures)


def _add(there: Services, pictures: Sequence[tuple[str, bytes]]) -> None:
    stub = _stub(there)
    for first in range(0, len(pictures), _BATCH):
        inputs = [
            resources_pb2.Input(id=key, data=resources_pb2.Data(image=resources_pb2.Image(base64=one)))
            for key, one in pictures[first : first + _BATCH]
        ]
        request = service_pb2.PostInputsRequest(user_app_id=_SCOPE, inputs=inputs)
        answer = stub.PostInputs(request, metadata=_OWNER, timeout=60)
        assert answer.status.code == status_code_pb2.SUCCESS, answer.status
    there.clarifai.settled(APP, timeout=600)


def inputs_held(there: Services) -> int:
    """Count the app's inputs through Clarifai's own client, page by page."""
    stub, held = _stub(there), 0
    request = service_pb2.ListInputsRequest(user_app_id=_SCOPE, page=1, per_page=1000)
    while found := stub.ListInputs(request, metadata=_OWNER, timeout=60).inputs:
        held, request.page = held + len(found), request.page + 1
    return held


def _stub(there: Services) -> V2Stub:
    return V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=there.clarifai.port))


def add_channels(there: Services, count: int) -> list[str]:
    """Make public channels with the bot in them; return their ids."""
    workspace = there.slack._world.workspace  # noqa: SLF001 - nobody makes channels in the workspace of the demo
    ids = [f"C0BENCH{n:04d}" for n in range(count)]
    with workspace.changed:
        workspace.channels |= {key: Channel(key, key.lower(), {there.slack.bot_user_id, DANA}) for key in ids}
    return ids


def forget_calls(there: Services) -> None:
    there.clarifai.faults.calls.clear()


def calls(there: Services) -> dict[str, int]:
    """Say how often each of Clarifai's methods was called since `forget_calls`."""
    return dict(there.clarifai.faults.calls.counts)


def labelled(there: Services) -> None:
    """Wait until Clarifai has labelled what it was sent."""
    there.clarifai.settled(APP, timeout=600)


def upload(there: Services, photographs: list[bytes]) -> None:
    """Drop photographs into the channel, in one message."""
    there.slack.upload(OMAR, CHANNEL, [(f"photo {n}.jpg", data) for n, data in enumerate(photographs)])


def photograph(seed: int, side: int = 1000) -> bytes:
    """Draw a JPEG of `side` squared pixels that compresses about as well as a photograph does (some 300 kB)."""
    noise = np.random.default_rng(seed)
    coarse = Image.fromarray(noise.integers(0, 255, (side // 20, side // 20, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC), dtype=np.int16)
    grainy = np.clip(smooth + noise.integers(-12, 13, smooth.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grainy).save(out, "JPEG", quality=88)
    return out.getvalue()
