from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.app.parts import Parts
from bot.clarifai import ClarifaiAccount
from tests.app.outside import Outside, open_outside
from tests.faults.relay import Relay
from tests.journeys.opening import HASTE, open_lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.databases import Lent
    from tests.journeys.lab import Lab


@pytest.fixture
def outside(database_url: str) -> Iterator[Outside]:
    """Both stand-ins, and an empty database for the processes that are started."""
    with open_outside() as opened:
        opened.env["DATABASE_URL"] = database_url
        yield opened


@pytest.fixture
def lab(database: Lent) -> Iterator[Lab]:
    with open_lab(database.url, engine=database.engine) as opened:
        yield opened


@pytest.fixture
def relayed(lab: Lab) -> Callable[[str], AbstractContextManager[Relay]]:
    """Puts a relay before a service ("slack" or "clarifai") of the lab's bot, and takes it away again."""

    @contextmanager
    def before(service: str) -> Iterator[Relay]:
        direct = lab.parts
        port = lab.clarifai.port if service == "clarifai" else int(lab.workspace.api_url.split(":")[2].split("/")[0])
        with Relay(port) as relay:
            over, clarifai = {}, direct.clarifai
            if service == "slack":
                over = {"slack_api_url": f"http://127.0.0.1:{relay.port}/api/"}
            else:
                clarifai = ClarifaiAccount(f"http://127.0.0.1:{relay.port}", patience=HASTE, requests_per_s=1000)
            settings = direct.settings.model_copy(update=over)
            lab.parts = Parts.assemble(settings, direct.database, clock=lab.clock, pace_s=0.0, clarifai=clarifai)
            try:
                yield relay
            finally:
                lab.parts.clicks.dispose()
                if clarifai is not direct.clarifai:
                    clarifai.close()
                lab.parts = direct

    return before
