"""What people do on the page reaches the app, and what the app answers reaches them."""

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.slack import SlackSandbox
from tests.browser.conftest import Keep, OpenPage
from tests.browser.robot import Json, Robot

LABELS = "C0LABELS01"


def words(said: str) -> Json:
    return {"type": "plain_text", "text": said}


def card(*buttons: Json) -> list[Json]:
    question = {"type": "section", "block_id": "question", "text": words("Is there a man?")}
    return [question, {"type": "actions", "block_id": "verdict", "elements": list(buttons)}]


APPROVE: Json = {"type": "button", "action_id": "approve", "value": "r1", "text": words("Approve")}
UNDO: Json = {"type": "button", "action_id": "approve", "value": "r2", "text": words("Undo")}


def approve_on_press(robot: Robot) -> None:
    """The robot rewrites a pressed card in place, as the bot does."""

    def rewrite(body: Json) -> None:
        ts, channel = body["message"]["ts"], body["channel"]["id"]
        robot.web.chat_update(channel=channel, ts=ts, text=f"Approved by {body['user']['username']}", blocks=card(UNDO))

    robot.on_press = rewrite


def test_a_press_reaches_the_app_and_the_card_is_rewritten_in_place(open_page: OpenPage, robot: Robot) -> None:
    approve_on_press(robot)
    posted = robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(APPROVE))
    page = open_page("omar")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(f'article[data-ts="{posted["ts"]}"]').get_by_role("button", name="Undo")).to_be_visible()
    body = robot.first("press")
    assert body["user"]["username"] == "omar"
    assert body["actions"][0]["value"] == "r1"
    assert body["container"]["message_ts"] == posted["ts"]


def test_a_card_is_decided_by_keyboard_alone_and_the_focus_stays_on_it(open_page: OpenPage, robot: Robot) -> None:
    approve_on_press(robot)
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(APPROVE))
    page = open_page()
    page.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()


def test_a_press_that_asks_for_confirmation_is_sent_only_after_it(open_page: OpenPage, robot: Robot) -> None:
    confirm = {
        "title": words("Approve all?"),
        "text": words("2 concepts."),
        "confirm": words("Yes, all"),
        "deny": words("Not yet"),
    }
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card({**APPROVE, "confirm": confirm}))
    page = open_page()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("dialog", name="Approve all?").get_by_role("button", name="Not yet").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Yes, all").click()
    robot.first("press")
    assert [kind for kind, _ in robot.heard] == ["press"]


def test_a_press_that_no_app_answers_is_told_to_the_person(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot
) -> None:
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(APPROVE))
    slack.faults.drop_deliveries(1)
    page = open_page()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_a_choice_from_a_list_reaches_the_app(open_page: OpenPage, robot: Robot) -> None:
    options = [{"text": words("man"), "value": "man"}, {"text": words("adult"), "value": "adult"}]
    select = {
        "type": "static_select",
        "action_id": "concept",
        "placeholder": words("Pick a concept"),
        "options": options,
    }
    choices = [{"text": words(text), "value": text.lower()} for text in ("Skip", "Assign to me")]
    menu = {"type": "overflow", "action_id": "more", "options": choices}
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(select, menu))
    page = open_page()
    page.get_by_role("combobox", name="Pick a concept").select_option("adult")
    assert robot.first("press")["actions"][0]["selected_option"]["value"] == "adult"
    robot.heard.clear()
    page.get_by_role("button", name="More choices").click()
    page.get_by_role("menuitem", name="Skip").click()
    assert robot.first("press")["actions"][0]["selected_option"]["value"] == "skip"


def test_the_app_suggests_names_while_somebody_types(open_page: OpenPage, robot: Robot) -> None:
    field = {"type": "external_select", "action_id": "name", "min_query_length": 1, "placeholder": words("Find a name")}
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(field))
    page = open_page()
    page.get_by_role("combobox", name="Find a name").press_sequentially("va")
    page.get_by_role("option", name="van").click()
    expect(page.get_by_role("combobox", name="Find a name")).to_have_value("van")
    assert robot.first("press")["actions"][0]["selected_option"]["value"] == "van"


def test_the_slash_box_suggests_the_commands_and_the_answer_is_a_private_note(
    open_page: OpenPage, robot: Robot, keep: Keep
) -> None:
    page = open_page("mia")
    box = page.get_by_role("combobox", name="Message")
    box.press_sequentially("/an")
    expect(page.get_by_role("option")).to_have_count(2)
    keep(page, "page-commands")
    page.keyboard.press("Enter")
    expect(box).to_have_value("/annotate ")
    box.press_sequentially("help")
    page.keyboard.press("Enter")
    note = page.locator("article", has_text="You wrote: help")
    expect(note).to_contain_text("Only visible to you")
    assert robot.first("command")["user_name"] == "mia"


def test_set_up_sends_the_command_as_the_acting_member(open_page: OpenPage, robot: Robot) -> None:
    page = open_page()
    page.get_by_role("radio", name="omar").check()
    page.get_by_role("button", name="Set up (people, man, adult)").click()
    body = robot.first("command")
    assert (body["user_name"], body["command"], body["text"]) == ("omar", "/annotate", "setup people man adult")


