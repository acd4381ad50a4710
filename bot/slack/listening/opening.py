"""Opening a form within the 3 s that Slack gives: the one kind of network call that a listener makes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from bot.domain.forms import MessageForm, OpenForm
from bot.slack.errors import told
from bot.slack.forms import draw_form
from bot.usecases.forming import TITLES

if TYPE_CHECKING:
    from bot.domain.forms import FormKind
    from bot.slack.listening.desk import Desk
    from bot.usecases.commanding import Line

OPEN_S = 2  # whole seconds; the trigger dies after 3


class Opener:
    """Opens forms with a client of its own, whose deadline is `OPEN_S` and which repeats nothing."""

    def __init__(self, token: str, api_url: str) -> None:
        self._client = WebClient(token=token, base_url=api_url, timeout=OPEN_S, retry_handlers=[])
        self._client.proxy = None  # slack_sdk reads HTTPS_PROXY and overlooks NO_PROXY; left alone, urllib minds both

    def open(self, desk: Desk, kind: FormKind, line: Line, trigger_id: str) -> None:
        """Keep the form, open it with a word of patience, and have a job fill it.

        A form that cannot be opened is left behind unfilled, and the person is told by the error that Slack shows.

        Raises:
            ChatError: Slack did not open it; Slack then tells the person that it did not work.
        """
        form = OpenForm(uuid.uuid4().hex, kind, line.team_id, line.channel_id, line.user_id, {"line": line.text})
        desk.open_form(form)
        view = draw_form(form.id, MessageForm(TITLES[kind], ("One moment: looking things up.",)))
        with told("views.open"):
            self._client.views_open(trigger_id=trigger_id, view=view)
        desk.form_is_open()
