"""The doctor: well when all is well; for each thing that breaks, the check that fails and what it says to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from bot.sandbox.slack import SlackSandbox
from bot.slack.manifest import manifest
from bot.storage.secrets import Sealer
from tests.app.doctoring import Found, change, ran
from tests.app.outside import LABELS, Outside
from tests.app.test_processes import postgres_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_bot_at_work_is_well(at_work: Outside) -> None:
    status, said, beside = ran(at_work)
    assert (status, beside) == (0, "")
    *lines, last = said.splitlines()
    assert last == "All is well."
    assert all(line.startswith("ok  ") for line in lines)
    for told in ("at head", "owns it", "no call of the bot's is refused", "general-concept", "the bot is in #labels"):
        assert told in said


def test_failures_are_one_json_document_and_exit_status_1(at_work: Outside) -> None:
    status, said, beside = ran(at_work, "--json", SLACK_BOT_TOKEN="not-a-token-of-this-workspace")
    assert (status, beside) == (1, "")
    document = json.loads(said)
    [failed] = [finding for finding in document["findings"] if not finding["ok"]]
    assert set(failed) == {"name", "ok", "said", "cure"}
    assert failed["name"] == "slack token"
    assert "Reinstall the app" in failed["cure"]


def test_everything_away_is_told_in_lines_with_a_cure_below_each(at_work: Outside) -> None:
    nowhere = "127.0.0.1:1"
    status, said, beside = ran(
        at_work,
        SLACK_API_URL=f"http://{nowhere}/api/",
        CLARIFAI_API_BASE=f"http://{nowhere}",
        DATABASE_URL=f"postgresql://bot:not-for-the-screen@{nowhere}/none",
    )
    assert (status, beside) == (1, "")
    lines = said.splitlines()
    failed = [number for number, line in enumerate(lines) if line.startswith("FAIL")]
    assert [lines[number].split()[1] for number in failed] == ["database", "clarifai", "slack"]
    assert all("What to do: " in lines[number + 1] for number in failed)
    assert lines[-1] == "3 of 5 checks failed."


def test_no_secret_is_ever_shown(at_work: Outside) -> None:
    at_work.slack.faults.fail("auth.test", f"no_{at_work.env['CLARIFAI_PAT']}")
    secrets = {
        "SLACK_BOT_TOKEN": at_work.env["SLACK_BOT_TOKEN"],
        "SLACK_SIGNING_SECRET": at_work.env["SLACK_SIGNING_SECRET"],
        "CLARIFAI_PAT": "a-key-nobody-has",
        "SLACK_APP_TOKEN": "xapp-nobody-has",
        "BOT_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": "postgresql://bot:not-for-the-screen@127.0.0.1:1/none",
    }
    said = "".join(str(part) for options in ((), ("--json",)) for part in ran(at_work, *options, **secrets))
    assert "What to do" in said
    for secret in (*secrets.values(), "not-for-the-screen"):
        assert secret not in said


def test_a_malformed_variable_is_a_finding_too(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(BOT_TICK_S="soon")
    assert failed["said"].startswith("BOT_TICK_S ")
    assert failed["cure"].startswith("Correct it in the environment")


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("SLACK_BOT_TOKEN", "Install the Slack app"),
        ("SLACK_SIGNING_SECRET", "Set SLACK_APP_TOKEN to an app-level token"),
        ("CLARIFAI_USER_ID", "Set CLARIFAI_USER_ID"),
        ("CLARIFAI_APP_ID", "Set CLARIFAI_APP_ID"),
        ("CLARIFAI_PAT", "Set CLARIFAI_PAT"),
        ("BOT_KEYS", "openssl rand -base64 32"),
    ],
)
def test_a_missing_variable(examined: Callable[..., list[Found]], name: str, cure: str) -> None:
    [failed] = examined(**{name: ""})
    assert failed["name"] == "settings"
    assert failed["cure"].startswith(cure) or cure in failed["cure"]


def test_slack_away(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(SLACK_API_URL="http://127.0.0.1:1/api/")
    assert failed["name"] == "slack token"
    assert "See that this machine reaches SLACK_API_URL" in failed["cure"]


def test_the_token_was_revoked(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    at_work.slack.faults.fail("auth.test", "token_revoked")
    [failed] = examined()
    assert "token_revoked" in failed["said"]
    assert "Reinstall the app to the workspace" in failed["cure"]


def test_the_app_token_in_the_place_of_the_bot_token(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(SLACK_BOT_TOKEN=at_work.slack.app_token)
    assert "not to the app-level one" in failed["cure"]


def test_a_scope_was_not_granted(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    fewer = manifest()
    fewer["oauth_config"]["scopes"]["bot"].remove("files:read")
    with SlackSandbox(manifest=fewer, rate_limits=False) as slack:
        failed = examined(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN=slack.bot_token)
    assert [(f["name"], f["said"]) for f in failed] == [
        ("slack scopes", "Not granted: files:read"),
        ("slack files", "Slack refuses files.info: missing_scope"),
    ]
    assert all("reinstall the app" in f["cure"] for f in failed)
    assert at_work.slack.calls == []


def test_the_app_level_token_is_not_taken(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(SLACK_APP_TOKEN="xapp-nobody-has")
    assert failed["name"] == "slack socket"
    assert "connections:write" in failed["cure"]


def test_the_bot_was_removed_from_a_channel(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    at_work.slack.kick(LABELS)
    [failed] = examined()
    assert failed["said"] == "The bot is not in #labels any more."
    assert failed["cure"].startswith("Type /invite in #labels")


def test_a_channel_was_archived(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    at_work.slack.archive(LABELS)
    [failed] = examined()
    assert failed["said"] == "#labels is archived."
    assert failed["cure"].startswith("Unarchive it")


def test_the_channel_is_in_another_workspace(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update project set team_id = 'T0ELSEWHERE', coin_secret = %s", sealed(at_work, "T0ELSEWHERE"))
    [failed] = examined()
    assert "the bot token of workspace T0ELSEWHERE" in failed["cure"]


def sealed(outside: Outside, team: str) -> bytes:
    return Sealer([outside.env["BOT_KEYS"]]).seal(f"{team}|coin|", "heads")


def test_slack_finds_fault_with_our_messages(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    at_work.slack.faults.fail("blocks.validate", "invalid_blocks")
    [failed] = examined()
    assert failed["said"] == "Slack refuses 1 message: card, one question (invalid_blocks)"
    assert failed["cure"].startswith("Update annotate-bot")


def test_a_slack_that_validates_nothing_is_no_failure(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    at_work.slack.faults.fail("blocks.validate", "unknown_method")
    assert examined() == []


def test_the_database_is_away(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert failed["name"] == "database"
    assert "See that PostgreSQL runs" in failed["cure"]


def test_the_schema_is_not_at_head(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update alembic_version set version_num = '0000'")
    [failed] = examined()
    assert (failed["name"], failed["said"][:27]) == ("schema", "The database stands at 0000")
    assert failed["cure"].startswith("Run `annotate-bot migrate`")


def test_an_embedded_database_is_examined_too(at_work: Outside) -> None:
    assert at_work.start("migrate", DATABASE_URL="").wait() == 0
    status, said, _ = ran(at_work, DATABASE_URL="")
    assert (status, "PostgreSQL" in said, "at head" in said) == (0, True, True)
    assert postgres_of(at_work.folder) == []


def test_other_keys_do_not_open_what_is_sealed(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(BOT_KEYS=Fernet.generate_key().decode())
    assert failed["said"] == f"Secrets of {LABELS} do not open with BOT_KEYS."
    assert failed["cure"].startswith("Put the key they were sealed with back into BOT_KEYS")


def test_decisions_that_are_not_written_for_long(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update annotation set dirty = 1, problem = 'Clarifai is away'")
    change(at_work, "update review set state = 'decided', decided_at = now() - interval '14 minutes'")
    assert examined() == []
    change(at_work, "update review set decided_at = now() - interval '16 minutes'")
    [failed] = examined()
    assert failed["said"].endswith(": Clarifai is away")
    assert "Start `annotate-bot run`" in failed["cure"]


def test_work_that_nobody_does(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "insert into procrastinate_jobs (queue_name, task_name) values ('default', 'pass')")
    assert examined() == []
    change(at_work, "update procrastinate_events set at = now() - interval '6 minutes'")
    [failed] = examined()
    assert "nobody does it" in failed["said"]
    assert failed["cure"].startswith("Start `annotate-bot run`")


def test_work_of_a_worker_that_died(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "insert into procrastinate_workers (last_heartbeat) values (now() - interval '2 minutes')")
    change(
        at_work,
        "insert into procrastinate_jobs (queue_name, task_name, status, worker_id) "
        "select 'default', 'pass', 'doing', id from procrastinate_workers",
    )
    [failed] = examined()
    assert failed["said"] == "1 job of workers that give no sign of life"
    assert failed["cure"].startswith("Start `annotate-bot run`")


def test_messages_that_were_given_up(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update post set state = 'gone', problem = 'nothing to say', created_at = now()")
    assert examined() == []
    change(at_work, "update post set problem = 'is_archived'")
    [failed] = examined()
    assert failed["said"].endswith("card: is_archived (1)")
    assert "See that the bot is in each channel" in failed["cure"]


def test_the_data_folder_may_not_exist_yet(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    folder: Path = at_work.folder / "not" / "yet"
    assert examined(BOT_DATA_DIR=str(folder), DATABASE_URL="") == []
    assert not folder.exists()
