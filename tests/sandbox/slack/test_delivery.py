"""Socket Mode and HTTP delivery: acknowledgements, retries, several connections, refresh, faults."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import pytest
import websocket
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.http_delivery import body_of, signature
from tests.sandbox.slack.bolt_apps import Connect, buttons, http_app, socket_handler

Json = dict[str, Any]


class RawSocket:
    """One Socket Mode connection, frame by frame."""

    def __init__(self, slack: SlackSandbox) -> None:
        opened = WebClient(token=slack.app_token, base_url=slack.api_url).apps_connections_open(
            app_token=slack.app_token
        )
        self._socket = websocket.create_connection(opened["url"], timeout=5)
        self.hello = self.receive()

    def receive(self) -> Json:
        frame = self._socket.recv()
        if not frame:
            raise websocket.WebSocketConnectionClosedException("the server ended the connection")
        return dict(json.loads(frame))

    def acknowledge(self, envelope: Json, payload: Json | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({} if payload is None else {"payload": payload})
        self._socket.send(json.dumps(answer))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.shutdown()


@contextmanager
def acting(work: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - any callable
    """Do something a member does while the test plays the app."""
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(work()))
    thread.start()
    yield done
    thread.join(10)


def test_an_envelope_carries_what_slack_sends(slack: SlackSandbox) -> None:
    with RawSocket(slack) as app:
        assert app.hello["type"] == "hello"
        assert app.hello["num_connections"] == 1
        with acting(lambda: slack.slash("dana", "labels", "/annotate", "help")) as done:
            envelope = app.receive()
            app.acknowledge(envelope, {"text": "hello"})
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        payload = envelope["payload"]
        assert (payload["command"], payload["text"], payload["channel_name"]) == ("/annotate", "help", "labels")
        assert payload["response_url"].startswith(slack.url)
        assert done[0].text == "hello"
        with acting(lambda: slack.say("omar", "labels", "hi")):
            envelope = app.receive()
            app.acknowledge(envelope)
        assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
        event = envelope["payload"]["event"]
        assert (event["type"], event["channel_type"], event["text"]) == ("message", "channel", "hi")


def test_a_ticket_is_used_once(slack: SlackSandbox) -> None:
    url = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]
    websocket.create_connection(url, timeout=5).shutdown()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(url, timeout=5)


def test_each_payload_goes_to_one_connection(slack: SlackSandbox) -> None:
    with RawSocket(slack) as one, RawSocket(slack) as other:
        assert other.hello["num_connections"] == 2
        heard: list[str] = []
        for app in (one, other):
            threading.Thread(target=_echo, args=(app, heard, 3), daemon=True).start()
        for number in range(6):
            slack.say("dana", "labels", str(number))
        assert sorted(heard) == ["0", "1", "2", "3", "4", "5"]


def _echo(app: RawSocket, heard: list[str], times: int) -> None:
    for _ in range(times):
        envelope = app.receive()
        heard.append(envelope["payload"]["event"]["text"])
        app.acknowledge(envelope)


def test_an_eleventh_connection_is_one_too_many(slack: SlackSandbox) -> None:
    with ExitStack() as stack:
        for number in range(10):
            assert stack.enter_context(RawSocket(slack)).hello["num_connections"] == number + 1
        one_more = stack.enter_context(RawSocket(slack))
        assert one_more.hello["reason"] == "too_many_websockets"
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            one_more.receive()
        assert slack.connections == 10


def test_an_event_without_an_answer_comes_again_with_its_id(slack: SlackSandbox) -> None:
    slack.tune(ack_deadline_s=0.1, retry_delays_s=(0.0, 0.05, 0.05))
    with RawSocket(slack) as app:
        with acting(lambda: slack.say("dana", "labels", "hi")):
            tries = [app.receive() for _ in range(3)]
        app.acknowledge(tries[-1])
        assert len({envelope["payload"]["event_id"] for envelope in tries}) == 1
        assert [envelope["retry_attempt"] for envelope in tries] == [0, 1, 2]
        assert tries[1]["retry_reason"] == "http_timeout"
        slack.wait(lambda: slack.deliveries[-1]["ok"], what="the third try")


def test_a_click_without_an_answer_is_lost_and_said_so(slack: SlackSandbox, client: WebClient) -> None:
    slack.tune(ack_deadline_s=0.1)
    ts = client.chat_postMessage(channel="C0LABELS01", text="card", blocks=buttons("Approve"))["ts"]
    assert slack.press("dana", "labels", ts, "Approve") == (False, "dispatch_failed")
    with RawSocket(slack) as app:
        assert slack.press("dana", "labels", ts, "Approve") == (False, "operation_timeout")
        assert app.receive()["type"] == "interactive"
        assert slack.press("dana", "labels", ts, "Reject") == (False, "no_such_button")


def test_calls_are_served_while_a_delivery_is_open(slack: SlackSandbox, connect: Connect) -> None:
    def register(app: App) -> None:
        @app.command("/annotate")
        def call_before_answering(ack: Ack, client: WebClient) -> None:
            client.chat_postMessage(channel="C0LABELS01", text="first")
            ack("second")

    connect(register)
    assert slack.slash("dana", "labels", "/annotate").text == "second"
    assert slack.messages("labels")[0]["text"] == "first"


def test_faults_of_delivery(slack: SlackSandbox, connect: Connect) -> None:
    heard: list[str] = []

    def register(app: App) -> None:
        app.event("message")(lambda event: heard.append(event["text"]))

    connect(register)
    slack.tune(retry_delays_s=(0.0,))
    slack.faults.duplicate_deliveries()
    slack.say("dana", "labels", "twice")
    slack.wait(lambda: heard.count("twice") == 2, what="the duplicate")
    slack.faults.drop_deliveries()
    slack.say("dana", "labels", "again")
    slack.wait(lambda: "again" in heard, what="the retry")
    assert [line["error"] for line in slack.deliveries if not line["ok"]] == ["operation_timeout"]


def test_a_refresh_lets_what_is_under_way_be_answered_and_ends_the_old_connection(slack: SlackSandbox) -> None:
    with RawSocket(slack) as app, acting(lambda: slack.slash("dana", "labels", "/annotate")) as done:
        envelope = app.receive()
        with acting(slack.faults.refresh_sockets):
            assert app.receive()["reason"] == "refresh_requested"
            assert slack.connections == 0
            app.acknowledge(envelope, {"text": "just in time"})
            with pytest.raises(websocket.WebSocketConnectionClosedException):
                app.receive()
    assert done[0].text == "just in time"


def test_a_refresh_moves_the_app_to_a_new_connection(slack: SlackSandbox) -> None:
    def register(app: App) -> None:
        app.command("/annotate")(lambda ack: ack("still here"))

    def moved() -> bool:
        return slack.call_counts["apps.connections.open"] > opened and slack.connections == 1

    with socket_handler(slack, register) as handler:
        opened = slack.call_counts["apps.connections.open"]
        session = handler.client.current_session
        before = None if session is None else session.sock
        slack.faults.refresh_sockets()
        slack.wait(moved, timeout=25, what="a new socket")  # the client now and then sits in a select for 10 s
        if before is not None:
            before.shutdown()  # websocket-client leaves the socket open that the far side ended
        assert slack.slash("dana", "labels", "/annotate").text == "still here"


def test_what_the_manifest_does_not_ask_for_is_not_delivered(slack: SlackSandbox) -> None:
    with RawSocket(slack) as app:
        slack.say("dana", "second", "the bot is not here")
        with acting(lambda: slack.join("second")):
            envelope = app.receive()
            app.acknowledge(envelope)
        assert envelope["payload"]["event"]["type"] == "member_joined_channel"
        assert envelope["payload"]["event"]["user"] == slack.bot_user_id
        with acting(lambda: slack.kick("second")):
            envelope = app.receive()
            app.acknowledge(envelope)
        assert envelope["payload"]["event"]["type"] == "channel_left"
        assert slack.slash("dana", "labels", "/unknown").text == "`/unknown` is not a valid command."


def test_a_mention_is_an_event_of_its_own(slack: SlackSandbox, over_http: Connect) -> None:
    heard: list[str] = []

    def register(app: App) -> None:
        app.event("app_mention")(lambda event: heard.append(event["text"]))
        app.event("message")(lambda: None)

    over_http(register)
    slack.say("dana", "labels", f"<@{slack.bot_user_id}> help")
    slack.wait(lambda: heard, what="the mention")


def test_signatures_are_slacks(slack: SlackSandbox) -> None:
    _kind, body = body_of("slash_commands", {"command": "/annotate", "text": "a & b ü"})
    verifier = SignatureVerifier(slack.signing_secret)
    now = int(time.time())
    assert verifier.is_valid(body, str(now), signature(slack.signing_secret, now, body))
    assert not verifier.is_valid(body + b"x", str(now), signature(slack.signing_secret, now, body))


def test_a_request_url_is_verified_by_a_challenge(slack: SlackSandbox) -> None:
    assert not slack.verify_request_url()
    with http_app(slack, lambda _app: None):
        assert slack.verify_request_url()
        slack.deliver_to(slack.url + "/nowhere")
        assert not slack.verify_request_url()


def test_http_errors_are_retried_for_events_only(slack: SlackSandbox) -> None:
    tries: list[str] = []

    def register(app: App) -> None:
        @app.event("message")
        def fail(request: Any) -> None:  # noqa: ANN401 - Bolt's request
            tries.append(request.headers.get("x-slack-retry-num", ["0"])[0])

    with http_app(slack, register):
        slack.tune(retry_delays_s=(0.0, 0.0))
        assert slack.slash("dana", "labels", "/annotate").text.endswith('"dispatch_failed"')
        slack.deliver_to(slack.url + "/nowhere")
        slack.say("dana", "labels", "hi")
        slack.wait(lambda: len(slack.deliveries) == 4, what="two more tries")
        assert [line["error"] for line in slack.deliveries][1:] == ["http_status_404"] * 3
    assert tries == []


def test_a_held_call_waits_and_then_goes_on(slack: SlackSandbox, client: WebClient) -> None:
    with slack.faults.hold("chat.postMessage"):
        with acting(lambda: client.chat_postMessage(channel="C0LABELS01", text="held")) as done:
            client.auth_test()
            assert slack.messages("labels") == []
            slack.faults.clear()
        assert done[0]["ok"] is True
