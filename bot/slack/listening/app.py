"""The Bolt app: every conversation registers what it listens for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.slack.listening import cards, channels, forms, lines, messages, why
from bot.slack.listening.opening import Opener

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.slack.listening.desk import Desk


def make_app(client: WebClient, signing_secret: str, desk: Desk) -> App:
    """Make the Bolt app. Listeners run inline and commit before Slack is answered; one that raises is not acked."""
    opener = Opener(client.token or "", client.base_url)
    installed = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)
    client.token = None  # it comes with `installed`; given twice, Bolt warns at every start
    client.proxy = None  # slack_sdk reads HTTPS_PROXY and overlooks NO_PROXY; left alone, urllib minds both
    app = App(
        client=client,
        authorize=lambda: installed,  # one workspace; Bolt's own way asks Slack (auth.test) before the first listener
        signing_secret=signing_secret or "not used in Socket Mode",
        process_before_response=True,
    )
    cards.register(app, desk)
    lines.register(app, desk, opener)
    messages.register(app, desk)
    forms.register(app, desk)
    why.register(app, desk)
    channels.register(app, desk)
    return app
