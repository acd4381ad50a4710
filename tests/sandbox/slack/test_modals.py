"""Modals, Home tabs, shortcuts, suggestions and late answers, with the unmodified Bolt app."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import MANIFEST, Connect, buttons, http_app, noting

Json = dict[str, Any]


def modal(title: str = "Thresholds", **more: Any) -> Json:  # noqa: ANN401 - any key of a view
    accept = {
        "type": "input",
        "block_id": "accept",
        "label": {"type": "plain_text", "text": "Accept"},
        "element": {"type": "plain_text_input", "action_id": "value", "initial_value": "0.95"},
    }
    words = {key: {"type": "plain_text", "text": text} for key, text in (("title", title), ("submit", "Save"))}
    return {"type": "modal", "callback_id": "thresholds", "blocks": [accept, *buttons("More")], **words, **more}


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


class MovableClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def timed(clock: MovableClock) -> Iterator[SlackSandbox]:
    with SlackSandbox(manifest=MANIFEST, rate_limits=False, clock=clock) as sandbox:
        yield sandbox


def test_a_trigger_opens_one_modal_within_three_seconds(timed: SlackSandbox, clock: MovableClock) -> None:
    triggers: list[str] = []

    def register(app: App) -> None:
        app.command("/annotate")(noting(triggers, lambda body: body["trigger_id"]))

    client = WebClient(token=timed.bot_token, base_url=timed.api_url)
    with http_app(timed, register):
        timed.slash("dana", "labels", "/annotate")
        client.views_open(trigger_id=triggers[0], view=modal())
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            client.views_open(trigger_id=triggers[0], view=modal())
        timed.slash("dana", "labels", "/annotate")
        clock.now += timedelta(seconds=3.1)
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            client.views_open(trigger_id=triggers[1], view=modal())
        timed.slash("dana", "labels", "/annotate")
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            client.views_push(trigger_id=triggers[2], view=modal())


def test_a_response_address_takes_five_posts_in_half_an_hour(timed: SlackSandbox, clock: MovableClock) -> None:
    answers: list[Respond] = []

    def register(app: App) -> None:
        @app.command("/annotate")
        def keep(ack: Ack, respond: Respond) -> None:
            answers.append(respond)
            ack()

    with http_app(timed, register):
        timed.slash("dana", "labels", "/annotate")
        codes = [answers[0](f"note {number}").status_code for number in range(6)]
        assert codes == [200] * 5 + [404]
        timed.slash("dana", "labels", "/annotate")
        clock.now += timedelta(minutes=31)
        assert answers[1]("late").status_code == 404
    assert [note["text"] for note in timed.ephemerals("dana")] == [f"note {number}" for number in range(5)]


def test_a_response_address_refuses_too_much_and_nonsense(timed: SlackSandbox) -> None:
    addresses: list[str] = []

    def register(app: App) -> None:
        app.command("/annotate")(noting(addresses, lambda body: body["response_url"]))

    with http_app(timed, register):
        timed.slash("dana", "labels", "/annotate")
    for body in (b"x" * 50_000_000, b"{", b"[" * 100_000, b"[1]", b'{"blocks": [{"type": "nonsense"}]}', b"{}"):
        with pytest.raises(urllib.error.HTTPError, match="400") as refused:
            urllib.request.urlopen(addresses[0], body)  # noqa: S310 - loopback
        refused.value.close()
    assert timed.ephemerals("dana") == []


def notes_are(slack: SlackSandbox, texts: list[str]) -> bool:
    return [note["text"] for note in slack.ephemerals("dana")] == texts


def test_a_note_can_be_replaced_and_deleted_through_its_address(slack: SlackSandbox, connect: Connect) -> None:
    def register(app: App) -> None:
        app.command("/annotate")(lambda ack: ack(text="choose", blocks=buttons("Yes", "No")))
        app.action("act_0")(lambda ack, respond: (ack(), respond(text="thanks", replace_original=True)))
        app.action("act_1")(lambda ack, respond: (ack(), respond(delete_original=True)))

    connect(register)
    for label, left in (("Yes", ["thanks"]), ("No", ["thanks"])):
        slack.slash("dana", "labels", "/annotate")
        note = slack.ephemerals("dana")[-1]
        assert slack.press("omar", "labels", note["ts"], label).error == "message_not_found"
        assert slack.press("dana", "labels", note["ts"], label).ok
        slack.wait(partial(notes_are, slack, left), what=f"the note after {label}")


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
