"""What is missing or malformed in the environment is named in one clear line, and the exit status is 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import SettingsError, read_settings, require

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.outside import Outside


@pytest.fixture(autouse=True)
def _an_empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SLACK_BOT_TOKEN", "BOT_KEYS", "DATABASE_URL", "PORT", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("BOT_TICK_S", "soon"),
        ("BOT_TICK_S", "0"),
        ("BOT_TICK_S", "nan"),
        ("BOT_STALLED_S", "0"),
        ("BOT_CARD_HOURS", "8-20"),
        ("BOT_CARD_HOURS", "08:00-24:30"),
        ("BOT_KEYS", "secret-key-of-the-wrong-form"),
        ("BOT_KEYS", f"{'A' * 43}=,secret-key-of-the-wrong-form"),
        ("SLACK_API_URL", "slack.com/api"),
        ("CLARIFAI_API_BASE", "api.clarifai.com"),
        ("DATABASE_URL", "mysql://somebody:secret-key-of-the-wrong-form@host/db"),
        ("DATABASE_URL", "not an address"),
    ],
)
def test_a_malformed_variable_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    said = str(refused.value)
    assert said.startswith(f"{name} ")
    assert "\n" not in said
    assert "secret-key-of-the-wrong-form" not in said


@pytest.mark.parametrize("token", ["anything", "xoxb-1", "ünïcode", " spaces inside "])
def test_tokens_are_never_judged_by_their_form(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", token)
    monkeypatch.setenv("CLARIFAI_PAT", token)
    assert read_settings().slack_bot_token == token


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("BOT_TICK_S", "")
    assert (read_settings().port, read_settings().bot_tick_s) == (3000, 10.0)


def test_a_file_called_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\n")
    assert read_settings().port == 4000


def test_one_workspace_or_several_not_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "x")
    with pytest.raises(SettingsError, match="SLACK_CLIENT_ID cannot be combined with SLACK_BOT_TOKEN"):
        read_settings()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "x")
    with pytest.raises(SettingsError, match=r"^BOT_KEYS is missing"):
        require(read_settings(), "SLACK_BOT_TOKEN", "BOT_KEYS")


@pytest.mark.parametrize(
    ("verb", "changed", "named"),
    [
        ("run", {"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing"),
        ("run", {"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET is missing"),
        ("run", {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2"}, "several workspaces come later"),
        ("web", {"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ("worker", {"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ("worker", {"BOT_KEYS": ""}, "BOT_KEYS is missing"),
        ("migrate", {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "DATABASE_URL cannot be reached"),
    ],
)
def test_a_process_says_what_is_missing_and_ends_with_2(
    outside: Outside, verb: str, changed: dict[str, str], named: str
) -> None:
    process = outside.start(verb, **changed)
    assert process.ready() == {}
    assert process.wait() == 2
    [line] = process.said.splitlines()
    assert line.startswith("annotate-bot: ")
    assert named in line
