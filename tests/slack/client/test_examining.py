"""What Slack is asked about itself, and how its answers are read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import ChatRefused, ChatUnavailable
from bot.slack.examining import SlackCheckUp, wanted_scopes
from bot.slack.manifest import manifest
from tests.slack.client.canned import canned, http

if TYPE_CHECKING:
    from bot.sandbox.slack import SlackSandbox

ME = b'{"ok": true, "team_id": "T1", "user_id": "U1"}'


@pytest.fixture
def check_up(slack: SlackSandbox) -> SlackCheckUp:
    return SlackCheckUp(slack.bot_token, slack.app_token, slack.api_url)


def test_an_introduction_tells_scopes_and_time(slack: SlackSandbox, check_up: SlackCheckUp) -> None:
    said = check_up.introduce()
    assert (said.team_id, said.user_id) == (slack.team_id, slack.bot_user_id)
    granted = manifest()["oauth_config"]["scopes"]
    assert said.scopes == frozenset([*granted["bot"], *granted["bot_optional"]])
    assert said.now is not None
    assert abs(said.now - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "scopes", "now"),
    [
        ("", None, None),
        ("X-OAuth-Scopes: chat:write, commands\r\n", {"chat:write", "commands"}, None),
        ("x-oauth-scopes: \r\n", set(), None),
        ("Date: Mon, 04 May 2026 10:00:00 GMT\r\n", None, dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)),
        ("Date: yesterday\r\n", None, None),
    ],
)
def test_headers_may_be_missing_or_odd(headers: str, scopes: set[str] | None, now: dt.datetime | None) -> None:
    with canned(http("200 OK", ME, extra=headers)) as server:
        said = SlackCheckUp("xoxb-any", "", f"{server.url}/api/").introduce()
    assert (said.scopes, said.now) == (scopes, now)


def test_connecting_takes_the_app_level_token_and_opens_nothing(slack: SlackSandbox, check_up: SlackCheckUp) -> None:
    check_up.connect()
    assert slack.connections == 0
    with pytest.raises(ChatRefused, match="invalid_auth"):
        SlackCheckUp(slack.bot_token, "xapp-nobody-has", slack.api_url).connect()


def test_a_channel_is_seen_as_it_is(slack: SlackSandbox, check_up: SlackCheckUp) -> None:
    labels, general = check_up.channel("C0LABELS01"), check_up.channel("C0GENERAL1")
    assert (labels.name, labels.is_member, labels.is_archived) == ("labels", True, False)
    assert not general.is_member
    slack.archive("C0LABELS01")
    assert check_up.channel("C0LABELS01").is_archived
    with pytest.raises(ChatRefused, match="channel_not_found"):
        check_up.channel("C0NOWHERE1")


def test_a_file_that_does_not_exist_proves_the_right_to_ask(slack: SlackSandbox, check_up: SlackCheckUp) -> None:
    check_up.read_files()
    slack.faults.fail("files.info", "missing_scope")
    with pytest.raises(ChatRefused, match="missing_scope"):
        check_up.read_files()


def test_samples_of_every_kind_are_validated(slack: SlackSandbox, check_up: SlackCheckUp) -> None:
    assert check_up.refused_samples() == []
    assert slack.call_counts["blocks.validate"] >= 6
    slack.faults.fail("blocks.validate", "invalid_blocks")
    [refused] = check_up.refused_samples() or ()
    assert refused.endswith("(invalid_blocks)")
    slack.faults.fail("blocks.validate", "unknown_method")
    assert check_up.refused_samples() is None
    slack.faults.fail("blocks.validate", "token_revoked")
    with pytest.raises(ChatRefused, match="token_revoked"):
        check_up.refused_samples()


def test_slack_away_is_away() -> None:
    with pytest.raises(ChatUnavailable):
        SlackCheckUp("xoxb-any", "", "http://127.0.0.1:1/api/").introduce()


def test_the_scopes_wanted_are_those_of_the_manifest() -> None:
    needed, optional = wanted_scopes()
    assert "chat:write" in needed
    assert not needed & optional
