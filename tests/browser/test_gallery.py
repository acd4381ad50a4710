"""Everything that Slack's judge lets through is drawn; nothing is left as "unknown"."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.blockkit.blocks import MESSAGE, SHAPES, SURFACES
from bot.sandbox.slack.blockkit.elements import IN_INPUT
from tests.browser.conftest import Keep, OpenPage
from tests.browser.gallery import message_blocks, modal
from tests.browser.robot import Robot

LABELS = "C0LABELS01"


def a_picture(slack: SlackSandbox, photograph: bytes) -> str:
    slack.upload("dana", LABELS, [("harbour.png", photograph)])
    return str(slack.messages(LABELS)[-1]["files"][0]["id"])


def kinds(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for inner in part:
            yield from kinds(inner)
    elif isinstance(part, dict):
        yield str(part.get("type"))
        for inner in part.values():
            yield from kinds(inner)


def open_modal(robot: Robot, page: Page, view: dict[str, Any]) -> None:
    robot.form = view
    box = page.get_by_role("combobox", name="Message")
    box.fill("/annotate form")
    box.press("Enter")
    expect(page.get_by_role("dialog", name="Everything")).to_be_visible()


def test_every_block_of_a_message_is_drawn(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot, photograph: bytes, keep: Keep
) -> None:
    blocks = message_blocks(a_picture(slack, photograph))
    assert {kind for kind in SHAPES if MESSAGE in SURFACES[kind]} <= set(kinds(blocks))
    robot.web.chat_postMessage(channel=LABELS, text="everything", blocks=blocks)
    page = open_page(viewport={"width": 1100, "height": 2400})
    expect(page.locator("figure.chart-block")).to_have_count(2)
    expect(page.locator(".unknown")).to_have_count(0)
    expect(page.get_by_text("Unknown")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(page, "gallery-message")


def test_every_element_of_a_modal_is_drawn_and_read(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot, photograph: bytes, keep: Keep
) -> None:
    view = modal(a_picture(slack, photograph))
    assert set(IN_INPUT.shapes) <= set(kinds(view["blocks"]))
    page = open_page(viewport={"width": 1100, "height": 2000})
    open_modal(robot, page, view)
    expect(page.locator(".unknown")).to_have_count(0)
    keep(page, "gallery-modal")
    page.get_by_role("button", name="Save").click()
    state = robot.first("submission")["view"]["state"]["values"]
    read = {kind: held for block in state.values() for kind, held in block.items()}
    assert set(IN_INPUT.shapes) <= set(read)
    assert all(held["type"] == kind for kind, held in read.items())


def test_a_text_is_sent_as_an_action_at_enter_or_while_it_is_typed(open_page: OpenPage, robot: Robot) -> None:
    def number(name: str, *when: str) -> dict[str, Any]:
        element: dict[str, Any] = {"type": "number_input", "action_id": name, "is_decimal_allowed": True}
        if when:
            element["dispatch_action_config"] = {"trigger_actions_on": list(when)}
        label = {"type": "plain_text", "text": name}
        return {"type": "input", "label": label, "element": element, "dispatch_action": True}

    page = open_page()
    view = {**modal("F0NOTHING01"), "blocks": [number("accept"), number("floor", "on_character_entered")]}
    open_modal(robot, page, view)
    dialog = page.get_by_role("dialog", name="Everything")
    dialog.get_by_label("accept").fill("0.9")
    dialog.get_by_label("accept").press("Enter")
    assert robot.first("press")["actions"][0]["value"] == "0.9"
    robot.heard.clear()
    dialog.get_by_label("floor").fill("0.2")
    assert robot.first("press")["actions"][0]["value"] == "0.2"
    assert [kind for kind, _ in robot.heard] == ["press"]
    expect(dialog).to_be_visible()


def test_people_suggestions_and_files_are_chosen_in_a_modal(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot, photograph: bytes
) -> None:
    page = open_page()
    open_modal(robot, page, modal(a_picture(slack, photograph)))
    dialog = page.get_by_role("dialog", name="Everything")
    search = dialog.get_by_role("combobox", name="multi_external_select")
    for said in ("vehicle", "van"):
        search.fill(said)
        dialog.get_by_role("option", name=said).click()
    dialog.get_by_role("button", name="Take van away").click()
    with page.expect_response(lambda answer: "/page/api/files" in answer.url):
        dialog.locator("input[type=file]").set_input_files(
            {"name": "more.png", "mimeType": "image/png", "buffer": photograph}
        )
    dialog.get_by_text("more.png").wait_for()
    dialog.get_by_role("button", name="Save").click()
    state = robot.first("submission")["view"]["state"]["values"]
    read = {kind: held for block in state.values() for kind, held in block.items()}
    assert [one["value"] for one in read["multi_external_select"]["selected_options"]] == ["vehicle"]
    [file] = read["file_input"]["files"]
    assert file["name"] == "more.png"
    assert robot.web.api_call("files.info", params={"file": file["id"]})["ok"]
