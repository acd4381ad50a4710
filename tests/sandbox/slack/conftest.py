"""A workspace, a client, and apps over both ways of delivery."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import MANIFEST, Connect, http_app, socket_app


@pytest.fixture
def slack() -> Iterator[SlackSandbox]:
    with SlackSandbox(manifest=MANIFEST, rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def client(slack: SlackSandbox) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture(params=["socket", "http"])
def connect(request: pytest.FixtureRequest, slack: SlackSandbox) -> Iterator[Connect]:
    way = socket_app if request.param == "socket" else http_app
    with ExitStack() as stack:

        def run(register: Callable[[App], None]) -> App:
            return stack.enter_context(way(slack, register))

        yield run


@pytest.fixture
def over_http(slack: SlackSandbox) -> Iterator[Connect]:
    with ExitStack() as stack:

        def run(register: Callable[[App], None]) -> App:
            return stack.enter_context(http_app(slack, register))

        yield run
