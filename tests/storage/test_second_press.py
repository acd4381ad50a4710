"""The click on a second look: by anybody but the first person, once, and never beside an *Undo* of the first answer."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from bot.domain.reviews import Verdict
from bot.storage.ballot import SqlBallot
from bot.storage.engine import make_engine
from bot.storage.second_looks import SqlSecondLooks
from bot.usecases.deciding import GATHER, Answer, Press
from tests.storage.planting import CHANNEL, NOW, PROJECT, TEAM, plant
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CROWD = 12
FIRST = "U1"
LEDGER = """
insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, target, certified,
    figures, weighed) values (:p, 'people', '', '', :now, '', 0.95, '[]', '{}', 0)
"""
ROUNDS = 8


def press(by: str, key: str = "") -> Press:
    return Press(key or f"press of {by}", TEAM, CHANNEL, by)


def look_again(engine: Engine, who: Press, verdict: Verdict = Verdict.APPROVE, look: int = 0) -> Answer:
    return SqlBallot(engine).look_again(who, look or only_look(engine), verdict, at=NOW)


def only_look(engine: Engine) -> int:
    [(look,)] = rows(engine, "select id from second_look")
    return int(str(look))


def rows(engine: Engine, question: str) -> Sequence[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def count(engine: Engine, what: str) -> int:
    return int(str(rows(engine, f"select count(*) from {what}")[0][0]))  # noqa: S608 - our own words


def wanted(engine: Engine) -> dict[str, int]:
    """How often the messages of a kind were to be drawn."""
    return {str(kind): int(str(times)) for kind, times in rows(engine, "select kind, wanted from post")}


def reject(engine: Engine, *, cards: int = 1) -> None:
    """So many calibration reviews that the first person rejected."""
    plant(engine, cards=cards)
    with engine.begin() as connection:
        connection.execute(text(LEDGER), {"p": PROJECT, "now": NOW})
        connection.execute(text("update review set ledger_id = (select id from ledger), lane = 'calibration'"))
    reviews = [int(str(row[0])) for row in rows(engine, "select id from review")]
    SqlBallot(engine).decide(press(FIRST, "first"), reviews, Verdict.REJECT, at=NOW, draw_after=NOW + GATHER)


def ask(engine: Engine, most: int = 2) -> int:
    return SqlSecondLooks(engine).ask(live_project(id=PROJECT), most=most, now=NOW)


@pytest.fixture
def crowded(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, connections=CROWD)
    yield engine
    engine.dispose()


def test_of_a_crowd_that_presses_at_once_one_wins_and_the_rest_are_told(crowded: Engine) -> None:
    reject(crowded)
    ask(crowded)
    look, start = only_look(crowded), threading.Barrier(CROWD)

    def person(number: int) -> Answer:
        start.wait(timeout=30)
        return look_again(crowded, press(f"V{number}"), (Verdict.APPROVE, Verdict.REJECT)[number % 2], look)

    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(person, range(CROWD)))
    [(state, verdict, decided_by)] = rows(crowded, "select state, verdict, decided_by from second_look")
    assert (state, sorted(answers)) == ("decided", sorted([Answer.WON] + [Answer.LOST] * (CROWD - 1)))
    assert decided_by == f"V{answers.index(Answer.WON)}"
    assert count(crowded, "note where body ->> 'what' = 'looked already'") == CROWD - 1
    changed = verdict == "approve"
    assert count(crowded, "decision where verdict = 'approve' and revision = 2 and final") == changed
    assert rows(crowded, "select verdict, revision from review") == [("approve", 2) if changed else ("reject", 1)]
    assert rows(crowded, "select dirty from annotation") == [(1 + changed,)]


def test_an_undo_at_the_same_moment_and_an_approval_never_both_count(crowded: Engine) -> None:
    reject(crowded, cards=ROUNDS)
    assert ask(crowded, most=ROUNDS) == ROUNDS
    for look, input_id in rows(crowded, "select id, input_id from second_look order by id"):
        start = threading.Barrier(2)

        def undo(start: threading.Barrier = start, input_id: object = input_id) -> Answer:
            start.wait(timeout=30)
            who, since = press(FIRST, f"undo {input_id}"), NOW - dt.timedelta(hours=1)
            return SqlBallot(crowded).undo(who, str(input_id), at=NOW, since=since)

        def approve(start: threading.Barrier = start, look: object = look) -> Answer:
            start.wait(timeout=30)
            return look_again(crowded, press("V1", f"look {look}"), look=int(str(look)))

        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(undo), pool.submit(approve)]
        assert sorted(a.result() for a in answers) == sorted([Answer.WON, Answer.LOST])
    assert count(crowded, "second_look s join review r on r.id = s.review_id where s.state = 'decided'") == count(
        crowded, "review where verdict = 'approve' and revision = 2"
    )


def test_the_first_person_is_refused_with_a_note_and_changes_nothing(engine: Engine) -> None:
    reject(engine)
    ask(engine)
    for verdict in Verdict:
        assert look_again(engine, press(FIRST, verdict.value), verdict) is Answer.REFUSED
    assert count(engine, "note where body ->> 'what' = 'first answer'") == len(Verdict)
    assert count(engine, "second_look where state = 'open' and doubted_by = ''") == 1
    assert count(engine, "review where verdict = 'reject' and revision = 1") == 1


def test_the_same_press_delivered_twice_counts_once(engine: Engine) -> None:
    reject(engine)
    ask(engine)
    assert look_again(engine, press("V1", "key")) is Answer.WON
    assert look_again(engine, press("V1", "key")) is Answer.REPLAY
    assert (count(engine, "decision"), count(engine, "note")) == (2, 0)
    assert rows(engine, "select revision from review") == [(2,)]


@pytest.mark.parametrize(
    "stranger",
    [
        Press("k", TEAM, "C-another", "V1"),
        Press("k", "T-another", CHANNEL, "V1"),
        Press("k", TEAM, CHANNEL, "V1", home_team_id="T-another"),
    ],
)
def test_a_press_from_elsewhere_decides_nothing(engine: Engine, stranger: Press) -> None:
    reject(engine)
    ask(engine)
    assert look_again(engine, stranger) is Answer.REFUSED
    assert count(engine, "second_look where state = 'open'") == 1


def test_a_guest_we_know_of_decides_nothing(engine: Engine) -> None:
    reject(engine)
    ask(engine)
    with engine.begin() as connection:
        guest = text("insert into person values ('T1', 'G1', 'gus', 'UTC', false, true, :now)")
        connection.execute(guest, {"now": NOW})
    assert look_again(engine, press("G1")) is Answer.REFUSED
    assert count(engine, "note where body ->> 'what' = 'refused'") == 1
    assert count(engine, "second_look where state = 'open'") == 1


def test_a_second_look_that_is_moot_takes_no_answer_even_before_it_is_closed(engine: Engine) -> None:
    reject(engine)
    ask(engine)
    SqlBallot(engine).undo(press(FIRST, "undo"), "in1", at=NOW, since=NOW - dt.timedelta(hours=1))
    assert look_again(engine, press("V1")) is Answer.LOST
    assert count(engine, "review where state = 'posted' and revision = 2") == 1
    assert SqlSecondLooks(engine).close_moot(live_project(id=PROJECT)) == 1
    assert SqlSecondLooks(engine).close_moot(live_project(id=PROJECT)) == 0


def test_passes_that_run_beside_each_other_ask_for_no_more_than_may_stand_open(crowded: Engine) -> None:
    reject(crowded, cards=9)
    start = threading.Barrier(6)

    def run(_: int) -> int:
        start.wait(timeout=30)
        return ask(crowded)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == 2
    assert count(crowded, "second_look where state = 'open'") == 2
    assert count(crowded, "post where kind = 'second_look' and state = 'due'") == 2


def test_the_presser_and_the_two_messages_fall_behind(engine: Engine) -> None:
    reject(engine)
    ask(engine)
    before = wanted(engine)
    look_again(engine, press("V1", "a"), Verdict.UNSURE)
    assert wanted(engine) == {**before, "second_look": 2}
    look_again(engine, press("V1", "b"), Verdict.APPROVE)
    after = wanted(engine)
    assert after == {"card": before["card"] + 1, "second_look": 3}
