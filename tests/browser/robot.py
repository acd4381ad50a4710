"""A small Bolt app that stands for the bot and remembers what reached it.

It is reached by signed HTTP, because the sockets of the SDK's clients take half a second to open and to close.
"""

import re
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, make_server

from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox

Json = dict[str, Any]
DEADLINE_S = 10.0

MANIFEST: Mapping[str, Any] = {
    "display_information": {"name": "Robot"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "robot", "always_online": True},
        "slash_commands": [
            {
                "command": "/annotate",
                "description": "Label images",
                "usage_hint": "setup | help",
                "should_escape": False,
            },
            {"command": "/annotate-thresholds", "description": "Change thresholds", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "Why this label?", "type": "message", "callback_id": "why", "description": "Explains a label"},
            {"name": "Open my queue", "type": "global", "callback_id": "queue", "description": "Opens the queue"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:read", "files:write", "channels:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

FORM: Json = {
    "type": "modal",
    "callback_id": "setup",
    "title": {"type": "plain_text", "text": "Set up labelling"},
    "submit": {"type": "plain_text", "text": "Set up"},
    "blocks": [
        {
            "type": "input",
            "block_id": "concepts",
            "label": {"type": "plain_text", "text": "Concepts"},
            "element": {"type": "plain_text_input", "action_id": "names"},
        },
        {
            "type": "input",
            "block_id": "checks",
            "label": {"type": "plain_text", "text": "Checks"},
            "element": {
                "type": "static_select",
                "action_id": "share",
                "options": [
                    {"text": {"type": "plain_text", "text": "All until proven"}, "value": "all"},
                    {"text": {"type": "plain_text", "text": "One in five"}, "value": "fifth"},
                ],
            },
        },
    ],
}


MORE_TITLE: Json = {"type": "plain_text", "text": "More concepts"}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


class Robot:
    """Answers as a test needs it; everything that reached it is in `heard`, under the kind of thing it was."""

    def __init__(self, slack: SlackSandbox) -> None:
        self._slack = slack
        self.web = WebClient(token=slack.bot_token, base_url=slack.api_url)
        self.app = App(client=self.web, signing_secret=slack.signing_secret)
        self.on_press: Callable[[Json], None] = lambda _body: None
        self.form = FORM
        self.heard: list[tuple[str, Json]] = []
        self._news = threading.Condition()
        self._server = make_server("127.0.0.1", 0, SlackRequestHandler(self.app), handler_class=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._listen()
        self._listen_to_forms()
        self._listen_to_events()

    def _note(self, kind: str, body: Json) -> None:
        with self._news:
            self.heard.append((kind, body))
            self._news.notify_all()

    def _listen(self) -> None:
        @self.app.action(re.compile(""))
        def pressed(ack: Ack, body: Json) -> None:
            ack()
            self._note("press", body)
            self.on_press(body)

        @self.app.command("/annotate")
        def commanded(ack: Ack, body: Json) -> None:
            self._note("command", body)
            if body["text"] == "form":
                self.web.views_open(trigger_id=body["trigger_id"], view=self.form)
                ack()
            else:
                ack(f"You wrote: {body['text']}")

    def _listen_to_forms(self) -> None:
        @self.app.view("setup")
        def submitted(ack: Ack, body: Json) -> None:
            self._note("submission", body)
            names = body["view"]["state"]["values"].get("concepts", {"names": {"value": ""}})["names"]["value"]
            if names.isdigit():
                ack(response_action="errors", errors={"concepts": "A number is not a concept."})
            elif names == "more":
                ack(response_action="push", view={**FORM, "callback_id": "more", "title": MORE_TITLE})
            else:
                ack()

        @self.app.options(re.compile(""))
        def asked_for_names(ack: Ack, body: Json) -> None:
            self._note("suggestion", body)
            names = [name for name in ("vehicle", "van", "man") if name.startswith(body["value"])]
            ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name} for name in names])

    def _listen_to_events(self) -> None:
        @self.app.shortcut("why")
        def asked(ack: Ack, body: Json) -> None:
            ack()
            self._note("shortcut", body)

        @self.app.event("message")
        def shared(event: Json) -> None:
            self._note("message", event)

        @self.app.event("app_home_opened")
        def home(event: Json) -> None:
            text = {"type": "plain_text", "text": "Nothing waits for you"}
            self.web.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": [{"type": "header", "text": text}]}
            )

    def first(self, kind: str) -> Json:
        """The first thing of `kind` that reached the app, waited for up to 10 s."""
        with self._news:
            arrived = self._news.wait_for(lambda: any(name == kind for name, _ in self.heard), DEADLINE_S)
            assert arrived, f"no {kind} reached the app; it heard {[name for name, _ in self.heard]}"
            return next(body for name, body in self.heard if name == kind)

    def __enter__(self) -> Self:
        self._thread.start()
        self._slack.deliver_to(f"http://127.0.0.1:{self._server.server_port}/slack/events")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._slack.deliver_to(None)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.app.listener_runner.listener_executor.shutdown(wait=True)
