"""The five minutes of a newcomer, in a browser: everything is real but Slack's and Clarifai's own machines.

The demo runs once for this file, with the real model. Each test decides a card that no other test looks at, so that
their order does not matter.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.app.demo import Demo, running_demo, what_clarifai_holds
from tests.browser.conftest import Keep, QuietPage
from tests.folders import open_folder

README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "card.png"
HEAVIEST_PICTURE = 300_000  # bytes
PATIENCE_MS = 25_000  # for a machine that does other things besides; a quiet one shows the first card within 5 s
TALL = {"width": 1280, "height": 1000}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_folder("annotate-demo-") as folder, running_demo(folder) as running:
        yield running


@pytest.fixture(scope="module")
def dana(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """The page of an admin who pressed the three buttons that the introduction names."""
    with QuietPage(chromium, f"{demo.slack.url}/#dana/labels", viewport=TALL) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.get_by_role("button", name="Set up (people, man, adult)").click()
        page.get_by_role("button", name="Go live").click()
        expect(page.get_by_text(re.compile("is live", re.IGNORECASE)).first).to_be_visible()
        page.get_by_role("button", name="Use 12 sample photographs").click()
        yield page


@pytest.fixture(scope="module")
def omar(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """A second member's page."""
    with QuietPage(chromium, f"{demo.slack.url}/#omar/labels") as page:
        page.set_default_timeout(PATIENCE_MS)
        yield page


def held(demo: Demo, picture: str) -> set[str]:
    """The statuses of a picture's annotations at Clarifai, read through its own protocol."""
    rows = what_clarifai_holds(demo.parts, demo.parts.settings)
    return {row["status"] for row in rows if row["picture"] == picture}


def message_about(page: Page, picture: str) -> Locator:
    """The card of a picture: the message that shows it and has buttons of its own."""
    uploaded = page.get_by_role("button", name=f"Enlarge {picture}, uploaded by")
    return page.locator("article").filter(has=uploaded)


def press(page: Page, label: str, picture: str) -> None:
    message_about(page, picture).get_by_role("button", name=f"{label} on {picture}", exact=True).click()


def shows(page: Page, picture: str, *words: str) -> None:
    for said in words:
        expect(message_about(page, picture)).to_contain_text(re.compile(said), timeout=PATIENCE_MS)


def test_an_approved_card_says_who_and_what_the_model_had_said(dana: Page) -> None:
    shows(dana, "astronaut.png", r"Which of these fit this picture\? people . man . adult")
    expect(message_about(dana, "astronaut.png")).not_to_contain_text("model said")
    press(dana, "Approve people", "astronaut.png")
    press(dana, "Approve adult", "astronaut.png")
    press(dana, "Reject man", "astronaut.png")
    shows(dana, "astronaut.png", "people: approved by @dana", "man: rejected by @dana", r"model said 0.3\d")
    expect(message_about(dana, "astronaut.png").get_by_role("button", name="Undo")).to_be_visible()


def test_undo_asks_again(dana: Page) -> None:
    press(dana, "Reject all", "coins.png")
    shows(dana, "coins.png", "rejected by @dana")
    message_about(dana, "coins.png").get_by_role("button", name="Undo").click()
    shows(dana, "coins.png", "Which of these fit this picture")
    expect(message_about(dana, "coins.png").get_by_role("button", name="Approve all on coins.png")).to_be_visible()


def test_a_second_member_who_presses_a_decided_card_is_told_privately(dana: Page, omar: Page) -> None:
    press(dana, "Reject all", "rocket.jpg")
    shows(omar, "rocket.jpg", "rejected by @dana")
    message_about(omar, "rocket.jpg").get_by_role("button", name="Undo").click()
    told = omar.locator("article").filter(has_text="Only visible to you").filter(has_text="no verdict here to undo")
    expect(told.last).to_contain_text("@dana", timeout=PATIENCE_MS)
    shows(dana, "rocket.jpg", "rejected by @dana")


def test_the_wrong_label_that_a_check_catches(dana: Page, keep: Keep) -> None:
    press(dana, "Reject all", "camera.png")  # five cards wait at most: the sixth comes when there is room
    shows(dana, "grace_hopper.jpg", "people . man . adult")
    message_about(dana, "grace_hopper.jpg").scroll_into_view_if_needed()
    keep(dana, "demo-card")
    if os.environ.get("README_PICTURE"):
        README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
        dana.screenshot(path=README_PICTURE, animations="disabled")
    press(dana, "Reject man", "grace_hopper.jpg")
    shows(dana, "grace_hopper.jpg", r"man: rejected by @dana.* model said 0.9\d and had labelled it by itself")
    press(dana, "Approve all", "grace_hopper.jpg")
    shows(dana, "grace_hopper.jpg", "people: approved by @dana", "adult: approved by @dana")
    keep(dana, "demo-card-decided")


def test_what_was_decided_is_what_clarifai_holds(dana: Page, demo: Demo) -> None:
    press(dana, "Reject all", "motorcycle_left.png")
    demo.slack.wait(lambda: "rejected" in held(demo, "motorcycle_left.png"), what="the rejection is at Clarifai")
    dana.get_by_role("button", name="What Clarifai now holds").click()
    row = dana.get_by_role("row").filter(has_text="motorcycle_left.png").first
    expect(row).to_contain_text(re.compile("rejected", re.IGNORECASE), timeout=PATIENCE_MS)
    dana.keyboard.press("Escape")


def test_the_slash_box_answers_status_privately(dana: Page, omar: Page) -> None:
    assert dana  # the channel is set up
    box = omar.get_by_role("combobox", name="Message")
    box.fill("/annotate status")
    omar.keyboard.press("Enter")
    answer = omar.locator("article").filter(has_text="Only visible to you").filter(has_text="people")
    expect(answer.first).to_be_visible(timeout=PATIENCE_MS)


def test_the_picture_in_the_readme_is_light() -> None:
    assert README_PICTURE.stat().st_size < HEAVIEST_PICTURE
