"""The database is locked, full, read-only, cut off or emptied under the bot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psycopg
import pytest

from bot.storage.embedded import EmbeddedPostgres
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.work import Work, WorkClock, Worker, WorkerTimes
from tests.app.outside import get
from tests.faults.oracle import well_in
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab

T = TypeVar("T")
DECISIONS = "select count(*) from decision"


def ready(lab: Lab) -> tuple[int, str]:
    status, body = get(lab.address.replace("/slack/events", "/health/ready"))
    return status, json.loads(body)["database"]


def end_connections(lab: Lab) -> None:
    """As a fail-over does it: every connection of this database but the one that asks."""
    lab.sql(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() "
        "and pid <> pg_backend_pid()"
    )


@pytest.mark.fault(21)
def test_a_click_on_a_locked_row_is_refused_openly_and_counts_when_it_is_pressed_again(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    with psycopg.connect(lab.parts.database.dsn) as maintenance:
        maintenance.execute("select id from review for update")
        answer = lab.workspace.press(lab.omar, lab.channel, card["ts"], "Approve")
        assert not answer.ok  # Slack shows that it did not work
        maintenance.rollback()
    assert lab.rows(DECISIONS) == [(0,)]
    lab.press(card, "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


@pytest.mark.slow
@pytest.mark.fault(21)
def test_a_click_on_a_row_that_is_locked_for_a_moment_waits_and_counts(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    with psycopg.connect(lab.parts.database.dsn) as maintenance:
        maintenance.execute("select id from review for update")
        pressing = threading.Thread(target=lab.press, args=(card, "Approve"))
        pressing.start()
        lab.workspace.wait(
            lambda: lab.rows("select 1 from pg_locks where not granted and pid <> pg_backend_pid()"), 10, "the click"
        )
        maintenance.rollback()
    pressing.join()
    assert lab.rows(DECISIONS) == [(1,)]


@pytest.mark.fault(22)
def test_a_database_that_refuses_writes_refuses_clicks_and_turns_health_red_until_it_takes_them_again(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    [(name,)] = lab.rows("select current_database()")
    lab.sql(f'alter database "{name}" set default_transaction_read_only = on')
    end_connections(lab)
    lab.parts.database.engine.dispose()
    assert not lab.workspace.press(lab.omar, lab.channel, card["ts"], "Approve").ok
    assert ready(lab) == (503, "refuses writes")
    assert lab.rows(DECISIONS) == [(0,)]
    with psycopg.connect(lab.parts.database.dsn) as admin:
        admin.execute("set default_transaction_read_only = off")
        admin.commit()
        admin.execute(f'alter database "{name}" reset default_transaction_read_only')
        admin.commit()
    lab.parts.database.engine.dispose()
    end_connections(lab)
    assert ready(lab) == (200, "at head")
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.slow
@pytest.mark.fault(23)
def test_connections_that_were_cut_are_made_anew_unnoticed(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    for label, by in (("Approve", lab.omar), ("Undo", lab.omar), ("Reject", lab.omar)):
        end_connections(lab)
        lab.press(lab.again(card), label, by=by)
        end_connections(lab)
        lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


@pytest.mark.slow
@pytest.mark.fault(43)
def test_with_the_job_table_wiped_again_and_again_a_card_comes_and_its_answer_is_written(lab: Lab) -> None:
    lab.set_up("people")
    with ExitStack() as stack:
        passes = {name: Work(work.run, work.keys) for name, work in lab.parts.passes.items()}  # none wakes another
        queue = lab.parts.queue
        queue.open()
        stack.callback(queue.close)
        worker = Worker(lab.parts.database.dsn, queue, passes, times=WorkerTimes(poll_s=0.1))
        worker.start()
        stack.callback(worker.stop)
        clock = WorkClock(queue, passes, tick_s=0.3)
        clock.start()
        stack.callback(clock.stop)

        def wiped(fact: T) -> T:
            lab.sql("delete from procrastinate_jobs where status = 'todo'")
            lab.clarifai.settled(lab.app_id)
            lab.clock.advance(seconds=2)
            return fact

        lab.upload(("a.png", lab.picture(people=0.5)))
        [card] = lab.workspace.wait(lambda: wiped(lab.cards()), 60, "the card")
        lab.press(card, "Approve")
        lab.workspace.wait(lambda: wiped(lab.held()[0][0] == "ANNOTATION_SUCCESS"), 60, "the answer to be written")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 160 MB; skips where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="annotate-disk-"))
    folder.chmod(0o755)
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "none", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        shutil.rmtree(folder)
        pytest.skip("this user may not mount a small disk to fill")
    yield folder
    subprocess.run(["umount", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.fault(22)
def test_on_a_full_disk_no_click_is_acknowledged_that_was_not_stored(small_disk: Path) -> None:
    with EmbeddedPostgres(small_disk / "data") as server:
        engine = make_engine(server.url)
        migrate(engine)
        engine.dispose()
        with open_lab(server.url) as lab:
            lab.set_up("people")
            card = lab.card_of(people=0.5)
            filling = small_disk / "filling"
            with suppress(OSError), filling.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            taken = press_until_refused(lab, card["ts"])
            filling.unlink()
            server.start()  # where the full disk ended it, as the bot does
            assert ready(lab) == (200, "at head")
            assert lab.rows(DECISIONS) == [(taken,)]
            lab.workspace.press(lab.omar, lab.channel, card["ts"], "Approve", seen=card)
            well_in(lab)


def press_until_refused(lab: Lab, ts: str) -> int:
    """Press *Approve* and *Undo* in turn; how many presses were acknowledged before one was not."""
    review, source = lab.rows("select id, input_id from review")[0]
    for taken in range(2000):
        message = lab.workspace.message(lab.channel, ts)
        assert message is not None
        undo = {"type": "button", "action_id": "undo", "value": source, "text": {"type": "plain_text", "text": "Undo"}}
        approve = {**undo, "action_id": f"decide:approve:{review}", "value": str(review)}
        approve["text"] = {"type": "plain_text", "text": "Approve"}
        wanted, label = (undo, "Undo") if taken % 2 else (approve, "Approve")
        seen = {**message, "blocks": [{"type": "actions", "block_id": os.urandom(4).hex(), "elements": [wanted]}]}
        if not lab.workspace.press(lab.omar, lab.channel, ts, label, seen=seen).ok:
            return taken
    raise AssertionError("the disk is never full")
