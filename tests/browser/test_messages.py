"""What a message looks like on the page, whatever it says."""

import re

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from tests.browser.conftest import Keep, OpenPage

LABELS = "C0LABELS01"


def text(words: str, kind: str = "plain_text") -> dict[str, str]:
    return {"type": kind, "text": words}


def button(label: str, action: str, **more: object) -> dict[str, object]:
    return {"type": "button", "text": text(label), "action_id": action, "value": action, **more}


@pytest.fixture
def web(slack: SlackSandbox) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


def test_the_page_opens_in_labels_with_an_introduction_and_says_that_it_is_a_sandbox(
    open_page: OpenPage, keep: Keep
) -> None:
    page = open_page()
    expect(page.get_by_text("Sandbox - nothing leaves this computer")).to_be_visible()
    expect(page.get_by_role("heading", name="#labels")).to_be_visible()
    introduction = page.get_by_role("region", name="Introduction")
    expect(introduction).to_contain_text("One of the labels accepted automatically will be wrong: find it.")
    expect(introduction.get_by_role("button", name="Set up (people, man, adult)")).to_be_enabled()
    expect(introduction.get_by_role("button", name="What Clarifai now holds")).to_be_enabled()
    keep(page, "page-introduction")


def test_a_message_of_blocks_is_drawn_as_such(
    open_page: OpenPage, slack: SlackSandbox, web: WebClient, photograph: bytes, keep: Keep
) -> None:
    slack.upload("dana", LABELS, [("harbour.png", photograph)])
    file_id = slack.messages(LABELS)[-1]["files"][0]["id"]
    page = open_page()
    posted = web.chat_postMessage(
        channel=LABELS,
        text="harbour.png needs review",
        blocks=[
            {"type": "header", "text": text("Is there a man?")},
            {
                "type": "image",
                "slack_file": {"id": file_id},
                "alt_text": "harbour.png from dana",
                "title": text("harbour.png"),
            },
            {"type": "section", "text": text("*From* _dana_, `one` of ~three~", "mrkdwn")},
            {"type": "section", "fields": [text("*Waiting*\n4", "mrkdwn"), text("Decided\n2")]},
            {"type": "divider"},
            {"type": "actions", "elements": [button("Approve", "yes"), button("Reject", "no", style="danger")]},
            {"type": "context", "elements": [text("Anybody here may decide", "mrkdwn")]},
        ],
    )
    card = page.locator(f'article[data-ts="{posted["ts"]}"]')
    expect(card.get_by_role("heading", name="Is there a man?")).to_be_visible()
    expect(card.get_by_alt_text("harbour.png from dana")).to_have_js_property("naturalWidth", 320)
    expect(card.locator("strong").first).to_have_text("From")
    expect(card.locator("em, code, s")).to_have_text(["dana", "one", "three"])
    expect(card.get_by_role("button", name="Approve")).to_have_attribute("data-action-id", "yes")
    expect(card).to_contain_text("Anybody here may decide")
    keep(page, "page-card")


HOSTILE = (
    "<script>document.title = 'owned'</script> & <!channel> <@U0OMAR00001> "
    "*<b>bold</b>* \u202egnp\u202c \u200b \U0001f984"
)


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("kind", ["mrkdwn", "plain_text"])
def test_hostile_text_in_a_message_is_literal(open_page: OpenPage, web: WebClient, kind: str) -> None:
    page = open_page()
    words = escaped(HOSTILE) if kind == "mrkdwn" else HOSTILE
    posted = web.chat_postMessage(
        channel=LABELS, text="hostile", blocks=[{"type": "section", "text": text(words, kind)}]
    )
    said = page.locator(f'article[data-ts="{posted["ts"]}"] .text')
    literal = HOSTILE.replace("*", "") if kind == "mrkdwn" else HOSTILE
    expect(said).to_be_visible()
    assert said.text_content() == literal
    expect(said.locator("script, b, .mention")).to_have_count(0)
    assert page.title() != "owned"


