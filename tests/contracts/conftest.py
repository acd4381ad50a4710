"""The same contracts over every Clarifai the switches can make and, when it is given, over the real one.

The real one needs CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_CONTRACT_APP, the id of a scratch app in which things are
made and left: `pytest -m live tests/contracts`. Never in CI.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

from bot.clarifai import ClarifaiAccount, Patience
from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.photographs import sample_photographs
from bot.sandbox.recognition import PlantedModel
from tests.contracts.service import Service
from tests.contracts.worlds import NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.clarifai import Switches

HASTE = Patience(total_s=10.0, first_pause_s=0.01, longest_pause_s=0.05, cold_pause_s=0.01)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """A scratch app of the Clarifai that the test's parameter describes; of the real one for None."""
    with real() if request.param is None else pretended(request.param) as opened:
        yield opened


@contextmanager
def pretended(switches: Switches) -> Iterator[Service]:
    model = PlantedModel(["people", "man", "car"], default={"people": 0.9, "man": 0.25})
    with ClarifaiSandbox(model, apps=["scratch"], rate_limit=None, switches=switches) as sandbox:
        channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=sandbox.port)
        with channel, ClarifaiAccount(sandbox.base, patience=HASTE, requests_per_s=1000) as account:
            platform = account.platform("demo", "scratch", "demo-key")
            yield Service(platform, V2Stub(channel), "demo", "scratch", "demo-key", b"a picture", switches)


@contextmanager
def real() -> Iterator[Service]:
    key, user, app = (os.environ[name] for name in NEEDED)
    picture = next(p.path for p in sample_photographs() if p.name == "astronaut.png").read_bytes()
    with ClarifaiChannel.get_grpc_channel() as channel, ClarifaiAccount() as account:
        platform = account.platform(user, app, key)
        platform.create_app()
        yield Service(platform, V2Stub(channel), user, app, key, picture)
