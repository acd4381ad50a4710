"""The panel that makes Slack fail, moves the bot's clock and stops its parts."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import BotControls, SlackSandbox
from bot.sandbox.slack.controls import until_morning
from tests.sandbox.slack.bolt_apps import MANIFEST, Connect, buttons, noting, picture
from tests.sandbox.slack.test_page_api import Page

LABELS = "C0LABELS01"


class BotAround:
    """A bot that only remembers how it was moved."""

    def __init__(self) -> None:
        self.moved: list[timedelta] = []
        self.switched: list[tuple[str, bool]] = []

    def switch(self, part: str, *, on: bool) -> None:
        self.switched.append((part, on))

    @property
    def controls(self) -> BotControls:
        return BotControls(self.moved.append, self.switch, {"worker": "does the work"})


@pytest.fixture
def around() -> BotAround:
    return BotAround()


@pytest.fixture
def moved(around: BotAround) -> Iterator[Page]:
    with SlackSandbox(manifest=MANIFEST, rate_limits=False, controls=around.controls) as sandbox:
        yield Page(sandbox)


@pytest.fixture
def page(slack: SlackSandbox) -> Page:
    return Page(slack)


def test_an_outage_lasts_until_it_is_ended(
    slack: SlackSandbox, client: WebClient, page: Page, over_http: Connect
) -> None:
    heard: list[Any] = []

    def register(app: App) -> None:
        app.action("act_0")(noting(heard))

    over_http(register)
    ts = client.chat_postMessage(channel=LABELS, text="x", blocks=buttons("Go"))["ts"]
    assert page.post("controls/fault", {"kind": "outage", "on": True})["outage"] is True
    slack.upload("dana", LABELS, [("a.png", picture())])
    with pytest.raises(urllib.error.HTTPError, match="503") as no_file:
        urllib.request.urlopen(slack.messages(LABELS)[-1]["files"][0]["url_private"])  # noqa: S310 - loopback
    no_file.value.close()
    for _ in range(2):
        with pytest.raises(SlackApiError) as away:
            client.chat_postMessage(channel=LABELS, text="y")
        assert away.value.response.status_code == 503
    assert not slack.press("dana", LABELS, ts, "Go").ok
    page.post("controls/fault", {"kind": "outage", "on": False})
    client.chat_postMessage(channel=LABELS, text="z")
    assert slack.press("dana", LABELS, ts, "Go").ok
    assert len(heard) == 1


def test_faults_are_planted_and_cleared(client: WebClient, page: Page) -> None:
    page.post("controls/fault", {"kind": "limit", "method": "chat.postMessage", "times": 1})
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel=LABELS, text="x")
    page.post("controls/fault", {"kind": "fail", "times": 3})
    with pytest.raises(SlackApiError, match="internal_error"):
        client.auth_test()
    page.post("controls/fault", {"kind": "duplicate", "times": 2})
    assert page.post("controls/fault", {"kind": "drop"})["left"] == {"calls": 2, "duplicates": 2, "drops": 1}
    page.post("controls/fault", {"kind": "latency", "ms": 20})
    cleared = page.post("controls/fault", {"kind": "clear"})
    assert (cleared["left"], cleared["latency_ms"]) == ({"calls": 0, "duplicates": 0, "drops": 0}, 0)
    assert page.post("controls/fault", {"kind": "rate_limits", "on": True})["rate_limits"] is True


@pytest.mark.parametrize("kind", ["refresh", "warning", "close"])
def test_the_sockets_can_be_moved_from_the_page(page: Page, kind: str) -> None:
    assert page.post("controls/fault", {"kind": kind})["connections"] == 0


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "nonsense"},
        {"kind": None},
        {"kind": "fail", "times": 0},
        {"kind": "fail", "times": True},
        {"kind": "latency", "ms": 10_001},
        {"kind": "latency", "ms": "1"},
    ],
)
def test_wishes_nobody_understands_are_refused(page: Page, wish: dict[str, Any]) -> None:
    assert page.post("controls/fault", wish)["status"] == 400


def test_without_a_bot_around_there_is_no_clock(page: Page) -> None:
    shown = page.get("/page/api/controls")
    assert (shown["clock"], shown["parts"]) == (False, [])
    assert "does not run beside" in page.post("controls/advance", {"minutes": 5})["error"]
    assert page.post("controls/switch", {"part": "worker", "on": False})["status"] == 400


def test_the_clock_goes_forward_only(moved: Page, around: BotAround) -> None:
    assert moved.post("controls/advance", {"minutes": 24 * 60})["clock"] is True
    assert moved.post("controls/advance", {"minutes": -1})["status"] == 400
    assert moved.post("controls/advance", {"minutes": 10**9})["status"] == 400
    assert around.moved == [timedelta(days=1)]


def test_the_next_morning_is_the_members_own(moved: Page, around: BotAround) -> None:
    moved.post("controls/advance", {"morning_of": "U0MIA000001"})
    assert moved.post("controls/advance", {"morning_of": "nobody"})["status"] == 400
    [by] = around.moved
    assert timedelta(0) < by <= timedelta(days=1)


def test_a_day_in_spring_is_an_hour_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert until_morning(datetime(2027, 3, 27, 9, 5, tzinfo=berlin), berlin) == timedelta(hours=23)
    assert until_morning(datetime(2026, 11, 26, 23, 5, tzinfo=UTC), berlin) == timedelta(hours=9)


def test_a_part_stops_and_comes_back_by_itself(moved: Page, around: BotAround) -> None:
    stopped = moved.post("controls/switch", {"part": "worker", "on": False, "for_s": 1})
    assert stopped["parts"] == [{"name": "worker", "about": "does the work", "runs": False}]
    moved.slack.wait(lambda: around.switched == [("worker", False), ("worker", True)], what="the part is back")
    assert moved.post("controls/switch", {"part": "nobody", "on": False})["status"] == 400


def test_a_part_can_be_called_back_early(moved: Page, around: BotAround) -> None:
    moved.post("controls/switch", {"part": "worker", "on": False, "for_s": 600})
    assert moved.post("controls/switch", {"part": "worker", "on": True})["parts"][0]["runs"] is True
    assert around.switched == [("worker", False), ("worker", True)]
