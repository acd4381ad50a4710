"""SlackChat over the sandbox's real Web API."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import ChatRefused
from bot.domain.reviews import ReviewKind, ReviewState
from bot.domain.roles import Person
from bot.domain.views import AnnouncementView, CardReview, CardView, HomeView, NoteView
from bot.slack.client import SlackChat
from bot.usecases.chat import Mark, PostKind
from tests.slack.client.canned import canned, http

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.slack import SlackSandbox
    from bot.usecases.chat import Chat

LABELS = "C0LABELS01"
CARD = Mark(PostKind.CARD, "card:7")
HELLO = AnnouncementView(("Hello.",))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_the_client_is_a_chat(chat: SlackChat) -> None:
    as_port: Chat = chat
    assert as_port.permalink(LABELS, "1.2")


def test_a_post_carries_text_blocks_and_its_mark(slack: SlackSandbox, chat: SlackChat) -> None:
    ts = chat.post(LABELS, HELLO, CARD)
    [message] = slack.messages(LABELS)
    assert (message["ts"], message["text"]) == (ts, "Hello.")
    assert message["metadata"] == {
        "event_type": "annotate_card",
        "event_payload": {"subject": "card:7", "kind": "card"},
    }
    args = next(call.args for call in slack.calls if call.method == "chat.postMessage")
    assert args["unfurl_links"] is False
    assert args["unfurl_media"] is False


def test_a_post_may_go_into_a_thread(slack: SlackSandbox, chat: SlackChat) -> None:
    parent = slack.say("dana", LABELS, "look")
    ts = chat.post(LABELS, HELLO, CARD, thread_ts=parent)
    assert [m["ts"] for m in slack.replies(LABELS, parent)][-1] == ts


def test_a_real_card_with_a_members_picture_is_taken_by_slack(slack: SlackSandbox, chat: SlackChat, png: bytes) -> None:
    slack.upload("omar", LABELS, [("cat.png", png)])
    file_id = slack.messages(LABELS)[0]["files"][0]["id"]
    review = CardReview(1, "man", ReviewKind.PENDING, ReviewState.POSTED, 0.36, 0.95)
    chat.post(LABELS, CardView("in1", "cat.png", "U0OMAR0001", "", file_id, (review,)), CARD)
    assert slack.messages(LABELS)[-1]["blocks"][0]["slack_file"]["id"] == file_id


def test_an_update_draws_the_message_anew_and_may_be_repeated(slack: SlackSandbox, chat: SlackChat) -> None:
    ts = chat.post(LABELS, HELLO, CARD)
    for _ in range(2):
        chat.update(LABELS, ts, AnnouncementView(("Bye.",)), CARD)
    [message] = slack.messages(LABELS)
    assert message["text"] == "Bye."
    assert message["metadata"]["event_payload"]["subject"] == "card:7"


def test_updating_a_deleted_message_says_so(slack: SlackSandbox, chat: SlackChat) -> None:
    ts = chat.post(LABELS, HELLO, CARD)
    slack.delete_message(LABELS, ts)
    with pytest.raises(ChatRefused) as refused:
        chat.update(LABELS, ts, HELLO, CARD)
    assert refused.value.error == "message_not_found"


def test_a_message_of_ours_is_found_again_by_its_mark(chat: SlackChat) -> None:
    before = now()
    chat.post(LABELS, HELLO, Mark(PostKind.CARD, "card:8"))
    ts = chat.post(LABELS, HELLO, CARD)
    assert chat.find(LABELS, CARD, since=before) == ts
    assert chat.find(LABELS, Mark(PostKind.DIGEST, "card:7"), since=before) is None
    assert chat.find(LABELS, Mark(PostKind.CARD, "card:9"), since=before) is None


def test_what_was_posted_long_before_is_not_found(chat: SlackChat) -> None:
    chat.post(LABELS, HELLO, CARD)
    assert chat.find(LABELS, CARD, since=now() + dt.timedelta(minutes=10)) is None


def test_a_clock_two_seconds_ahead_hides_nothing(chat: SlackChat) -> None:
    ts = chat.post(LABELS, HELLO, CARD)
    assert chat.find(LABELS, CARD, since=now() + dt.timedelta(seconds=1)) == ts


def test_a_message_is_found_behind_many_others(slack: SlackSandbox, chat: SlackChat) -> None:
    before = now()
    ts = chat.post(LABELS, HELLO, CARD)
    for number in range(205):
        slack.say("mia", LABELS, f"message {number}")
    assert chat.find(LABELS, CARD, since=before) == ts
    assert sum(call.method == "conversations.history" for call in slack.calls) == 2


def test_a_message_is_found_in_its_thread(slack: SlackSandbox, chat: SlackChat) -> None:
    before = now()
    parent = slack.say("dana", LABELS, "look")
    mark = Mark(PostKind.UPLOAD, "upload:1")
    ts = chat.post(LABELS, HELLO, mark, thread_ts=parent)
    assert chat.find(LABELS, mark, since=before, thread_ts=parent) == ts
    assert chat.find(LABELS, mark, since=before) is None


def test_a_whisper_reaches_one_person(slack: SlackSandbox, chat: SlackChat) -> None:
    dana, omar = slack.members[0], slack.members[1]
    chat.whisper(LABELS, omar.id, NoteView((f"Only <@{dana.id}> may.",)))
    [heard] = slack.ephemerals("omar")
    assert heard["text"] == f"Only <@{dana.id}> may."
    assert slack.ephemerals("dana") == []


def test_a_person_comes_with_standing_name_and_zone(slack: SlackSandbox, chat: SlackChat) -> None:
    dana, gus = slack.members[0], next(m for m in slack.members if m.name == "gus")
    assert chat.person(slack.team_id, dana.id) == Person(
        dana.id, slack.team_id, is_admin=True, standing_known=True, name="dana", zone="Europe/Berlin"
    )
    assert chat.person(slack.team_id, gus.id).is_guest


def test_an_unknown_person_is_refused(slack: SlackSandbox, chat: SlackChat) -> None:
    with pytest.raises(ChatRefused, match="user_not_found"):
        chat.person(slack.team_id, "U0NOBODY01")


def test_a_permalink_is_made_without_asking_twice(slack: SlackSandbox, chat: SlackChat) -> None:
    address = chat.permalink(LABELS, "1700000000.000100")
    assert address.endswith(f"/archives/{LABELS}/p1700000000000100")
    chat.permalink(LABELS, "1700000000.000200")
    assert sum(call.method == "auth.test" for call in slack.calls) == 1


def test_a_handed_in_identity_asks_nothing(slack: SlackSandbox, chat: SlackChat, wait: Callable[[float], None]) -> None:
    known = chat.prove()
    other = SlackChat(slack.bot_token, wait, api_url=slack.api_url, identity=known)
    assert other.permalink(LABELS, "1.000002") == f"{known.url}archives/{LABELS}/p1000002"
    assert sum(call.method == "auth.test" for call in slack.calls) == 1


def test_a_wrong_token_is_refused(slack: SlackSandbox, wait: Callable[[float], None]) -> None:
    stranger = SlackChat("xoxb-wrong", wait, api_url=slack.api_url)
    with pytest.raises(ChatRefused) as refused:
        stranger.prove()
    assert refused.value.error == "invalid_auth"


def test_a_home_tab_is_published_to_one_person(slack: SlackSandbox, chat: SlackChat) -> None:
    chat.show_home("U0OMAR00001", HomeView())
    shown = slack.home("omar")
    assert shown
    assert shown["type"] == "home"
    assert slack.home("mia") is None


def test_the_members_of_a_channel_are_asked_for_page_by_page(wait: Callable[[float], None]) -> None:
    first = b'{"ok": true, "members": ["U1", "U2"], "response_metadata": {"next_cursor": "more"}}'
    last = b'{"ok": true, "members": ["U3"], "response_metadata": {"next_cursor": ""}}'
    with canned(http("200 OK", first), http("200 OK", last)) as server:
        chat = SlackChat("xoxb-1", wait, api_url=f"{server.url}/api/")
        assert chat.members(LABELS) == ["U1", "U2", "U3"]
        assert b"cursor=more" in server.requests[1]


def test_a_channel_whose_members_slack_does_not_tell_is_refused(slack: SlackSandbox, chat: SlackChat) -> None:
    slack.faults.fail("conversations.members", "missing_scope")
    with pytest.raises(ChatRefused, match="missing_scope"):
        chat.members(LABELS)
