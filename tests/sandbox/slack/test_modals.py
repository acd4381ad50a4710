"""Modals, Home tabs, shortcuts, suggestions and late answers, with the unmodified Bolt app."""

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import Connect, buttons, modal, noting

Json = dict[str, Any]


def opens_modal(app: App, view: Json) -> None:
    @app.command("/annotate")
    def show(ack: Ack, client: WebClient, command: Json) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=view)
        ack()


def test_a_modal_is_opened_refused_beside_the_field_and_saved(slack: SlackSandbox, connect: Connect) -> None:
    saved: list[str] = []

    def register(app: App) -> None:
        opens_modal(app, modal())

        @app.view("thresholds")
        def submitted(ack: Ack, view: Json) -> None:
            value = view["state"]["values"]["accept"]["value"]["value"]
            if value == "2":
                ack(response_action="errors", errors={"accept": "at most 1"})
            else:
                saved.append(value)
                ack()

    connect(register)
    slack.slash("dana", "labels", "/annotate")
    [view] = slack.open_views("dana")
    assert slack.open_views("omar") == []
    assert slack.submit_view("dana", view["id"], {"accept": {"value": "2"}}).errors == {"accept": "at most 1"}
    assert "required" in slack.submit_view("dana", view["id"], {"accept": {"value": ""}}).errors["accept"]
    assert slack.submit_view("dana", view["id"]).ok
    assert saved == ["0.95"]
    assert slack.open_views("dana") == []


def test_views_stack_three_deep_and_clear(slack: SlackSandbox, over_http: Connect) -> None:
    closed: list[str] = []

    def register(app: App) -> None:
        opens_modal(app, modal("one", notify_on_close=True))

        @app.action("act_0")
        def push(ack: Ack, body: Json, client: WebClient) -> None:
            try:
                client.views_push(trigger_id=body["trigger_id"], view=modal("more"))
            except SlackApiError as error:
                closed.append(error.response["error"])
            ack()

        app.view("thresholds")(lambda ack: ack(response_action="clear"))
        app.view_closed("thresholds")(noting(closed, lambda body: body["view"]["title"]["text"]))

    over_http(register)
    slack.slash("dana", "labels", "/annotate")
    for _ in range(3):
        assert slack.press_in_view("dana", slack.open_views("dana")[-1]["id"], "More").ok
    assert [view["title"]["text"] for view in slack.open_views("dana")] == ["one", "more", "more"]
    assert closed == ["push_limit_reached"]
    slack.close_view("dana", slack.open_views("dana")[-1]["id"])
    assert len(slack.open_views("dana")) == 2
    assert slack.submit_view("dana", slack.open_views("dana")[-1]["id"]).ok
    assert slack.open_views("dana") == []
    slack.slash("dana", "labels", "/annotate")
    slack.close_view("dana", slack.open_views("dana")[-1]["id"])
    assert closed[-1] == "one"


def test_the_cross_clears_the_whole_stack(slack: SlackSandbox, over_http: Connect) -> None:
    closed: list[tuple[str, bool]] = []

    def register(app: App) -> None:
        opens_modal(app, modal("one", notify_on_close=True))

        @app.action("act_0")
        def push(ack: Ack, body: Json, client: WebClient) -> None:
            client.views_push(trigger_id=body["trigger_id"], view=modal("two", notify_on_close=True))
            ack()

        app.view_closed("thresholds")(noting(closed, lambda body: (body["view"]["title"]["text"], body["is_cleared"])))

    over_http(register)
    slack.slash("dana", "labels", "/annotate")
    slack.press_in_view("dana", slack.open_views("dana")[-1]["id"], "More")
    slack.close_view("dana", slack.open_views("dana")[-1]["id"], all_of_them=True)
    assert closed == [("two", True), ("one", True)]
    assert slack.open_views("dana") == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"response_action": "vanish"}, "invalid response_action"),
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid errors"),
        ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
    ],
)
def test_an_answer_slack_does_not_understand_is_trouble(
    slack: SlackSandbox, over_http: Connect, answer: Json, said: str
) -> None:
    def register(app: App) -> None:
        opens_modal(app, modal())
        app.view("thresholds")(lambda ack: ack(**answer))

    over_http(register)
    slack.slash("dana", "labels", "/annotate")
    [view] = slack.open_views("dana")
    ended = slack.submit_view("dana", view["id"])
    assert not ended.ok
    assert said in (ended.error or "")
    assert len(slack.open_views("dana")) == 1


