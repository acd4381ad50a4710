"""What stands behind the listeners, in place of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import create_autospec

import pytest

from bot.domain.views import NoteView
from bot.slack.listening import Desk
from bot.slack.listening.opening import Opener

if TYPE_CHECKING:
    from unittest.mock import Mock

    from pytest_mock import MockerFixture


@pytest.fixture
def desk() -> Mock:
    made: Mock = create_autospec(Desk, instance=True)
    made.form_of.return_value = None
    made.answer.return_value = NoteView(("done",))
    return made


@pytest.fixture
def opener() -> Mock:
    made: Mock = create_autospec(Opener, instance=True)
    return made


@pytest.fixture
def ack(mocker: MockerFixture) -> Mock:
    stub: Mock = mocker.stub("ack")
    return stub
