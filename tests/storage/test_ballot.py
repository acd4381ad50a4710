"""The click on a real database: one winner, nobody unheard, nothing answered that is not stored."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.domain.reviews import Verdict
from bot.storage.ballot import SqlBallot
from bot.usecases.deciding import GATHER, Answer, Press
from tests.storage.planting import CHANNEL, NOW, TEAM, plant

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT_ROOT = Path(__file__).parents[2]
CONCEPTS = ("people", "man", "adult")


def press(by: str, key: str = "") -> Press:
    return Press(key or f"press of {by}", TEAM, CHANNEL, by)


def decide(engine: Engine, who: Press, ids: Sequence[int], verdict: Verdict = Verdict.APPROVE) -> Answer:
    return SqlBallot(engine).decide(who, ids, verdict, at=NOW, draw_after=NOW + GATHER)


def ids(engine: Engine) -> list[int]:
    with engine.begin() as connection:
        return list(connection.execute(text("select id from review order by id")).scalars())


def count(engine: Engine, what: str) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text(f"select count(*) from {what}")).scalar_one())  # noqa: S608 - our own words


@pytest.mark.fault(11)
def test_two_processes_of_25_threads_press_at_once_and_one_wins_each_concept(engine: Engine, database_url: str) -> None:
    plant(engine, concepts=CONCEPTS)
    script = Path(__file__).with_name("pressing.py")
    wanted = [str(i) for i in ids(engine)]
    crowds = [
        subprocess.Popen(
            [sys.executable, script, database_url, name, *wanted],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_ROOT,
            env={"PYTHONPATH": str(PROJECT_ROOT)},
        )
        for name in ("left", "right")
    ]
    for crowd in crowds:
        assert crowd.stdout
        assert crowd.stdout.readline() == b"ready\n"
    for crowd in crowds:
        assert crowd.stdin
        crowd.stdin.write(b"go\n")
        crowd.stdin.flush()
    answers = [json.loads(crowd.communicate(timeout=60)[0]) for crowd in crowds]
    said = [tuple(answer) for crowd in answers for answer in crowd]
    assert len(said) == 2 * 25 * len(CONCEPTS)
    for review in wanted:
        winners = [who for who, which, answer in said if which == review and answer == "won"]
        assert len(winners) == 1, review
        with engine.begin() as connection:
            rows = connection.execute(
                text("select decided_by, verdict from decision where review_id = :r"), {"r": int(review)}
            ).all()
            held = connection.execute(
                text("select decided_by, verdict from review where id = :r"), {"r": int(review)}
            ).one()
        assert rows == [held]
        assert rows[0].decided_by == winners[0]
    losers = [who for who, _, answer in said if answer == "lost"]
    assert len(losers) == len(said) - len(CONCEPTS)
    assert count(engine, "note where body->>'what' = 'beaten'") == len(losers)
    with engine.begin() as connection:
        assert connection.execute(text("select dirty from annotation")).scalar_one() == len(CONCEPTS)


def test_the_same_press_delivered_twice_counts_once(engine: Engine) -> None:
    plant(engine)
    [review] = ids(engine)
    assert decide(engine, press("U1", "key"), [review]) is Answer.WON
    assert decide(engine, press("U1", "key"), [review]) is Answer.REPLAY
    assert (count(engine, "decision"), count(engine, "note")) == (1, 0)


def test_a_loser_changes_nothing_and_is_told_once(engine: Engine) -> None:
    plant(engine)
    [review] = ids(engine)
    decide(engine, press("U1"), [review], Verdict.APPROVE)
    assert decide(engine, press("U2"), [review], Verdict.REJECT) is Answer.LOST
    assert count(engine, "decision") == 1
    assert count(engine, "review where decided_by = 'U1' and verdict = 'approve'") == 1
    assert count(engine, "note where user_id = 'U2'") == 1


def test_approve_all_takes_what_is_open_and_leaves_the_rest(engine: Engine) -> None:
    plant(engine, concepts=CONCEPTS)
    first, second, third = ids(engine)
    decide(engine, press("U1"), [first], Verdict.REJECT)
    assert decide(engine, press("U2"), [first, second, third]) is Answer.WON
    assert count(engine, "review where decided_by = 'U1' and verdict = 'reject'") == 1
    assert count(engine, "review where decided_by = 'U2' and verdict = 'approve'") == 2


@pytest.mark.parametrize(
    "stranger",
    [
        Press("k", TEAM, "C-another", "U1"),
        Press("k", "T-another", CHANNEL, "U1"),
        Press("k", TEAM, CHANNEL, "U1", home_team_id="T-another"),
    ],
)
def test_a_press_from_elsewhere_decides_nothing(engine: Engine, stranger: Press) -> None:
    plant(engine)
    assert decide(engine, stranger, ids(engine)) is Answer.REFUSED
    assert count(engine, "decision") == 0
    assert count(engine, "review where state = 'posted'") == 1


def test_a_guest_we_know_of_decides_nothing(engine: Engine) -> None:
    plant(engine)
    with engine.begin() as connection:
        connection.execute(
            text("insert into person values ('T1', 'G1', 'gus', 'UTC', false, true, :now)"), {"now": NOW}
        )
    assert decide(engine, press("G1"), ids(engine)) is Answer.REFUSED
    assert count(engine, "decision") == 0


def belonging(engine: Engine, *members: str, asked_at: dt.datetime = NOW) -> None:
    insert = "insert into membership (team_id, channel_id, members, asked_at) values (:t, :c, cast(:m as jsonb), :at)"
    with engine.begin() as connection:
        connection.execute(text(insert), {"t": TEAM, "c": CHANNEL, "m": json.dumps(members), "at": asked_at})


def test_a_press_beside_the_channel_counts_for_its_members_only(engine: Engine) -> None:
    plant(engine, concepts=CONCEPTS)
    first, second, third = ids(engine)
    assert decide(engine, replace(press("U1", "a"), beside=True), [first]) is Answer.REFUSED
    belonging(engine, "U1")
    assert decide(engine, replace(press("U1", "b"), beside=True), [first]) is Answer.WON
    assert decide(engine, replace(press("U2", "c"), beside=True), [second]) is Answer.REFUSED
    assert decide(engine, press("U2", "d"), [second]) is Answer.WON
    elsewhere = replace(press("U1", "e"), beside=True, channel_id="C-another")
    assert decide(engine, elsewhere, [third]) is Answer.REFUSED


def test_what_slack_said_of_a_channel_two_days_ago_no_longer_counts(engine: Engine) -> None:
    plant(engine)
    belonging(engine, "U1", asked_at=NOW - dt.timedelta(days=2))
    assert decide(engine, replace(press("U1"), beside=True), ids(engine)) is Answer.REFUSED


def test_a_loser_who_is_answered_on_the_spot_gets_no_note(engine: Engine) -> None:
    plant(engine)
    decide(engine, press("U1"), ids(engine))
    assert decide(engine, replace(press("U2"), answered=True), ids(engine)) is Answer.LOST
    assert count(engine, "note") == 0


def test_a_press_makes_the_home_tab_of_its_person_fall_behind(engine: Engine) -> None:
    plant(engine)
    with engine.begin() as connection:
        insert = "insert into home (team_id, user_id, wanted, shown, draw_after, said) values (:t, :u, 1, 1, :n, '[]')"
        for user in ("U1", "U2"):
            connection.execute(text(insert), {"t": TEAM, "u": user, "n": NOW})
    decide(engine, press("U1", "key"), ids(engine))
    decide(engine, press("U1", "key"), ids(engine))
    assert count(engine, "home where user_id = 'U1' and wanted = 2") == 1
    assert count(engine, "home where user_id = 'U2' and wanted = 1") == 1


def test_a_card_that_nobody_tried_to_post_is_spared_once_nothing_is_open_and_undo_brings_it_back(
    engine: Engine,
) -> None:
    plant(engine, concepts=("people", "man"), state="due")
    first, second = ids(engine)
    decide(engine, press("U1", "a"), [first])
    assert count(engine, "post where state = 'due'") == 1
    decide(engine, press("U1", "b"), [second])
    assert count(engine, "post where state = 'spared'") == 1
    SqlBallot(engine).undo(press("U2", "c"), "in1", at=NOW, since=NOW - dt.timedelta(hours=1))
    assert count(engine, "post where state = 'spared'") == 1
    SqlBallot(engine).undo(press("U1", "d"), "in1", at=NOW, since=NOW - dt.timedelta(hours=1))
    assert count(engine, "post where state = 'due'") == 1


def test_a_card_that_may_stand_already_is_not_spared(engine: Engine) -> None:
    plant(engine, state="due")
    with engine.begin() as connection:
        connection.execute(text("update post set attempt = 'a token'"))
    decide(engine, press("U1"), ids(engine))
    assert count(engine, "post where state = 'due'") == 1


@pytest.mark.fault(21)
def test_a_locked_row_fails_the_click_in_time_and_stores_nothing(engine: Engine) -> None:
    plant(engine)
    with engine.connect() as maintenance:
        maintenance.execute(text("select * from review for update"))
        with pytest.raises(OperationalError, match="lock timeout"):
            decide(engine, press("U1"), ids_of(maintenance))
        maintenance.rollback()
    assert (count(engine, "decision"), count(engine, "processed"), count(engine, "note")) == (0, 0, 0)
    assert decide(engine, press("U1"), ids(engine)) is Answer.WON  # pressed again


def ids_of(connection: object) -> list[int]:
    return list(connection.execute(text("select id from review")).scalars())  # type: ignore[attr-defined]


@pytest.mark.fault(22)
def test_a_click_on_a_database_that_refuses_writes_is_an_error_and_not_an_answer(engine: Engine) -> None:
    plant(engine)
    name = engine.url.database
    with engine.begin() as connection:
        connection.execute(text(f'alter database "{name}" set default_transaction_read_only = on'))
    engine.dispose()
    with pytest.raises(Exception, match="read-only transaction"):
        decide(engine, press("U1"), ids(engine))
    with engine.begin() as connection:
        connection.execute(text("set transaction read write"))
        connection.execute(text(f'alter database "{name}" reset default_transaction_read_only'))
    engine.dispose()
    assert count(engine, "decision") == 0
    assert decide(engine, press("U1"), ids(engine)) is Answer.WON
