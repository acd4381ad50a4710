"""Set-up is a saga: whatever dies or fails in between, it ends with exactly one of everything."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import grpc
import pytest

from bot.clarifai import Patience
from bot.usecases.crashing import Checkpoint
from bot.usecases.steps import SETTING_UP
from tests.faults.oracle import well_in
from tests.journeys.holdings import holdings
from tests.journeys.opening import open_lab
from tests.journeys.test_setting_up import checklist

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

HURRY = Patience(total_s=0.1, attempts=1, first_pause_s=0.01, longest_pause_s=0.01, cold_pause_s=0.01)
WHAT = "setup person=people vehicle>car,truck puppy<dog"


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@pytest.mark.parametrize("checkpoint", [Checkpoint.STEP_DONE_REMOTELY, Checkpoint.STEP_RECORDED])
@pytest.mark.fault(2)
def test_killed_after_every_single_step_it_goes_on_where_it_was(lab: Lab, checkpoint: Checkpoint) -> None:
    kills = 0

    def reached(at: Checkpoint) -> None:
        nonlocal kills
        if at is checkpoint and not just_killed.is_set():
            just_killed.set()
            kills += 1
            raise Killed
        just_killed.clear()

    just_killed = threading.Event()
    lab.say(WHAT)
    lab.run("finish_commands")
    for _ in range(3 * len(SETTING_UP)):
        lab.restart(reached)
        try:
            if not lab.run("set_up"):
                break
        except Killed:
            continue
    assert kills >= len(SETTING_UP) / 2
    lab.restart()
    lab.settle_down()
    assert "Ready, not live" in checklist(lab)
    with holdings(lab) as app:
        app.exactly_one_of_everything(3)
        assert len(app.relations()) == 4


@pytest.mark.fault(1)
def test_with_clarifai_away_at_every_step_the_checklist_says_what_it_waits_for(database_url: str) -> None:
    with open_lab(database_url, patience=HURRY) as lab:
        outage = lab.clarifai.faults.outage()
        down = False

        def reached(at: Checkpoint) -> None:
            nonlocal outage, down
            if at is Checkpoint.STEP_RECORDED:
                outage = lab.clarifai.faults.outage()
                outage.__enter__()
                down = True

        lab.say(WHAT)
        lab.run("finish_commands")
        waited = 0
        for _ in range(2 * len(SETTING_UP)):
            lab.restart(reached)
            lab.run("set_up")
            if not down:
                break
            lab.restart()
            lab.run("set_up", "post_cards", "redraw_cards")
            waited += "waiting for Clarifai" in checklist(lab)
            outage.__exit__(None, None, None)
            down = False
            lab.clock.advance(minutes=6)
        assert waited == len(SETTING_UP) - 1  # after the last step nothing is left to wait for
        lab.restart()
        lab.settle_down()
        assert "Ready, not live" in checklist(lab)
        with holdings(lab) as app:
            app.exactly_one_of_everything(3)
        well_in(lab)


@pytest.mark.fault(37)
def test_answers_lost_on_the_way_make_nothing_twice(lab: Lab) -> None:
    for rpc, times in {
        "PostApps": 1,
        "PostConcepts": 1,
        "PostConceptRelations": 2,
        "PostModels": 6,
        "PostWorkflows": 1,
        "PatchApps": 1,
    }.items():
        lab.clarifai.faults.apply_then_fail(rpc, times, grpc.StatusCode.DEADLINE_EXCEEDED)
    lab.say(WHAT)
    for _ in range(5):
        lab.settle_down()
        lab.clock.advance(minutes=6)
    lab.say("live")
    for _ in range(3):
        lab.settle_down()
        lab.clock.advance(minutes=6)
    assert "This channel is live" in checklist(lab)
    with holdings(lab) as app:
        app.exactly_one_of_everything(3)
        assert app.default_workflow() == "annotate-bot"


@pytest.mark.fault(3)
def test_started_twice_at_once_it_is_one_saga_with_one_checklist(lab: Lab) -> None:
    lab.say("setup people")  # teaches the bot who dana is, and is forgotten then
    lab.run("finish_commands")
    lab.sql("truncate project cascade")
    starts = [threading.Thread(target=lab.say, args=("setup people man",)) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    runs = [threading.Thread(target=lab.run, args=("set_up", "post_cards", "redraw_cards")) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    lab.settle_down()
    assert "Ready, not live" in checklist(lab)
    assert lab.rows("select count(*) from project") == [(1,)]
    with holdings(lab) as app:
        assert app.apps() == ["team"]
        app.exactly_one_of_everything(2)


@pytest.mark.fault(4)
def test_a_key_that_clarifai_does_not_know_stops_clearly_and_the_right_one_goes_on(database_url: str) -> None:
    with open_lab(database_url, settings={"clarifai_pat": "wrong-key"}) as lab:
        lab.set_up("people", live=False)
        said = checklist(lab)
        assert "has stopped" in said
        assert "key" in said
        assert "wrong-key" not in said
        _with_settings(lab, clarifai_pat="demo-key")
        lab.set_up("people", live=False)
        assert "Ready, not live" in checklist(lab)
        with holdings(lab) as app:
            app.exactly_one_of_everything(1)
        well_in(lab)


def test_the_key_of_another_user_stops_clearly_and_the_owners_goes_on(database_url: str) -> None:
    with open_lab(database_url, settings={"clarifai_user_id": "somebody-else"}) as lab:
        lab.set_up("people", live=False)
        assert "has stopped" in checklist(lab)
        assert "the app team to somebody-else: the owner" in checklist(lab)
        with holdings(lab) as app:
            assert app.apps() == []  # nothing was made in anybody's name


def test_without_an_account_the_person_is_told_what_is_missing(database_url: str) -> None:
    with open_lab(database_url, settings={"clarifai_pat": ""}) as lab:
        lab.say("setup people")
        lab.settle_down()
        assert "No Clarifai account is configured" in lab.whispers(lab.dana)[-1]
        assert lab.messages() == []


def test_another_line_during_the_saga_is_refused_while_a_step_runs(lab: Lab) -> None:
    lab.say("setup peoples")  # stops: there is no such concept
    lab.settle_down()
    gate = threading.Event()
    lab.clarifai.faults.delay("PostConceptsSearches", gate)
    lab.say("setup peopled")
    working = threading.Thread(target=lab.run, args=("set_up",))
    working.start()
    lab.workspace.wait(lambda: _at_work(lab), what="the search")
    said = lab.say("setup people man")
    gate.set()
    working.join()
    assert "at work at this moment" in said
    lab.settle_down()
    lab.say("setup people man")
    lab.settle_down()
    assert "Ready, not live" in checklist(lab)


def _at_work(lab: Lab) -> bool:
    return lab.rows("select count(*) from pg_locks where locktype = 'advisory' and granted") != [(0,)]


def _with_settings(lab: Lab, **changed: str) -> None:
    """Start the bot again with other settings, on the same database."""
    lab.parts.settings = lab.parts.settings.model_copy(update=changed)
    lab.restart()
