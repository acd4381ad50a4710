"""The panel beside the conversation, and the smaller things a chat has."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox.slack import BotControls, SlackSandbox
from tests.app.outside import wait_until
from tests.browser.conftest import Keep, OpenPage, QuietPage
from tests.browser.robot import MANIFEST, Robot
from tests.sandbox.slack.test_thumbnails import HEIC

LABELS = "C0LABELS01"


class BotAround:
    """A bot whose clock and parts are moved from the page."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.stopped: set[str] = set()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, by: timedelta) -> None:
        self.ahead += by

    def switch(self, part: str, *, on: bool) -> None:
        self.stopped = self.stopped - {part} if on else self.stopped | {part}


@pytest.fixture
def around() -> BotAround:
    return BotAround()


@pytest.fixture
def panel(chromium: Browser, around: BotAround) -> Iterator[Page]:
    controls = BotControls(around.advance, around.switch, {"worker": "posts cards"})
    with (
        SlackSandbox(manifest=MANIFEST, rate_limits=False, clock=around.now, controls=controls) as slack,
        QuietPage(chromium, f"{slack.url}/#dana/labels") as page,
    ):
        page.get_by_role("button", name="Time and trouble").click()
        yield page


def test_a_part_is_stopped_and_started_again(panel: Page, around: BotAround, keep: Keep) -> None:
    panel.get_by_role("button", name="Stop for 20 s: worker").click()
    expect(panel.get_by_role("button", name="Start again: worker")).to_be_visible()
    assert around.stopped == {"worker"}
    keep(panel, "page-controls")
    panel.get_by_role("button", name="Start again: worker").click()
    expect(panel.get_by_role("button", name="Stop for 20 s: worker")).to_be_visible()
    assert around.stopped == set()


def test_a_week_later_is_a_new_day_in_the_channel(panel: Page, around: BotAround) -> None:
    box = panel.get_by_role("combobox", name="Message")
    box.fill("before")
    box.press("Enter")
    expect(panel.get_by_role("log").get_by_text("before")).to_be_visible()
    panel.get_by_role("button", name="Next morning, 9:05").click()
    wait_until(lambda: around.ahead > timedelta(), what="the next morning")
    panel.get_by_role("button", name="A week later").click()
    wait_until(lambda: around.ahead > timedelta(days=7), what="the week after")
    expect(panel.locator("#bot-clock")).to_contain_text(str((datetime.now().astimezone() + around.ahead).day))
    box.fill("after")
    box.press("Enter")
    expect(panel.get_by_role("log").get_by_text("after")).to_be_visible()
    expect(panel.get_by_role("separator")).to_have_count(2)
    assert timedelta(days=7) < around.ahead < timedelta(days=8, hours=1)


def test_an_outage_is_switched_on_and_all_trouble_is_ended(open_page: OpenPage, slack: SlackSandbox) -> None:
    page = open_page()
    page.get_by_role("button", name="Time and trouble").click()
    page.get_by_role("switch", name="Outage").check()
    slack.wait(lambda: slack.faults.outage, what="the outage")
    page.get_by_role("combobox", name="Delay of calls and deliveries").select_option("1000")
    slack.wait(lambda: slack.faults.latency_s == 1, what="the delay")
    page.get_by_role("button", name="Deliver the next 3 events twice").click()
    expect(page.locator("#to-come")).to_contain_text("3 events will come twice")
    page.get_by_role("button", name="End all trouble").click()
    expect(page.get_by_role("switch", name="Outage")).not_to_be_checked()
    expect(page.locator("#to-come")).to_contain_text("Nothing is planted")
    assert (slack.faults.outage, slack.faults.latency_s) == (False, 0)


def test_a_press_during_an_outage_is_told_to_have_failed(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot
) -> None:
    go = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    robot.web.chat_postMessage(channel=LABELS, text="x", blocks=[{"type": "actions", "elements": [go]}])
    page = open_page()
    slack.faults.outage = True
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("did not work")


def test_the_bot_is_invited_and_removed_by_one_press(open_page: OpenPage) -> None:
    page = open_page(place="second")
    page.get_by_role("button", name="Invite robot").click()
    expect(page.get_by_role("button", name="Invite robot")).to_be_hidden()
    expect(page.get_by_text("robot is not in this channel")).to_be_hidden()
    page.get_by_role("button", name="Time and trouble").click()
    page.get_by_role("button", name="Remove robot from #second").click()
    expect(page.get_by_role("button", name="Invite robot")).to_be_visible()


def test_a_message_and_its_files_are_deleted_by_their_author(
    open_page: OpenPage, slack: SlackSandbox, photograph: bytes
) -> None:
    slack.upload("omar", LABELS, [("harbour.png", photograph)], text="look")
    page = open_page("omar")
    for choice in ("Delete its files", "Delete message"):
        page.get_by_text("look", exact=True).hover()
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name=choice).click()
        if choice == "Delete its files":
            expect(page.get_by_text("This file was deleted.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    assert slack.messages(LABELS) == []


def test_a_reaction_is_given_and_taken_back(open_page: OpenPage, slack: SlackSandbox) -> None:
    slack.say("omar", LABELS, "look")
    page = open_page()
    page.locator("article").hover()
    page.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("menuitem", name="eyes").click()
    mine = page.get_by_role("button", name="eyes, dana")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_be_hidden()
    slack.wait(lambda: "reactions" not in slack.messages(LABELS)[0], what="the reaction is gone")


def test_the_log_shows_what_was_said_and_can_be_filtered(open_page: OpenPage, robot: Robot) -> None:
    page = open_page()
    page.get_by_role("button", name="Log of calls").click()
    robot.web.chat_postMessage(channel=LABELS, text="a secret of the log")
    log = page.get_by_role("complementary", name="Log of calls")
    log.get_by_text("chat.postMessage").click()
    expect(log.get_by_text("a secret of the log").first).to_be_visible()
    log.get_by_role("combobox", name="Show").select_option("failed")
    expect(log.get_by_text("chat.postMessage")).to_be_hidden()


def test_a_message_can_be_looked_at_as_json(open_page: OpenPage, slack: SlackSandbox) -> None:
    ts = slack.say("omar", LABELS, "look")
    page = open_page()
    page.locator("article").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Look at it as JSON").click()
    expect(page.get_by_label("JSON of the message")).to_contain_text(ts)


def test_a_picture_no_browser_shows_is_drawn_by_its_thumbnail(open_page: OpenPage, slack: SlackSandbox) -> None:
    slack.upload("dana", LABELS, [("phone.heic", HEIC)])
    page = open_page()
    shown = page.get_by_role("img", name="phone.heic")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 64)


def test_a_file_is_attached_to_a_thread(open_page: OpenPage, slack: SlackSandbox, photograph: bytes) -> None:
    ts = slack.say("omar", LABELS, "look")
    page = open_page()
    page.locator("article").hover()
    page.get_by_role("button", name="Reply in thread").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files to the thread").click()
    chooser.value.set_files({"name": "reply.png", "mimeType": "image/png", "buffer": photograph})
    slack.wait(lambda: slack.replies(LABELS, ts), what="the reply")
    assert slack.replies(LABELS, ts)[0]["files"][0]["name"] == "reply.png"


def test_on_a_phone_a_touch_shows_what_can_be_done_with_a_message(open_page: OpenPage, slack: SlackSandbox) -> None:
    slack.say("omar", LABELS, "look")
    page = open_page(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    reply = page.get_by_role("button", name="Reply in thread")
    expect(reply).to_be_hidden()
    page.get_by_text("look", exact=True).tap()
    reply.tap()
    expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