def test_hostile_text_that_a_member_types_reaches_nobody_as_a_mention(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("combobox", name="Message").fill(HOSTILE)
    page.keyboard.press("Enter")
    said = page.locator("article .text").last
    expect(said).to_contain_text("<!channel>")
    expect(said.locator("script, b, .mention")).to_have_count(0)


def test_a_mention_and_a_link_are_shown_by_name(open_page: OpenPage, web: WebClient) -> None:
    page = open_page()
    web.chat_postMessage(
        channel=LABELS, text="<@U0OMAR00001>: see <https://example.org/a_b_c|the *rules*>", unfurl_links=False
    )
    said = page.locator("article .text").last
    expect(said).to_have_text("@omar: see the rules")
    expect(said.get_by_role("link")).to_have_attribute("href", "https://example.org/a_b_c")


def test_a_link_that_would_run_a_script_stays_text(open_page: OpenPage, web: WebClient) -> None:
    page = open_page()
    blocks = [{"type": "markdown", "text": "[press me](javascript:document.title=1)"}]
    web.chat_postMessage(channel=LABELS, text="x", blocks=blocks)
    said = page.locator("article").last
    expect(said).to_contain_text("press me")
    expect(said.get_by_role("link")).to_have_count(0)


def test_a_date_is_told_in_the_zone_of_the_browser(open_page: OpenPage, web: WebClient) -> None:
    page = open_page(timezone_id="Asia/Kathmandu", locale="en-GB")
    web.chat_postMessage(channel=LABELS, text="Due <!date^1764000000^{date_num} {time}|some day>")
    expect(page.locator("article .text").last).to_have_text("Due 24/11/2025 21:45")


def test_an_edited_message_says_so_and_a_deleted_one_is_gone(open_page: OpenPage, web: WebClient) -> None:
    page = open_page()
    first = web.chat_postMessage(channel=LABELS, text="first")["ts"]
    expect(page.locator("article")).to_have_count(1)
    web.chat_update(channel=LABELS, ts=first, text="second")
    expect(page.locator("article")).to_contain_text("second")
    expect(page.locator("article")).not_to_contain_text("first")
    web.chat_delete(channel=LABELS, ts=first)
    expect(page.locator("article")).to_have_count(0)


def test_a_note_for_one_member_is_shown_to_this_member_only(open_page: OpenPage, web: WebClient) -> None:
    danas, omars = open_page("dana"), open_page("omar")
    web.chat_postEphemeral(channel=LABELS, user="U0OMAR00001", text="Already approved by dana")
    web.chat_postMessage(channel=LABELS, text="for all")
    note = omars.locator("article", has_text="Already approved by dana")
    expect(note).to_contain_text("Only visible to you")
    expect(danas.locator("article")).to_have_count(1)
    note.get_by_role("button", name="Dismiss").click()
    expect(note).to_have_count(0)


def test_another_channel_is_marked_unread_until_it_is_opened(open_page: OpenPage, slack: SlackSandbox) -> None:
    page = open_page()
    slack.say("omar", "C0SECOND01", "hello there")
    expect(page.get_by_label("1 unread")).to_be_visible()
    page.get_by_role("button", name=re.compile("second")).click()
    expect(page.locator("article")).to_contain_text("hello there")
    expect(page.get_by_label("1 unread")).to_have_count(0)


def test_a_thread_opens_beside_and_a_reply_lands_in_it(open_page: OpenPage, slack: SlackSandbox, keep: Keep) -> None:
    ts = slack.say("omar", LABELS, "What about this one?")
    page = open_page()
    page.locator("article").hover()
    page.get_by_role("button", name="Reply in thread").click()
    page.get_by_role("textbox", name="Reply").fill("Looks fine to me")
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator("article").last).to_contain_text("Looks fine to me")
    expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    assert slack.replies(LABELS, ts)[-1]["thread_ts"] == ts
    keep(page, "page-thread")
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()


def test_a_picture_is_enlarged_by_a_press_and_escape_closes_it(
    open_page: OpenPage, slack: SlackSandbox, photograph: bytes
) -> None:
    slack.upload("mia", LABELS, [("harbour.png", photograph)])
    page = open_page()
    page.get_by_role("button", name="Enlarge harbour.png").click()
    expect(page.get_by_role("dialog", name="harbour.png").get_by_role("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_picture_on_another_computer_is_never_asked_for(open_page: OpenPage, web: WebClient) -> None:
    page = open_page()
    asked = hosts_asked(page)
    blocks = [{"type": "image", "image_url": "https://pictures.example.org/x.png", "alt_text": "a plot"}]
    web.chat_postMessage(channel=LABELS, text="a plot", blocks=blocks)
    expect(page.locator("article")).to_contain_text("Picture on another computer, not loaded")
    assert all("example.org" not in address for address in asked)


def hosts_asked(page: Page) -> list[str]:
    """Addresses the page asks for from now on; the list grows as it does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_a_link_to_a_message_of_the_workspace_leads_to_it_on_the_page(
    open_page: OpenPage, slack: SlackSandbox, web: WebClient
) -> None:
    ts = slack.say("omar", "C0GENERAL1", "the one that is meant")
    link = web.chat_getPermalink(channel="C0GENERAL1", message_ts=ts)["permalink"]
    web.chat_postMessage(channel=LABELS, text=f"See <{link}|this message>")
    page = open_page()
    page.get_by_role("link", name="this message").click()
    expect(page.get_by_role("heading", name="#general")).to_be_visible()
    expect(page.locator(f'article[data-ts="{ts}"]')).to_be_focused()


def test_pictures_that_arrive_late_do_not_push_the_newest_message_out_of_sight(
    open_page: OpenPage, slack: SlackSandbox, photograph: bytes
) -> None:
    for number in range(6):
        slack.upload("dana", LABELS, [(f"{number}.png", photograph)])
    slack.say("omar", LABELS, "the newest")
    page = open_page()
    expect(page.get_by_alt_text("5.png")).to_have_js_property("complete", value=True)
    expect(page.get_by_text("the newest")).to_be_in_viewport()
