"""The click on a real database: one winner, nobody unheard, nothing answered that is not stored."""

from __future__ import annotations

import json
import subprocess
import sys
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
