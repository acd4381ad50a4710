"""What outlives the process, also when it is killed."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import MANIFEST, buttons, http_app, noting, picture

KILLED_IN_THE_MIDDLE = """
import sys
from pathlib import Path
from bot.sandbox.slack import SlackSandbox
sandbox = SlackSandbox(manifest={}, data=Path(sys.argv[1]), rate_limits=False).start()
number = 0
while True:
    ts = sandbox.upload("dana", "labels", [("a.png", b"bytes")], str(number))
    print(ts, flush=True)
    number += 1
"""


def test_channels_messages_files_and_tokens_are_there_again(tmp_path: Path) -> None:
    content = picture()
    with SlackSandbox(manifest=MANIFEST, data=tmp_path, rate_limits=False) as slack:
        tokens = (slack.bot_token, slack.app_token, slack.signing_secret)
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        slack.join("second")
        slack.upload("dana", "second", [("cat.png", content)])
        metadata = {"event_type": "annotate_card", "event_payload": {"id": "7"}}
        ts = client.chat_postMessage(channel="C0LABELS01", text="card", blocks=buttons("Go"), metadata=metadata)["ts"]
        client.chat_postMessage(channel="C0LABELS01", text="reply", thread_ts=ts)
        client.views_publish(user_id="U0DANA00001", view={"type": "home", "blocks": buttons("Go")})
        before = (slack.messages("labels"), slack.replies("labels", ts))
    with SlackSandbox(manifest=MANIFEST, data=tmp_path, rate_limits=False) as slack:
        assert (slack.bot_token, slack.app_token, slack.signing_secret) == tokens
        assert (slack.messages("labels"), slack.replies("labels", ts)) == before
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        [shared] = slack.messages("second")
        assert shared["files"][0]["url_private"].startswith(slack.url)
        assert client.files_info(file=shared["files"][0]["id"])["file"]["size"] == len(content)
        assert slack.home("dana") is not None
        assert client.chat_postMessage(channel="C0SECOND01", text="later")["ts"] > ts


def test_a_killed_workspace_keeps_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline().strip() for _ in range(20)]
        child.kill()
        said += child.stdout.read().split()
    with SlackSandbox(manifest={}, data=tmp_path) as slack:
        kept = slack.messages("labels")
        assert [message["ts"] for message in kept][: len(said)] == said
        assert [message["text"] for message in kept] == [str(number) for number in range(len(kept))]
        assert all(message["files"][0]["size"] == len(b"bytes") for message in kept)


def test_an_event_that_was_not_delivered_comes_after_the_restart(tmp_path: Path) -> None:
    with SlackSandbox(manifest=MANIFEST, data=tmp_path) as slack:
        ts = slack.upload("dana", "labels", [("cat.png", picture())])
    heard: list[str] = []
    with (
        SlackSandbox(manifest=MANIFEST, data=tmp_path) as slack,
        http_app(slack, lambda app: app.event("message")(noting(heard, lambda body: body["event"]["ts"])) and None),
    ):
        slack.wait(lambda: heard == [ts], what="the upload of before")
    with SlackSandbox(manifest=MANIFEST, data=tmp_path) as slack, http_app(slack, lambda _app: None):
        assert slack.deliveries == []


def test_stopping_leaves_no_thread_and_frees_the_port() -> None:
    before = threading.active_count()
    slack = SlackSandbox(manifest=MANIFEST).start()
    port = int(slack.url.rsplit(":", 1)[1])
    slack.stop()
    slack.stop()
    assert threading.active_count() == before
    with SlackSandbox(manifest=MANIFEST, port=port) as again:
        assert again.url.endswith(str(port))
        with pytest.raises(OSError, match="in use"):
            SlackSandbox(manifest=MANIFEST, port=port).start()


def test_waiting_ends_at_once_when_it_happens_and_names_what_did_not(slack: SlackSandbox) -> None:
    slack.say("dana", "labels", "the last words")
    with pytest.raises(TimeoutError, match=r"waited 0.05 s for a miracle.*the last words"):
        slack.wait(lambda: False, timeout=0.05, what="a miracle")
    started = time.monotonic()
    threading.Timer(0.05, slack.say, ("omar", "labels", "now")).start()
    slack.wait(lambda: len(slack.messages("labels")) == 2, what="the second message")
    assert time.monotonic() - started < 1