def test_a_form_shows_objections_beside_their_field_and_then_closes(
    open_page: OpenPage, robot: Robot, keep: Keep
) -> None:
    page = open_page()
    send(page, "/annotate form")
    form = page.get_by_role("dialog", name="Set up labelling")
    form.get_by_label("Checks").select_option("One in five")
    field = form.get_by_role("textbox", name="Concepts")
    field.fill("7")
    form.get_by_role("button", name="Set up").click()
    expect(form.get_by_text("A number is not a concept.")).to_be_visible()
    expect(field).to_be_focused()
    keep(page, "page-form")
    field.fill("people man")
    form.get_by_role("button", name="Set up").click()
    expect(form).to_have_count(0)
    values = robot.heard[-1][1]["view"]["state"]["values"]
    assert values["concepts"]["names"]["value"] == "people man"
    assert values["checks"]["share"]["selected_option"]["value"] == "fifth"


def test_a_second_form_lies_over_the_first_and_back_finds_what_was_typed(open_page: OpenPage, robot: Robot) -> None:
    assert robot.web
    page = open_page()
    send(page, "/annotate form")
    page.get_by_role("textbox", name="Concepts").fill("more")
    page.get_by_label("Checks").select_option("One in five")
    page.get_by_role("button", name="Set up", exact=True).click()
    expect(page.get_by_role("dialog", name="More concepts")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Set up labelling")).to_be_visible()
    expect(page.get_by_role("textbox", name="Concepts")).to_have_value("more")


def test_escape_closes_a_form(open_page: OpenPage, slack: SlackSandbox, robot: Robot) -> None:
    assert robot.web
    page = open_page()
    send(page, "/annotate form")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    slack.wait(lambda: not slack.open_views("dana"), what="the form is closed")


def send(page: Page, message: str) -> None:
    page.get_by_role("combobox", name="Message").fill(message)
    page.keyboard.press("Enter")


def test_files_chosen_by_button_are_one_message_that_reaches_the_app(
    open_page: OpenPage, robot: Robot, photograph: bytes
) -> None:
    page = open_page()
    pictures = [{"name": name, "mimeType": "image/png", "buffer": photograph} for name in ("one.png", "two.png")]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(pictures)  # type: ignore[arg-type]  # a TypedDict on paper, a dict in life
    expect(page.locator("article").get_by_alt_text("two.png")).to_be_visible()
    event = robot.first("message")
    assert event["subtype"] == "file_share"
    assert [file["name"] for file in event["files"]] == ["one.png", "two.png"]


DROP = """([name, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const target = document.getElementById("main");
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def test_a_file_dropped_on_the_page_is_uploaded(open_page: OpenPage, robot: Robot, photograph: bytes) -> None:
    page = open_page("omar")
    page.evaluate(DROP, ["dropped.png", list(photograph)])
    expect(page.locator("article").get_by_alt_text("dropped.png")).to_be_visible()
    assert robot.first("message")["user"] == "U0OMAR00001"


def test_the_sample_photographs_arrive_in_one_message(open_page: OpenPage, robot: Robot) -> None:
    page = open_page("mia")
    page.get_by_role("button", name="Use 12 sample photographs").click()
    expect(page.locator("article").get_by_role("button", name="Enlarge sample")).to_have_count(12)
    event = robot.first("message")
    assert (event["user"], len(event["files"])) == ("U0MIA000001", 12)


def test_a_message_shortcut_reaches_the_app_with_the_message(
    open_page: OpenPage, slack: SlackSandbox, robot: Robot
) -> None:
    ts = slack.say("omar", LABELS, "this one")
    page = open_page()
    page.locator("article").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Why this label?").click()
    assert robot.first("shortcut")["message"]["ts"] == ts


def test_home_shows_what_the_app_publishes(open_page: OpenPage, robot: Robot) -> None:
    assert robot.web
    page = open_page()
    page.get_by_role("button", name="Home").click()
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()


def test_the_inspector_lists_calls_and_deliveries(open_page: OpenPage, robot: Robot) -> None:
    page = open_page()
    page.get_by_role("button", name="Log of calls").click()
    robot.web.chat_postMessage(channel=LABELS, text="hello")
    log = page.get_by_role("complementary", name="Log of calls")
    expect(log.get_by_role("listitem").first).to_contain_text("chat.postMessage")


def test_what_clarifai_holds_is_a_table(open_page: OpenPage, keep: Keep) -> None:
    page = open_page()
    page.get_by_role("button", name="What Clarifai now holds").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["input", "concept", "value", "status"])
    expect(table.get_by_role("row").last).to_contain_text("PENDING")
    keep(page, "page-holds")


def test_the_page_says_when_it_lost_the_sandbox(open_page: OpenPage, slack: SlackSandbox) -> None:
    page = open_page()
    slack.stop()
    expect(page.get_by_role("status").first).to_contain_text("Reconnecting")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_channels_are_behind_a_button_and_nothing_is_cut_off(
    open_page: OpenPage, robot: Robot, keep: Keep, scheme: str
) -> None:
    robot.web.chat_postMessage(channel=LABELS, text="review", blocks=card(APPROVE))
    page = open_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()
    keep(page, f"page-phone-{scheme}")
    page.get_by_role("button", name="Channels and members").click()
    expect(page.get_by_role("radio", name="omar")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
