"""Files as slack_sdk meets them: processed or not, private, shared, without an address."""

import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import picture, refusal

LABELS, SECOND = "C0LABELS01", "C0SECOND01"


def test_a_picture_is_shown_only_when_it_is_processed_and_visible(slack: SlackSandbox, client: WebClient) -> None:
    slack.tune(processing_time_s=0.15)

    def card(file_id: str) -> object:
        image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a cat"}
        return client.chat_postMessage(channel=LABELS, text="x", blocks=[image])

    uploaded = client.files_upload_v2(filename="cat.png", file=picture())["file"]["id"]
    with pytest.raises(SlackApiError) as caught:
        card(uploaded)
    assert caught.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert client.files_info(file=uploaded)["file"]["mimetype"] == ""
    slack.wait(lambda: client.files_info(file=uploaded)["file"]["mimetype"] == "image/png", what="processing")
    card(uploaded)
    slack.upload("dana", "second", [("secret.png", picture())])
    elsewhere = slack.messages("second")[0]["files"][0]["id"]
    assert refusal(lambda: card(elsewhere)) == "invalid_blocks"
    slack.upload("dana", "labels", [("cat.webp", picture("WEBP")), ("cat.jpg", picture("JPEG"))])
    webp, jpg = (file["id"] for file in slack.messages("labels")[-1]["files"])
    assert refusal(lambda: card(webp)) == "invalid_blocks"
    card(jpg)


def test_an_upload_with_alt_text_is_silently_not_shared(slack: SlackSandbox, client: WebClient) -> None:
    client.files_upload_v2(filename="a.png", file=picture(), channel=LABELS, alt_txt="a")
    assert slack.messages("labels") == []
    client.files_upload_v2(filename="a.png", file=picture(), channel=LABELS, initial_comment="see")
    [message] = slack.messages("labels")
    assert (message["text"], message["subtype"], message["user"]) == ("see", "file_share", slack.bot_user_id)


def test_a_private_file_needs_the_token_and_otherwise_is_a_login_page(slack: SlackSandbox) -> None:
    content = picture()
    slack.upload("dana", "labels", [("cat.png", content)])
    address = slack.messages("labels")[0]["files"][0]["url_private_download"]
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        assert answer.headers["Content-Type"].startswith("text/html")
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {slack.bot_token}"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        assert answer.read() == content
        assert answer.headers["Content-Type"] == "image/png"
    slack.delete_file(slack.messages("labels")[0]["files"][0]["id"])
    assert slack.messages("labels")[0]["files"][0]["mode"] == "tombstone"


def test_a_connect_stub_has_no_address_until_asked(slack: SlackSandbox, client: WebClient) -> None:
    slack.upload_odd("dana", "labels", "far.png", "remote")
    remote = slack.messages("labels")[0]["files"][0]
    assert remote["is_external"] is True
    assert client.files_info(file=remote["id"])["file"]["mode"] == "external"
