"""What the local page is served, told and allowed."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import MANIFEST, Connect, buttons, noting, picture
from tests.sandbox.slack.test_delivery import RawSocket

Json = dict[str, Any]
HOSTILE = "<!channel> <script>alert(1)</script> \u202etxt.exe \u200b \U0001f600"


class Page:
    """The page's side of its API."""

    def __init__(self, slack: SlackSandbox, user: str = "dana") -> None:
        self.slack, self.user = slack, user

    def get(self, path: str) -> Json:
        with urllib.request.urlopen(self.slack.url + path) as answer:  # noqa: S310 - loopback
            return dict(json.loads(answer.read()))

    def post(self, path: str, body: Json, headers: dict[str, str] | None = None) -> Json:
        headers = {"Content-Type": "application/json", "X-Sandbox": "1"} if headers is None else headers
        return self._send(path, json.dumps({"user": self.user, **body}).encode(), headers)

    def _send(self, path: str, body: bytes, headers: dict[str, str]) -> Json:
        request = urllib.request.Request(f"{self.slack.url}/page/api/{path}", body, headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return {"status": error.code, **json.loads(error.read())}

    def upload(self, *files: tuple[str, bytes]) -> Json:
        edge = b"--edge\r\n"
        body = b"".join(
            edge
            + f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + content
            + b"\r\n"
            for name, content in files
        )
        headers = {"Content-Type": "multipart/form-data; boundary=edge", "X-Sandbox": "1"}
        return self._send(f"upload?user={self.user}&channel=labels", body + b"--edge--\r\n", headers)

    @contextmanager
    def listening(self) -> Iterator[Iterator[Json]]:
        """The server's events, one by one."""
        host = self.slack.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=5)
        connection.request("GET", f"/page/api/events?user={self.user}")
        answer = connection.getresponse()
        answer.readline()
        try:
            yield (json.loads(line[6:]) for line in iter(answer.readline, b"") if line.startswith(b"data: "))
        finally:
            answer.close()
            connection.close()


