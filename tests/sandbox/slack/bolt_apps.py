"""Real Bolt apps connected to the stand-in over both ways of delivery, and what they are fed with."""

import io
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from PIL import Image
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app.socket import open_socket
from bot.sandbox.slack import SlackSandbox

MANIFEST = {
    "display_information": {"name": "annotate"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "annotate"},
        "slash_commands": [
            {"command": "/annotate", "description": "label", "usage_hint": "setup people"},
            {"command": "/wrapped", "description": "names and links arrive wrapped", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Annotate these images", "type": "message", "callback_id": "annotate_message", "description": "d"},
            {"name": "Open the queue", "type": "global", "callback_id": "open_queue", "description": "d"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("commands", "chat:write", "files:read", "files:write", "channels:history", "channels:read"),
                *("im:history", "im:write", "users:read", "app_mentions:read", "reactions:write", "usergroups:read"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("message.channels", "message.im", "app_mention", "app_home_opened", "member_joined_channel"),
                *("channel_left", "channel_archive", "file_deleted"),
            ]
        }
    },
}

Connect = Callable[[Callable[[App], None]], App]


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, "teal").save(held, kind)
    return held.getvalue()


def buttons(*labels: str) -> list[dict[str, Any]]:
    return [
        {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "a card"}},
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                {
                    "type": "button",
                    "action_id": f"act_{place}",
                    "value": label.lower(),
                    "text": {"type": "plain_text", "text": label},
                }
                for place, label in enumerate(labels)
            ],
        },
    ]


def noting(heard: list[Any], pick: Callable[[dict[str, Any]], Any] = lambda body: body) -> Callable[..., None]:
    """A listener that acknowledges and keeps what `pick` takes of each payload."""

    def listen(ack: Ack, body: dict[str, Any]) -> None:
        heard.append(pick(body))
        ack()

    return listen


def bolt_app(slack: SlackSandbox) -> App:
    web = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    logger = logging.getLogger("bolt-under-test")
    return App(client=web, signing_secret=slack.signing_secret, logger=logger, listener_executor=ThreadPoolExecutor(20))


@contextmanager
def socket_handler(slack: SlackSandbox, register: Callable[[App], None]) -> Iterator[SocketModeHandler]:
    app = bolt_app(slack)
    register(app)
    before = slack.connections
    handler = open_socket(app, slack.app_token)  # as the bot does: `connect` alone connects twice
    slack.wait(lambda: slack.connections > before, what="the app's socket")
    try:
        yield handler
    finally:
        _end(slack, handler)


@contextmanager
def socket_app(slack: SlackSandbox, register: Callable[[App], None]) -> Iterator[App]:
    with socket_handler(slack, register) as handler:
        yield handler.app


def _end(slack: SlackSandbox, handler: SocketModeHandler) -> None:
    """End a connection from the far side.

    Closed by websocket-client itself it may linger in a select for 10 s; closed by the server it keeps its socket, so
    that is closed here.
    """
    handler.client.auto_reconnect_enabled = False
    session, handler.client.current_session = handler.client.current_session, None
    connection = None if session is None else session.sock
    slack.faults.close_sockets()
    slack.wait(lambda: session is None or session.sock is None, what="the app's end of the socket")
    if connection is not None:
        connection.shutdown()
    handler.close()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def http_app(slack: SlackSandbox, register: Callable[[App], None]) -> Iterator[App]:
    app = bolt_app(slack)
    register(app)
    with make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        slack.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
        try:
            yield app
        finally:
            slack.deliver_to(None)
            server.shutdown()
            thread.join()


def modal(title: str = "Thresholds", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a view
    accept = {
        "type": "input",
        "block_id": "accept",
        "label": {"type": "plain_text", "text": "Accept"},
        "element": {"type": "plain_text_input", "action_id": "value", "initial_value": "0.95"},
    }
    words = {key: {"type": "plain_text", "text": text} for key, text in (("title", title), ("submit", "Save"))}
    return {"type": "modal", "callback_id": "thresholds", "blocks": [accept, *buttons("More")], **words, **more}


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        work()
    return str(caught.value.response["error"])