def test_an_update_needs_the_current_hash(slack: SlackSandbox, over_http: Connect, client: WebClient) -> None:
    over_http(lambda app: opens_modal(app, modal(external_id="only-one")))
    slack.slash("dana", "labels", "/annotate")
    [view] = slack.open_views("dana")
    client.views_update(external_id="only-one", view=modal("two"), hash=view["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=view["id"], view=modal("three"), hash=view["hash"])
    assert slack.open_views("dana")[0]["title"]["text"] == "two"


def test_a_select_begins_with_the_channel_the_modal_was_opened_from(slack: SlackSandbox, over_http: Connect) -> None:
    chosen: list[Json] = []
    asked: Json = {
        "type": "input",
        "block_id": "where",
        "label": {"type": "plain_text", "text": "Where"},
        "element": {"type": "conversations_select", "action_id": "c", "default_to_current_conversation": True},
    }
    asked["element"]["response_url_enabled"] = True

    def register(app: App) -> None:
        opens_modal(app, modal(blocks=[asked]))
        app.view("thresholds")(noting(chosen))

    over_http(register)
    slack.slash("dana", "second", "/annotate")
    assert slack.submit_view("dana", slack.open_views("dana")[0]["id"]).ok
    [body] = chosen
    second = slack.channel_id("second")
    held = body["view"]["state"]["values"]["where"]["c"]
    assert held == {"type": "conversations_select", "selected_conversation": second}
    [place] = body["response_urls"]
    assert (place["block_id"], place["channel_id"]) == ("where", second)
    WebhookClient(place["response_url"]).send(text="saved", response_type="in_channel")
    assert slack.messages("second")[-1]["text"] == "saved"


def test_a_home_tab_is_published_when_opened_and_pressed(slack: SlackSandbox, over_http: Connect) -> None:
    pressed: list[Json] = []

    def register(app: App) -> None:
        @app.event("app_home_opened")
        def opened(event: Json, client: WebClient) -> None:
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": buttons("Review")})

        app.action("act_0")(noting(pressed))

    over_http(register)
    slack.open_home("mia")
    home = slack.wait(lambda: slack.home("mia"), what="the Home tab")
    assert slack.press_in_view("mia", home["id"], "Review").ok
    assert pressed[0]["container"] == {"type": "view", "view_id": home["id"]}
    assert "channel" not in pressed[0]
    assert slack.home("dana") is None


def test_shortcuts_carry_what_slack_sends(slack: SlackSandbox, over_http: Connect) -> None:
    heard: list[Json] = []

    def register(app: App) -> None:
        for name in ("annotate_message", "open_queue"):
            app.shortcut(name)(noting(heard))
        app.event("message")(lambda: None)

    over_http(register)
    ts = slack.say("dana", "labels", "look")
    assert slack.shortcut("omar", "annotate_message", "labels", ts).ok
    assert slack.shortcut("omar", "open_queue").ok
    assert (heard[0]["type"], heard[0]["message"]["text"], heard[0]["channel"]["id"]) == (
        "message_action",
        "look",
        "C0LABELS01",
    )
    assert heard[1]["type"] == "shortcut"
    assert "response_url" not in heard[1]


def test_selects_menus_and_suggestions(slack: SlackSandbox, over_http: Connect, client: WebClient) -> None:
    heard: list[Json] = []

    def option(text: str) -> Json:
        return {"text": {"type": "plain_text", "text": text}, "value": text.lower()}

    def register(app: App) -> None:
        app.options("names")(lambda ack, payload: ack(options=[option(payload["value"] + "ple")]))
        for name in ("more", "kind", "names"):
            app.action(name)(noting(heard, lambda body: body["actions"][0]))

    over_http(register)
    row = {
        "type": "actions",
        "elements": [
            {"type": "overflow", "action_id": "more", "options": [option("Skip"), option("Assign")]},
            {"type": "static_select", "action_id": "kind", "options": [option("Cat"), option("Dog")]},
            {"type": "external_select", "action_id": "names", "min_query_length": 1},
        ],
    }
    ts = client.chat_postMessage(channel="C0LABELS01", text="x", blocks=[row])["ts"]
    assert slack.press("dana", "labels", ts, "Assign").ok
    assert slack.press("dana", "labels", ts, action_id="kind", value="dog").ok
    found = slack.suggestions("dana", "peo", action_id="names", channel="labels", ts=ts)
    assert [one["value"] for one in found] == ["people"]
    assert slack.press("dana", "labels", ts, action_id="names", value=found[0]).ok
    slack.wait(lambda: len(heard) == 3, what="three presses")
    assert [action["selected_option"]["value"] for action in heard] == ["assign", "dog", "people"]


def test_an_earlier_drawing_can_still_be_pressed(slack: SlackSandbox, over_http: Connect, client: WebClient) -> None:
    heard: list[str] = []

    def register(app: App) -> None:
        app.action("act_0")(noting(heard, lambda body: body["actions"][0]["value"]))

    over_http(register)
    ts = client.chat_postMessage(channel="C0LABELS01", text="x", blocks=buttons("Approve"))["ts"]
    seen = slack.message("labels", ts)
    client.chat_update(channel="C0LABELS01", ts=ts, text="done", blocks=[])
    assert slack.press("omar", "labels", ts, "Approve").error == "no_such_button"
    assert slack.press("omar", "labels", ts, "Approve", seen=seen).ok
    assert heard == ["approve"]
