"""The demo's own levers: a part is stopped and nothing is lost; the clock is moved and the digest comes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.app.demo import Demo, running_demo
from tests.browser.conftest import Keep, QuietPage
from tests.folders import open_folder

PATIENCE_MS = 25_000  # for a machine that does other things besides
FIRST_CARD = re.compile("^Reject all on ")


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_folder("annotate-demo-") as folder, running_demo(folder) as running:
        yield running


@pytest.fixture(scope="module")
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """The page of somebody whose channel is live and has cards, the panel of time and trouble beside it."""
    with QuietPage(chromium, f"{demo.slack.url}/#dana/labels", viewport={"width": 1400, "height": 1000}) as opened:
        opened.set_default_timeout(PATIENCE_MS)
        opened.get_by_role("button", name="Set up (people, man, adult)").click()
        opened.get_by_role("button", name="Go live").click()
        expect(opened.get_by_text(re.compile("is live", re.IGNORECASE)).first).to_be_visible(timeout=PATIENCE_MS)
        opened.get_by_role("button", name="Use 12 sample photographs").click()
        expect(opened.get_by_role("button", name=FIRST_CARD).first).to_be_visible(timeout=PATIENCE_MS)
        opened.get_by_role("button", name="Time and trouble").click()
        yield opened


def test_an_answer_given_while_the_worker_is_stopped_is_drawn_when_it_is_back(page: Page) -> None:
    answer = page.get_by_role("button", name=FIRST_CARD).first
    expect(answer).to_be_visible(timeout=PATIENCE_MS)
    picture = (answer.get_attribute("aria-label") or "").removeprefix("Reject all on ")
    page.get_by_role("button", name="Stop for 20 s: worker").click()
    back = page.get_by_role("button", name="Start again: worker")
    expect(back).to_be_visible(timeout=PATIENCE_MS)
    answer.click()
    back.click()
    uploaded = page.get_by_role("button", name=f"Enlarge {picture}, uploaded by")
    expect(page.locator("article").filter(has=uploaded)).to_contain_text("rejected by @dana", timeout=PATIENCE_MS)


def test_moving_the_clock_to_the_next_morning_posts_the_digest(page: Page, demo: Demo, keep: Keep) -> None:
    page.get_by_role("button", name="Next morning, 9:05").click()
    digest = page.locator("article").filter(has_text=re.compile("[Dd]igest|decided"))
    expect(digest.last).to_be_visible(timeout=PATIENCE_MS)
    demo.slack.wait(lambda: digests(demo), timeout=PATIENCE_MS / 1000, what="the digest")
    expect(digest.last).to_contain_text("Uploaded: 12 images", timeout=PATIENCE_MS)
    keep(page, "demo-digest")


def digests(demo: Demo) -> list[object]:
    return [
        message
        for message in demo.slack.messages("labels")
        if message.get("metadata", {}).get("event_type") == "annotate_digest"
    ]
