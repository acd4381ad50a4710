"""From the tables to a proof: what counts, once, and one alarm whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.reviews import Verdict
from bot.domain.thresholds import OFF
from bot.storage.due import Due
from bot.storage.labels import SqlLabels
from bot.storage.ledgers import open_ledgers
from bot.storage.proofs import SqlProofs
from bot.storage.weighing import SqlWeighing
from bot.usecases.weighing import weigh
from tests.storage.planting import PROJECT

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.domain.projects import Project
from tests.storage.evidence import (
    LATER,
    MANY,
    again,
    answer_all,
    at_once,
    figures,
    press,
    project,
    rights,
    run,
    set_cut,
    start,
    undo,
)


def test_what_counts_ends_at_the_first_that_nobody_answered(engine: Engine) -> None:
    first, second, third = start(engine, 3)
    press(engine, third, Verdict.APPROVE)
    assert again(engine) == 1
    assert (rights(engine), figures(engine)["held_back"], figures(engine)["awaited"]) == ([], 1, 2)
    press(engine, first, Verdict.REJECT)
    press(engine, second, Verdict.UNSURE)
    assert rights(engine) == [False]
    press(engine, second, Verdict.UNSURE, by="U2")
    again(engine)
    assert (rights(engine), figures(engine)["held_back"]) == ([False, False, True], 0)


def test_the_first_final_answer_stays_whatever_is_undone_and_answered_again(engine: Engine) -> None:
    [review] = start(engine, 1)
    press(engine, review, Verdict.REJECT)
    undo(engine, review)
    assert rights(engine) == [False]
    press(engine, review, Verdict.APPROVE, by="U2")
    assert rights(engine) == [False]
    assert run(engine, "select verdict from review") == [("approve",)]


def test_a_second_look_counts_once_it_is_decided(engine: Engine) -> None:
    [review] = start(engine, 1)
    press(engine, review, Verdict.REJECT)
    again(engine)
    run(
        engine,
        """insert into second_look (project_id, review_id, input_id, concept_id, first_by, state, decided_by,
               doubted_by, created_at) values ('p1', :r, 'in1', 'people', 'U1', 'open', '', '', :now)""",
        r=review,
    )
    assert (rights(engine), again(engine)) == ([False], 1)  # once too often does no harm
    assert again(engine) == 0
    run(engine, "update second_look set state = 'decided', verdict = 'approve', decided_by = 'U2', decided_at = :now")
    assert (rights(engine), again(engine)) == ([True], 1)
    assert figures(engine)["at_accept"]["rejected"] == 0


def test_what_is_closed_unanswered_blocks_no_longer_and_is_news(engine: Engine) -> None:
    _, second = start(engine, 2)
    press(engine, second, Verdict.APPROVE)
    again(engine)
    assert rights(engine) == []
    SqlLabels(engine).closed(project(engine), "a1", "it was deleted in Clarifai")
    assert again(engine) == 1
    assert rights(engine) == [False, True]
    assert figures(engine)["guard"]["rejected"] == 0


def test_without_news_nothing_is_weighed(engine: Engine) -> None:
    review, _ = start(engine, 2)
    look = Due(engine).looks("weigh")
    assert look() == [PROJECT]  # predictions without figures
    assert (again(engine), look(), again(engine)) == (1, [], 0)
    press(engine, review, Verdict.APPROVE)
    assert (look(), again(engine), look()) == ([PROJECT], 1, [])
    set_cut(engine, accept=0.8)
    assert (look(), again(engine), look()) == ([PROJECT], 1, [])
    set_cut(engine, target=0.9)
    assert (look(), again(engine), look()) == ([PROJECT], 1, [])


def test_a_ledger_without_predictions_is_left_alone_whatever_others_decide(engine: Engine) -> None:
    [review] = start(engine, 1)
    run(engine, "update review set ledger_id = null")
    press(engine, review, Verdict.APPROVE)
    assert (Due(engine).looks("weigh")(), again(engine)) == ([], 0)


def test_the_grid_is_frozen_once_from_all_scores_and_before_that_nothing_is_certified(engine: Engine) -> None:
    start(engine, MANY)
    run(engine, "update review set ledger_id = null where id = (select max(id) from review)")
    answer_all(engine)
    again(engine)
    assert run(engine, "select grid, certified from ledger") == [(None, [])]
    assert figures(engine)["need"] is not None
    run(engine, "update review set ledger_id = (select id from ledger) where ledger_id is null")
    run(engine, "update ledger set weighed = -1")
    again(engine)
    [(grid, certified)] = run(engine, "select grid, certified from ledger")
    assert len(grid) == 20
    assert grid[-1] == 0.91
    assert certified[-1] == 0.91
    run(engine, "update review set value = 0.5 where id % 2 = 0")
    run(engine, "update ledger set weighed = -1")
    again(engine)
    assert run(engine, "select grid from ledger") == [(grid,)]


def test_the_recommended_cut_is_proven_once_it_is_in_force(engine: Engine) -> None:
    start(engine, MANY)
    answer_all(engine)
    again(engine)
    proof = SqlProofs(engine).proofs(PROJECT)["people"]
    assert proof.recommended is not None
    assert not proof.proves(0.9, 0.95)
    assert proof.recommended_share == 1.0
    set_cut(engine, accept=proof.recommended)
    with engine.begin() as connection:
        assert open_ledgers(connection, project(engine), LATER)["people"].is_proven
    again(engine)
    assert SqlProofs(engine).proofs(PROJECT)["people"].proves(proof.recommended, 0.95)


def test_what_was_proven_stays_until_the_target_changes(engine: Engine) -> None:
    start(engine, MANY)
    answer_all(engine)
    again(engine)
    [(certified,)] = run(engine, "select certified from ledger")
    run(engine, "update decision set verdict = 'reject' where id % 10 = 0")
    set_cut(engine, accept=OFF)  # the guard looks away
    again(engine)
    assert run(engine, "select certified from ledger") == [(certified,)]
    set_cut(engine, target=0.99)
    again(engine)
    assert run(engine, "select certified, target from ledger") == [([], 0.99)]


def test_a_proof_for_cuts_that_changed_meanwhile_is_not_kept(engine: Engine) -> None:
    [review] = start(engine, 1)
    press(engine, review, Verdict.APPROVE)
    store = SqlWeighing(engine)
    [ledger] = store.with_news(project(engine))

    class Late(SqlWeighing):
        def with_news(self, _project: Project) -> list[Any]:
            return [ledger]

    set_cut(engine, target=0.99)
    assert weigh(Late(engine), lambda: LATER, project(engine)) == 0
    assert figures(engine) == {}
    assert again(engine) == 1
    assert figures(engine)["target"] == 0.99


def test_of_two_weighings_at_once_one_is_kept(engine: Engine) -> None:
    start(engine, MANY)
    answer_all(engine)
    for _ in range(5):
        run(engine, "update ledger set weighed = -1, grid = null, certified = '[]', figures = '{}'")
        assert max(at_once(2, lambda: again(engine))) == 1
        assert figures(engine)["at_accept"]["checks"] == MANY
        assert again(engine) == 0


@pytest.mark.parametrize("at_a_time", [1, 4])
def test_twice_run_is_one_alarm(engine: Engine, at_a_time: int) -> None:
    reviews = start(engine, 6)
    run(engine, "update review set state = 'unchecked', lane = 'work' where id = :id", id=reviews[-1])
    for review in reviews[:4]:
        press(engine, review, Verdict.REJECT)
    assert sum(at_once(at_a_time, lambda: again(engine))) == 1
    assert again(engine) <= 1  # the new ledger, if anything
    assert run(engine, "select why_ended, ended_at is null from ledger order by id") == [("alarm", False), ("", True)]
    assert run(engine, "select number, asked_by, state from revision order by number") == [
        (1, "U1", "applied"),
        (2, "", "wanted"),
    ]
    assert run(engine, "select accept, before_off from cut where number = 2") == [(OFF, 0.9)]
    assert len(run(engine, "select 1 from post where kind = 'announcement'")) == 1
    assert run(engine, "select state, lane from review where id = :id", id=reviews[-1]) == [("queued", "work")]


def test_an_alarm_waits_while_another_revision_is_wanted_and_leaves_no_trace(engine: Engine) -> None:
    for review in start(engine, 4):
        press(engine, review, Verdict.REJECT)
    run(engine, "update project set revision = 2")
    assert again(engine) == 0
    assert run(engine, "select why_ended, ended_at is null from ledger") == [("", True)]
    assert run(engine, "select count(*) from post where kind = 'announcement'") == [(0,)]
    assert Due(engine).looks("weigh")() == [PROJECT]
    stale = project(engine)
    run(engine, "update project set revision = 3, applied_revision = 1")
    assert weigh(SqlWeighing(engine), lambda: LATER, stale) == 0
    run(engine, "update project set revision = 1")
    assert again(engine) == 1
