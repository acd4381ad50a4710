from __future__ import annotations

import gc
import io
import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.sandbox.slack import SlackSandbox
from bot.slack.client import SlackChat
from bot.slack.manifest import manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Let a socket that a failed call left open be reported by the test that left it."""
    yield
    gc.collect()


@pytest.fixture
def slack() -> Iterator[SlackSandbox]:
    with SlackSandbox(manifest=manifest(), rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def wait() -> Callable[[float], None]:
    """Wait for real: Slack's processing has no event that a client could await."""
    never = threading.Event()
    return lambda seconds: void(never.wait(seconds))


def void(_: object) -> None:
    return


@pytest.fixture
def chat(slack: SlackSandbox, wait: Callable[[float], None]) -> SlackChat:
    return SlackChat(slack.bot_token, wait, api_url=slack.api_url)


@pytest.fixture(scope="session")
def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    return file.getvalue()
