"""Real processes are killed, paused and told to end at the worst moments."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bot.app import serving
from bot.storage.embedded import EmbeddedPostgres
from tests.app.outside import LABELS, OMAR, PROJECT, wait_until
from tests.app.people import go_live, press, seen, set_up, upload
from tests.faults.counting import rows, statuses
from tests.faults.oracle import well_outside
from tests.storage.embedded.holding import postmaster_of

if TYPE_CHECKING:
    from tests.app.outside import Outside

pytestmark = pytest.mark.slow
ENDS_WITHIN_S = 25.0  # of SIGTERM


@pytest.fixture(autouse=True)
def _dead_workers_are_noticed_soon(outside: Outside) -> None:
    outside.env["BOT_STALLED_S"] = "1"


def live(outside: Outside, **env: str) -> None:
    outside.run(**env)
    set_up(outside)
    go_live(outside)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.fault(15, 17)
def test_ended_while_a_call_never_returns_another_process_does_its_work(outside: Outside, how: signal.Signals) -> None:
    live(outside)
    gate = threading.Event()
    outside.clarifai.faults.delay("PostInputs", gate)
    upload(outside, people=0.5)
    wait_until(lambda: outside.clarifai.faults.calls["PostInputs"], "the call to come in")
    assert outside.processes[0].end(how, ENDS_WITHIN_S) == (0 if how is signal.SIGTERM else -how)
    outside.clarifai.faults.clear()
    gate.set()
    outside.run()
    card = seen(outside, "card", "Approve")
    press(outside, card, "Approve")
    wait_until(lambda: statuses(outside) == [("ANNOTATION_SUCCESS", {"people": 1.0})], "the answer to be written")


@pytest.mark.fault(17)
def test_what_does_not_end_by_itself_is_ended_in_time() -> None:
    hanging = (
        "import threading; from bot.app import serving; serving.END_WITHIN_S = 0.2; "
        "asked = serving.listen_for_signals(); print('ready', flush=True); threading.Event().wait(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hanging], stdout=subprocess.PIPE, cwd=PROJECT) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDS_WITHIN_S) == 0
    assert serving.END_WITHIN_S < ENDS_WITHIN_S


@pytest.mark.fault(16, 7)
def test_a_process_paused_in_a_post_records_nothing_when_it_wakes_up(outside: Outside, database_url: str) -> None:
    live(outside)
    paused = outside.processes[0].process
    with outside.slack.faults.hold("chat.postMessage"):
        upload(outside, people=0.5)
        wait_until(lambda: rows(database_url, "select 1 from post where state = 'posting'"), "a post")
        paused.send_signal(signal.SIGSTOP)
    outside.run()
    card = seen(outside, "card", "Approve")
    paused.send_signal(signal.SIGCONT)
    press(outside, card, "Approve")
    wait_until(lambda: statuses(outside) == [("ANNOTATION_SUCCESS", {"people": 1.0})], "the answer to be written")
    assert outside.processes[0].end(within_s=ENDS_WITHIN_S) == 0, outside.processes[0].said[-3000:]


@pytest.mark.fault(23, 46)
def test_its_own_database_is_killed_under_it_and_comes_back(outside: Outside) -> None:
    live(outside, DATABASE_URL="")
    server = EmbeddedPostgres(outside.folder / "data")
    upload(outside, people=0.5)
    card = seen(outside, "card", "Approve")
    with server:  # one more user of the same server, which the bot brings back
        os.kill(postmaster_of(server.dsn), signal.SIGKILL)
        wait_until(lambda: outside.slack.press(OMAR, LABELS, card["ts"], "Reject").ok, "a press to be taken")
        wait_until(lambda: statuses(outside) == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})], "the answer")
        well_outside(outside, server.url)


def test_no_event_is_lost_over_a_refresh_of_socket_mode_nor_over_a_lost_socket(outside: Outside) -> None:
    outside.slack.tune(retry_delays_s=(0.0, 1.0, 5.0, 10.0))  # as Slack does, only sooner
    outside.start("run", SLACK_APP_TOKEN=outside.slack.app_token).ready()
    outside.slack.wait(lambda: outside.slack.connections, 30, "the socket")
    set_up(outside)
    go_live(outside)
    uploads = []
    for end in (outside.slack.faults.refresh_sockets, outside.slack.faults.close_sockets) * 2:
        ending = threading.Thread(target=end)
        ending.start()
        uploads.append(outside.slack.upload(OMAR, LABELS, [("a.png", outside.picture(people=0.5))]))
        ending.join()
        outside.slack.wait(lambda: outside.slack.connections, 30, "the socket to be opened again")
    outside.slack.wait(lambda: all(outside.answers(ts) for ts in uploads), 120, "an answer to every upload")
