"""The Web API as slack_sdk meets it: shapes, refusals, limits, faults."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.methods import METHODS
from tests.sandbox.slack.bolt_apps import MANIFEST, buttons, refusal

MODAL: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": []}
LABELS, SECOND = "C0LABELS01", "C0SECOND01"
ARGUMENTS = (
    *("channel", "text", "blocks", "view", "ts", "thread_ts", "user", "users", "file", "files", "filename", "length"),
    *("limit", "cursor", "oldest", "latest", "inclusive", "metadata", "attachments", "trigger_id", "hash", "view_id"),
    *("external_id", "user_id", "message_ts", "timestamp", "name", "types", "bot", "channel_id", "title", "message"),
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([LABELS, "U0DANA00001", "[1]"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "blocks", "id", "event_type", "event_payload"]), inner, max_size=3)
    ),
    max_leaves=6,
)
Calling = Callable[[WebClient], object]


def test_who_am_i(slack: SlackSandbox, client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (slack.bot_user_id, slack.team_id)
    assert "files:read" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.chat_postMessage(channel="C0NOWHERE1", text="x"), "channel_not_found"),
        (lambda c: c.chat_postMessage(channel=SECOND, text="x"), "not_in_channel"),
        (lambda c: c.api_call("chat.postMessage", json={"channel": LABELS}), "no_text"),
        (lambda c: c.chat_postMessage(channel=LABELS, text="x", thread_ts="1.2"), "thread_not_found"),
        (
            lambda c: c.chat_postMessage(channel=LABELS, text="x", metadata={"event_type": "x"}),
            "invalid_metadata_format",
        ),
        (lambda c: c.chat_update(channel=LABELS, ts="1.2", text="x"), "message_not_found"),
        (lambda c: c.chat_delete(channel=LABELS, ts="1.2"), "message_not_found"),
        (lambda c: c.chat_getPermalink(channel=LABELS, message_ts="1.2"), "message_not_found"),
        (lambda c: c.chat_postEphemeral(channel=LABELS, user="U0NOBODY01", text="x"), "user_not_found"),
        (lambda c: c.chat_postEphemeral(channel=LABELS, user="U0GUS000001", text="x"), "user_not_in_channel"),
        (lambda c: c.views_open(trigger_id="1.2.3", view=MODAL), "invalid_trigger_id"),
        (lambda c: c.views_update(view_id="V0", view=MODAL), "not_found"),
        (lambda c: c.views_publish(user_id="U0NOBODY01", view={"type": "home", "blocks": []}), "user_not_found"),
        (lambda c: c.files_info(file="F0NOTHING01"), "file_not_found"),
        (lambda c: c.users_info(user="U0NOBODY01"), "user_not_found"),
        (lambda c: c.conversations_info(channel="C0NOWHERE1"), "channel_not_found"),
        (lambda c: c.conversations_history(channel=SECOND), "not_in_channel"),
        (lambda c: c.conversations_replies(channel=LABELS, ts="1.2"), "thread_not_found"),
        (lambda c: c.team_info(), "missing_scope"),
        (lambda c: c.api_call("chat.nonsense"), "unknown_method"),
        (lambda c: c.api_call("apps.connections.open"), "not_allowed_token_type"),
    ],
)
def test_refusals_are_slacks(client: WebClient, call: Calling, error: str) -> None:
    assert refusal(lambda: call(client)) == error


def test_tokens_are_asked_for(slack: SlackSandbox) -> None:
    assert refusal(WebClient(base_url=slack.api_url).auth_test) == "not_authed"
    assert refusal(WebClient(token="xoxb-wrong", base_url=slack.api_url).auth_test) == "invalid_auth"


def test_invalid_blocks_come_with_pointers(client: WebClient) -> None:
    broken: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
        {"type": "header", "extra": 1},
    ]
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=LABELS, text="x", blocks=broken)
    body = caught.value.response
    assert body["error"] == "invalid_blocks"
    assert body["errors"][0] == "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert body["response_metadata"]["messages"][0] == f"[ERROR] {body['errors'][0]}"


def test_an_update_keeps_blocks_unless_told_and_an_empty_list_removes_them(
    slack: SlackSandbox, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel=LABELS, text="a", blocks=buttons("Approve"))["ts"]
    client.chat_update(channel=LABELS, ts=ts, text="b")
    assert len(slack.messages("labels")[0]["blocks"]) == 2
    client.chat_update(channel=LABELS, ts=ts, text="c", blocks=[])
    assert "blocks" not in slack.messages("labels")[0]
    theirs = slack.say("dana", "labels", "mine")
    assert refusal(lambda: client.chat_update(channel=LABELS, ts=theirs, text="x")) == "cant_update_message"
    assert refusal(lambda: client.chat_delete(channel=LABELS, ts=theirs)) == "cant_delete_message"


def test_an_archived_channel_takes_nothing(slack: SlackSandbox, client: WebClient) -> None:
    slack.archive("labels")
    assert refusal(lambda: client.chat_postMessage(channel=LABELS, text="x")) == "is_archived"
    assert client.conversations_info(channel=LABELS)["channel"]["is_archived"] is True


def test_metadata_is_read_back_only_on_request(client: WebClient) -> None:
    metadata = {"event_type": "annotate_card", "event_payload": {"id": "7"}}
    ts = client.chat_postMessage(channel=LABELS, text="a", metadata=metadata)["ts"]
    client.chat_postMessage(channel=LABELS, text="b", thread_ts=ts, metadata=metadata)
    assert "metadata" not in client.conversations_history(channel=LABELS)["messages"][0]
    [parent] = client.conversations_history(channel=LABELS, include_all_metadata=True)["messages"]
    assert (parent["metadata"], parent["reply_count"]) == (metadata, 1)
    thread = client.conversations_replies(channel=LABELS, ts=ts, include_all_metadata=True)["messages"]
    assert [message["text"] for message in thread] == ["a", "b"]
    assert thread[1]["metadata"] == metadata


def test_history_is_paged_newest_first(client: WebClient) -> None:
    for number in range(5):
        client.chat_postMessage(channel=LABELS, text=str(number))
    texts: list[str] = []
    for page in client.conversations_history(channel=LABELS, limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"]


def test_members_have_names_zones_and_standing(client: WebClient) -> None:
    dana = client.users_info(user="U0DANA00001")["user"]
    assert (dana["name"], dana["tz"], dana["is_admin"], dana["is_owner"]) == ("dana", "Europe/Berlin", True, True)
    gus = client.users_info(user="U0GUS000001")["user"]
    assert (gus["is_restricted"], gus["is_admin"]) == (True, False)
    assert client.users_info(user="U0MIA000001")["user"]["tz_offset"] == 20_700
    assert set(client.conversations_members(channel=LABELS)["members"]) >= {"U0DANA00001", "U0OMAR00001"}


def test_a_direct_conversation_is_opened_once(slack: SlackSandbox, client: WebClient) -> None:
    first = client.conversations_open(users="U0DANA00001")["channel"]["id"]
    assert client.conversations_open(users="U0DANA00001")["channel"]["id"] == first
    client.chat_postMessage(channel="U0DANA00001", text="hello")
    assert [message["text"] for message in slack.messages(first)] == ["hello"]


def test_blocks_validate_judges_without_posting(slack: SlackSandbox, client: WebClient) -> None:
    assert client.blocks_validate(blocks=buttons("Approve"))["ok"] is True
    with pytest.raises(SlackApiError, match="invalid_blocks") as caught:
        client.blocks_validate(blocks=[{"type": "nonsense"}])
    [error] = caught.value.response["errors"]
    assert error["pointer"] == "/blocks/0/type"
    assert refusal(lambda: client.blocks_validate(view={**MODAL, "title": None})) == "invalid_view"
    assert refusal(lambda: client.blocks_validate(message={"blocks": [{}]})) == "invalid_message"
    assert refusal(lambda: client.blocks_validate(view=MODAL, blocks=[])) == "invalid_arguments"
    assert client.blocks_validate(message={"text": "only words"})["ok"] is True
    assert client.blocks_validate(view=MODAL)["ok"] is True
    assert slack.messages("labels") == []


def test_a_revoked_token_is_refused_until_the_next_start(slack: SlackSandbox, client: WebClient) -> None:
    assert client.auth_revoke(test=True)["revoked"] is False
    assert client.auth_revoke()["revoked"] is True
    assert refusal(client.auth_test) == "token_revoked"
    assert slack.connections == 0


def test_user_groups_name_their_people(client: WebClient) -> None:
    [group] = client.usergroups_list(include_users=True)["usergroups"]
    assert group["handle"] == "reviewers"
    assert client.usergroups_users_list(usergroup=group["id"])["users"] == group["users"]
    assert refusal(lambda: client.usergroups_users_list(usergroup="S0")) == "no_such_subteam"


def test_reactions_of_several_people_are_counted_together(slack: SlackSandbox, client: WebClient) -> None:
    ts = slack.say("dana", "labels", "look")
    slack.react("omar", "labels", ts, "eyes")
    client.reactions_add(channel=LABELS, timestamp=ts, name="eyes")
    assert refusal(lambda: client.reactions_add(channel=LABELS, timestamp=ts, name="eyes")) == "already_reacted"
    [reaction] = slack.messages("labels")[0]["reactions"]
    assert (reaction["name"], reaction["count"]) == ("eyes", 2)
    slack.react("omar", "labels", ts, "eyes")
    client.reactions_remove(channel=LABELS, timestamp=ts, name="eyes")
    assert "reactions" not in slack.messages("labels")[0]


def test_attachments_are_judged_too(client: WebClient) -> None:
    def post(attachments: Any) -> str:  # noqa: ANN401 - also what is no list
        return refusal(lambda: client.chat_postMessage(channel=LABELS, text="x", attachments=attachments))

    assert post([{"blocks": [{"type": "nonsense"}]}]) == "invalid_blocks"
    assert post([{"text": "x"}] * 101) == "too_many_attachments"
    assert post("[1]") == "invalid_attachments"


def post_many(client: WebClient, count: int) -> None:
    for number in range(count):
        client.chat_postMessage(channel=LABELS, text=str(number))


def test_a_channel_takes_about_one_message_a_second() -> None:
    with SlackSandbox(manifest=MANIFEST) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        with pytest.raises(SlackApiError) as caught:
            post_many(client, 20)
        assert caught.value.response.status_code == 429
        assert caught.value.response["error"] == "ratelimited"
        assert int(caught.value.response.headers["Retry-After"]) == 1
        assert 1 < len(slack.messages("labels")) < 10
        slack.tune(rate_limits=False)
        client.chat_postMessage(channel=LABELS, text="free again")


def test_faults_come_as_often_as_asked(slack: SlackSandbox, client: WebClient) -> None:
    slack.faults.fail("chat.postMessage", "fatal_error", times=2)
    slack.faults.limit("users.info", retry_after_s=7)
    for _ in range(2):
        assert refusal(lambda: client.chat_postMessage(channel=LABELS, text="x")) == "fatal_error"
    client.chat_postMessage(channel=LABELS, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.users_info(user="U0DANA00001")
    assert caught.value.response.headers["Retry-After"] == "7"
    client.users_info(user="U0DANA00001")
    assert slack.call_counts["chat.postMessage"] == 3


def test_a_lost_answer_was_applied_all_the_same(slack: SlackSandbox, client: WebClient) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        client.chat_postMessage(channel=LABELS, text="there")
    assert [message["text"] for message in slack.messages("labels")] == ["there"]


def test_the_journal_holds_no_token(slack: SlackSandbox, client: WebClient) -> None:
    client.api_call("auth.test", params={"token": slack.bot_token})
    client.chat_postMessage(channel=LABELS, text="x")
    assert slack.bot_token not in json.dumps([call._asdict() for call in slack.calls])


def raw(slack: SlackSandbox, method: str, body: bytes, kind: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": kind}
    with urllib.request.urlopen(urllib.request.Request(slack.api_url + method, body, headers)) as answer:  # noqa: S310 - loopback
        return dict(json.loads(answer.read()))


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[1]", "application/json", "json_not_object"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"x" * 50_000_000, "application/json", "request_too_large"),
        (b"x" * 50_000_000, "multipart/form-data; boundary=b", "request_too_large"),
        (b"x", "multipart/form-data", "invalid_form_data"),
        (
            b"blocks=" + b"[" * 100_000 + b"&channel=C0LABELS01",
            "application/x-www-form-urlencoded",
            "invalid_blocks_format",
        ),
        (b"blocks={", "application/x-www-form-urlencoded", "channel_not_found"),
    ],
)
def test_broken_bodies_are_refused(slack: SlackSandbox, body: bytes, kind: str, error: str) -> None:
    assert raw(slack, "chat.postMessage", body, kind)["error"] == error


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(METHODS.keys() - {"auth.revoke"})),
    st.dictionaries(st.sampled_from(ARGUMENTS), ANY_JSON, max_size=6),
)
def test_no_arguments_break_a_method(slack: SlackSandbox, method: str, args: dict[str, Any]) -> None:
    body = json.dumps({"channel": LABELS, **args}).encode()
    token = slack.app_token if METHODS[method].app_token else slack.bot_token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(slack.api_url + method, body, headers)) as answer:  # noqa: S310 - loopback
        assert "ok" in json.loads(answer.read())
