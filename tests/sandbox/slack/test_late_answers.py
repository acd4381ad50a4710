"""Triggers and response addresses: once, in time, and no more often than Slack allows."""

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

from bot.sandbox.slack import SlackSandbox
from tests.sandbox.slack.bolt_apps import MANIFEST, Connect, buttons, http_app, modal, noting

Json = dict[str, Any]


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