def test_two_pages_and_two_bots_at_once(slack: SlackSandbox) -> None:
    said = [f"message {number}" for number in range(8)]
    pages = Page(slack, "dana"), Page(slack, "omar")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(6))
        bots = [stack.enter_context(RawSocket(slack)) for _ in range(2)]
        heard = [pool.submit(answering, bot, len(said) // 2) for bot in bots]
        dana, omar = (stack.enter_context(page.listening()) for page in pages)
        for place, text in enumerate(said):
            pool.submit(pages[place % 2].post, "say", {"channel": "labels", "text": text})
        assert sorted(text for bot in heard for text in bot.result(10)) == said
        for events in (dana, omar):
            shown = {event["message"]["text"] for event in islice(messages(events), len(said))}
            assert shown == set(said)


def answering(bot: RawSocket, count: int) -> list[str]:
    """What one of several bots hears; deliveries go to them in turn."""
    heard = []
    for _ in range(count):
        envelope = bot.receive()
        bot.acknowledge(envelope)
        heard.append(envelope["payload"]["event"]["text"])
    return heard


def messages(events: Iterator[Json]) -> Iterator[Json]:
    return (event for event in events if event["type"] == "message")


def test_too_much_and_nonsense_are_refused(page: Page) -> None:
    headers = {"Content-Type": "application/json", "X-Sandbox": "1"}
    for body in (b"x" * 50_000_000, b"[" * 100_000, b"[]", b"\xff"):
        assert page._send("say", body, headers)["status"] == 400
    assert page._send("upload?user=dana&channel=labels", b"x", {**headers, "Content-Type": "multipart/form-data"})[
        "error"
    ]


@pytest.fixture
def page(slack: SlackSandbox) -> Page:
    return Page(slack)


def test_the_page_and_its_parts_are_served(slack: SlackSandbox) -> None:
    for path in ("/", "/page/static/main.js"):
        with urllib.request.urlopen(slack.url + path) as answer:  # noqa: S310 - loopback
            assert answer.status == 200
    for path in ("/page/static/..%2f__init__.py", "/page/static/%2fetc%2fpasswd", "/page/static/none.js"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(slack.url + path)  # noqa: S310 - loopback
        caught.value.close()
        assert caught.value.code == 404


def test_the_state_says_what_the_page_needs(slack: SlackSandbox, page: Page) -> None:
    state = page.get("/page/api/state?user=omar")
    assert state["me"]["name"] == "omar"
    assert [member["name"] for member in state["members"]] == ["dana", "omar", "mia"]
    assert [channel["name"] for channel in state["channels"]] == ["labels", "general", "second"]
    assert state["commands"][0] == {"command": "/annotate", "description": "label", "usage_hint": "setup people"}
    assert (state["delivery"], state["connected"], state["samples"]) == ("socket", False, 0)
    slack.deliver_to(slack.url)
    assert page.get("/page/api/state?user=")["delivery"] == "http"


def test_messages_have_their_threads_and_unread_marks_go(slack: SlackSandbox, client: WebClient, page: Page) -> None:
    ts = client.chat_postMessage(channel="C0LABELS01", text=HOSTILE, blocks=buttons("Approve"))["ts"]
    slack.say("omar", "labels", "indeed", thread_ts=ts)
    client.chat_postEphemeral(channel="C0LABELS01", user="U0OMAR00001", text="for omar")

    def unread() -> int:
        channels = page.get("/page/api/state?user=dana")["channels"]
        return int(next(channel["unread"] for channel in channels if channel["name"] == "labels"))

    assert unread() == 1
    seen = page.get("/page/api/messages?user=dana&channel=C0LABELS01")
    assert unread() == 0
    [message] = seen["messages"]
    assert (message["text"], message["is_bot"], message["name"], message["reply_count"]) == (
        HOSTILE,
        True,
        "annotate",
        1,
    )
    assert message["replies"][0]["name"] == "omar"
    assert seen["ephemerals"] == []
    notes = page.get("/page/api/messages?user=omar&channel=labels")["ephemerals"]
    assert [note["text"] for note in notes] == ["for omar"]


def test_the_stream_tells_each_member_what_they_may_know(slack: SlackSandbox, client: WebClient, page: Page) -> None:
    with page.listening() as events:
        client.chat_postEphemeral(channel="C0LABELS01", user="U0OMAR00001", text="for omar")
        client.chat_postMessage(channel="C0LABELS01", text=HOSTILE)
        shown = [event for event in (next(events), next(events), next(events)) if event["type"] != "log"]
        assert [(event["type"], event["message"]["text"]) for event in shown] == [("message", HOSTILE)]
        client.chat_update(channel="C0LABELS01", ts=shown[0]["ts"], text="changed")
        event = next(event for event in events if event["type"] == "changed")
        assert event["message"]["edited"] is not None
        slack.delete_message("labels", shown[0]["ts"])
        assert next(event for event in events if event["type"] == "deleted")["ts"] == shown[0]["ts"]


def test_the_page_acts_for_its_member(slack: SlackSandbox, over_http: Connect, page: Page, client: WebClient) -> None:
    heard: list[str] = []

    def register(app: App) -> None:
        app.command("/annotate")(lambda ack, command: ack(f"{command['user_name']}: {command['text']}"))
        app.action("act_0")(noting(heard, lambda body: body["user"]["username"]))
        app.event("message")(lambda: None)

    over_http(register)
    assert (
        page.post("slash", {"channel": "C0LABELS01", "text": "/annotate setup  people"})["text"]
        == "dana: setup  people"
    )
    assert page.post("say", {"channel": "labels", "text": HOSTILE})["ok"] is True
    assert slack.messages("labels")[-1]["text"] == HOSTILE
    assert page.upload(("ä b.png", picture()), ("notes.svg", b"<svg/>"))["ok"] is True
    assert [file["name"] for file in slack.messages("labels")[-1]["files"]] == ["ä b.png", "notes.svg"]
    ts = client.chat_postMessage(channel="C0LABELS01", text="card", blocks=buttons("Approve"))["ts"]
    press = {"channel": "C0LABELS01", "ts": ts, "action_id": "act_0", "block_id": "row", "value": "approve"}
    assert page.post("press", press)["ok"] is True
    assert heard == ["dana"]
    assert page.post("press", {**press, "action_id": "gone"})["error"].startswith("This button is not there")


def test_a_file_is_shown_but_never_run(slack: SlackSandbox, page: Page) -> None:
    page.upload(("cat.png", picture()), ("evil.html", b"<script>"), ("evil.svg", b"<svg/>"))
    kinds = []
    for file in slack.messages("labels")[0]["files"]:
        with urllib.request.urlopen(f"{slack.url}/page/file/{file['id']}") as answer:  # noqa: S310 - loopback
            kinds.append((answer.headers["Content-Type"], answer.headers["Content-Disposition"].split(";")[0]))
    assert kinds == [("image/png", "inline"), *[("application/octet-stream", "attachment")] * 2]


def test_foreign_pages_are_kept_out(slack: SlackSandbox, page: Page) -> None:
    assert page.post("say", {"channel": "labels", "text": "x"}, headers={"Content-Type": "text/plain"})["status"] == 403
    request = urllib.request.Request(slack.url + "/page/api/state?user=dana", headers={"Host": "evil.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)  # noqa: S310 - loopback
    caught.value.close()
    assert caught.value.code == 403
    assert slack.messages("labels") == []


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("say", {"channel": "labels", "text": " "}, "There is nothing to send."),
        ("say", {"channel": "nowhere", "text": "x"}, "There is no such channel."),
        ("press", {"channel": "labels", "ts": "1.2"}, "This message is gone."),
        ("view/submit", {"view_id": "V0"}, "This dialog is closed already."),
        ("samples", {"channel": "labels"}, "There are no sample photographs here."),
        ("shortcut", {"callback_id": "none"}, "The app offers no such shortcut."),
        ("home/open", {"user": "nobody"}, "Nobody here has this name."),
    ],
)
def test_refusals_are_plain_sentences(page: Page, path: str, body: Json, sentence: str) -> None:
    assert page.post(path, body) == {"status": 400, "error": sentence}


def test_samples_and_holdings(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    samples = [("a.png", tmp_path / "a.png"), ("b.png", tmp_path / "a.png")]
    with SlackSandbox(manifest=MANIFEST, samples=samples, holds=lambda: {"inputs": [{"id": "in1"}]}) as slack:
        page = Page(slack, "mia")
        assert page.get("/page/api/state?user=mia")["samples"] == 2
        page.post("samples", {"channel": "labels"})
        assert [file["name"] for file in slack.messages("labels")[0]["files"]] == ["a.png", "b.png"]
        assert page.get("/page/api/holds") == {"inputs": [{"id": "in1"}]}
        assert page.get("/page/api/home?user=mia") == {"view": None}


def test_the_log_names_calls_and_deliveries(slack: SlackSandbox, client: WebClient, page: Page) -> None:
    client.chat_postMessage(channel="C0LABELS01", text="x")
    slack.say("dana", "labels", "y")
    names = [(line["kind"], line["name"], line["ok"]) for line in page.get("/page/api/log")["log"]]
    assert ("api", "chat.postMessage", True) in names
    assert ("delivery", "message", False) in names


def test_two_pages_see_the_same(slack: SlackSandbox) -> None:
    one, other = Page(slack, "dana"), Page(slack, "omar")
    with one.listening() as first, other.listening() as second:
        slack.say("mia", "labels", "hello")
        for events in (first, second):
            assert next(event for event in events if event["type"] == "message")["message"]["text"] == "hello"


def test_somebody_elses_message_stays(slack: SlackSandbox) -> None:
    ts = slack.say("dana", "labels", "stay")
    answer = Page(slack, "omar").post("delete", {"channel": "labels", "ts": ts})
    assert answer["error"] == "Only its author or an admin may delete a message."
