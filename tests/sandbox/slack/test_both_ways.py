"""The unmodified Bolt app, over Socket Mode and over signed HTTP."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import Connect, buttons, picture


def test_a_command_is_answered_by_the_ack(slack: SlackSandbox, connect: Connect) -> None:
    def register(app: App) -> None:
        app.command("/annotate")(lambda ack, command: ack(f"you said {command['text']} in {command['channel_name']}"))

    connect(register)
    answer = slack.slash("omar", "#labels", "/annotate", "setup people")
    assert answer == ("ok", "you said setup people in labels", None)
    assert [note["text"] for note in slack.ephemerals("omar")] == ["you said setup people in labels"]
    assert slack.ephemerals("dana") == []


def test_an_upload_is_an_event_the_file_can_be_fetched_and_the_card_pressed(
    slack: SlackSandbox, connect: Connect
) -> None:
    seen: list[Any] = []

    def register(app: App) -> None:
        @app.event({"type": "message", "subtype": "file_share"})
        def shared(event: dict[str, Any], client: WebClient) -> None:
            info = client.files_info(file=event["files"][0]["id"])["file"]
            seen.append(info)
            blocks = [
                {"type": "image", "slack_file": {"id": info["id"]}, "alt_text": info["name"]},
                *buttons("Approve", "Reject"),
            ]
            client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="thread")
            client.chat_postMessage(channel=event["channel"], text="card", blocks=blocks)

        @app.action("act_0")
        def approved(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            assert body["actions"][0]["value"] == "approve"
            client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="done", blocks=[])

    connect(register)
    ts = slack.upload("mia", "#labels", [("cat.png", picture())])
    card = slack.wait(lambda: next((m for m in slack.messages("labels") if m["text"] == "card"), None), what="a card")
    assert [reply["text"] for reply in slack.replies("labels", ts)] == ["thread"]
    assert seen[0]["mimetype"] == "image/png"
    assert slack.press("omar", "labels", card["ts"], "App").ok
    done = slack.wait(lambda: [m for m in slack.messages("labels") if m["text"] == "done"], what="the redrawn card")
    assert "blocks" not in done[0]
    assert done[0]["edited"]["user"] == slack.bot_user_id


def test_an_app_that_does_not_ack_is_told_by_slackbot(slack: SlackSandbox, connect: Connect) -> None:
    connect(lambda _app: None)
    slack.tune(ack_deadline_s=0.3)
    answer = slack.slash("dana", "labels", "/annotate", "x")
    assert answer.status == "error"
    assert answer.text.startswith("/annotate failed with the error")


def test_names_and_links_arrive_wrapped_where_the_manifest_asks(slack: SlackSandbox, over_http: Connect) -> None:
    def register(app: App) -> None:
        for command in ("/annotate", "/wrapped"):
            app.command(command)(lambda ack, command: ack(command["text"]))

    over_http(register)
    typed = "a<b #second @omar #none https://example.com/a.png"
    assert slack.slash("dana", "labels", "/annotate", typed).text == typed.replace("<", "&lt;")
    wrapped = "a&lt;b <#C0SECOND01|second> <@U0OMAR00001|omar> #none <https://example.com/a.png>"
    assert slack.slash("dana", "labels", "/wrapped", typed).text == wrapped
