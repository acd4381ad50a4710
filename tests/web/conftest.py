from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.web import Metrics, Server, edge
from tests.web.front import SECRET, Front, Health, Slack

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def front() -> Iterator[Front]:
    slack, health, metrics = Slack(), Health(), Metrics()
    app = edge(slack, signing_secret=SECRET, health=health, metrics=metrics.render)
    with Server(app, "127.0.0.1", 0, threads=4) as server:
        yield Front(slack, health, metrics, server, server.port)
