"""The processes as whoever deploys them sees them: ready, healthy, together, and gone when told so."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.storage.engine import libpq_dsn
from tests.app.outside import LABELS, OMAR, Outside, get, wait_until
from tests.app.people import go_live, press, seen, set_up, upload
from tests.storage.embedded.holding import processes

if TYPE_CHECKING:
    from pathlib import Path

ENDS_WITHIN_S = 10.0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.fault(17)
def test_a_signal_ends_run_cleanly(outside: Outside, how: signal.Signals) -> None:
    process = outside.run()
    set_up(outside)
    assert process.end(how, ENDS_WITHIN_S) == 0
    assert "Traceback" not in process.said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_it_is_ready_leaves_no_database_behind(outside: Outside, how: signal.Signals) -> None:
    process = outside.start("run", DATABASE_URL="")
    wait_until(lambda: postgres_of(outside.folder), "the embedded database to start", 30)
    process.end(how, 30)
    assert postgres_of(outside.folder) == []


def test_run_web_and_worker_share_one_database(outside: Outside) -> None:
    together = [outside.start(verb) for verb in ("run", "web", "worker", "worker")]
    ready = [process.ready() for process in together]
    outside.slack.deliver_to(f"{ready[0]['http']}/slack/events")
    set_up(outside, "people man")
    go_live(outside)
    outside.slack.deliver_to(f"{ready[1]['http']}/slack/events")
    upload(outside, people=0.5, man=0.5)
    card = seen(outside, "card", "Approve all")
    press(outside, card, "Approve all")
    seen(outside, "card", "approved by")
    assert len(outside.messages("card")) == 1
    assert [process.end(within_s=20) for process in together] == [0] * 4


def test_worker_says_when_it_works_and_web_alone_serves(outside: Outside) -> None:
    web, worker = outside.start("web"), outside.start("worker")
    assert (set(web.ready()), worker.ready()) == ({"http"}, {})
    assert (web.end(), worker.end()) == (0, 0)


def test_a_web_process_alone_puts_what_is_due_into_the_queue(outside: Outside, database_url: str) -> None:
    outside.run().end()  # tables and all
    dsn = libpq_dsn(database_url)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("delete from procrastinate_jobs")
        outside.start("web").ready()
        waiting = "select count(*) from procrastinate_jobs where status = 'todo'"
        wait_until(lambda: connection.execute(waiting).fetchone() != (0,), "the tick of its clock")


def test_the_ready_line_names_no_secret(outside: Outside) -> None:
    ready = outside.start("run").ready()
    assert list(ready) == ["http"]


def test_live_and_ready_are_two_questions(outside: Outside, database_url: str) -> None:
    process = outside.start("run", SLACK_BOT_TOKEN="not-a-token-of-this-workspace")
    http = process.ready()["http"]
    assert get(f"{http}/health/live")[0] == 200
    status, body = get(f"{http}/health/ready")
    assert status == 503
    assert "token not accepted" in json.loads(body)["slack"]
    process.end()

    outside.run()
    status, body = get(f"{http_of(outside)}/health/ready")
    assert (status, json.loads(body)["database"], json.loads(body)["slack"]) == (200, "at head", "token accepted")
    with psycopg.connect(libpq_dsn(database_url)) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    status, body = get(f"{http_of(outside)}/health/ready")
    assert status == 503
    assert "annotate-bot migrate" in json.loads(body)["database"]


def test_clarifai_away_does_not_turn_ready_red(outside: Outside) -> None:
    outside.run()
    with outside.clarifai.faults.outage():
        assert get(f"{http_of(outside)}/health/ready")[0] == 200


def test_migrate_brings_an_embedded_database_to_head_and_leaves_nothing(outside: Outside) -> None:
    process = outside.start("migrate", DATABASE_URL="")
    assert process.process.wait(60) == 0
    assert process.printed() == "The database is at head.\n"
    assert (outside.folder / "data").is_dir()
    assert postgres_of(outside.folder) == []


def test_run_without_a_database_url_keeps_everything_in_the_data_folder(outside: Outside) -> None:
    process = outside.run(DATABASE_URL="")
    set_up(outside)
    assert postgres_of(outside.folder)
    process.end(signal.SIGKILL)
    assert postgres_of(outside.folder)  # nobody was there to stop it; the next one adopts it
    process = outside.run(DATABASE_URL="")
    go_live(outside)
    assert process.end() == 0
    assert postgres_of(outside.folder) == []


def test_no_token_and_no_key_is_ever_in_the_log(outside: Outside) -> None:
    canaries = [outside.env[n] for n in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "CLARIFAI_PAT", "BOT_KEYS")]
    process = outside.run()
    set_up(outside)
    go_live(outside)
    with outside.clarifai.faults.outage():
        upload(outside, people=0.5)
        wait_until(lambda: "waits" in process.said, "the outage to be logged")
    card = seen(outside, "card", "Approve")
    outside.slack.press(OMAR, LABELS, card["ts"], "Approve")
    process.end()
    wrong = outside.start("run", CLARIFAI_PAT="a-key-nobody-has", SLACK_BOT_TOKEN="a-token-nobody-has")
    get(f"{wrong.ready()['http']}/health/ready")
    wrong.end()
    logs = [p.said for p in outside.processes]
    assert all(logs)
    for canary in (*canaries, "a-key-nobody-has", "a-token-nobody-has"):
        assert not any(canary in log for log in logs), canary[:6]


def postgres_of(folder: Path) -> list[str]:
    return [line for line in processes().values() if str(folder) in line and "postgres" in line and "-D" in line]


def http_of(outside: Outside) -> str:
    address = outside.slack._parts.delivery.request_url
    assert address
    return address.removesuffix("/slack/events")
