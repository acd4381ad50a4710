"""Leases on a real database: a picture is in front of one person, however many reach for it at once."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from bot.storage.engine import make_engine
from bot.storage.sessions import SqlSessions
from bot.usecases.reviewing import LEASE, Hold
from tests.storage.planting import CHANNEL, NOW, PROJECT, TEAM, plant

if TYPE_CHECKING:
    from collections.abc import Sequence

CROWD = 12


def hold(by: str, *, now: dt.datetime = NOW, passed: Sequence[str] = (), wanted: str = "") -> Hold:
    return Hold(by, now, now + LEASE, passed, wanted)


def taken(engine: Engine, one: Hold) -> str:
    card = SqlSessions(engine).take(PROJECT, one)
    return card.input_id if card else ""


def plant_concepts(engine: Engine, *concepts: str) -> None:
    with engine.begin() as connection:
        for place, concept in enumerate(concepts):
            connection.execute(
                text("insert into concept (project_id, id, name, position, relations) values (:p, :c, :c, :n, '[]')"),
                {"p": PROJECT, "c": concept, "n": place},
            )


def test_a_crowd_that_reaches_at_once_gets_a_picture_each(database_url: str) -> None:
    engine = make_engine(database_url, connections=CROWD)
    plant(engine, cards=CROWD)
    plant_concepts(engine, "people")
    start = threading.Barrier(CROWD)

    def member(number: int) -> str:
        start.wait(timeout=30)
        return taken(engine, hold(f"U{number}"))

    with ThreadPoolExecutor(CROWD) as pool:
        got = list(pool.map(member, range(CROWD)))
    engine.dispose()
    assert sorted(got) == sorted(f"in{n}" for n in range(1, CROWD + 1))


def test_a_person_gets_the_same_picture_until_it_is_answered_or_passed_over(engine: Engine) -> None:
    plant(engine, cards=2)
    plant_concepts(engine, "people")
    assert [taken(engine, hold("U1")), taken(engine, hold("U1"))] == ["in1", "in1"]
    assert taken(engine, hold("U1", passed=["in1"])) == "in2"
    with engine.begin() as connection:
        connection.execute(text("update review set state = 'decided' where input_id = 'in1'"))
    assert taken(engine, hold("U1")) == "in2"


def test_a_lease_ends_when_it_is_over_or_given_back(engine: Engine) -> None:
    plant(engine)
    plant_concepts(engine, "people")
    assert taken(engine, hold("U1")) == "in1"
    assert taken(engine, hold("U2", now=NOW + LEASE - dt.timedelta(seconds=1))) == ""
    assert taken(engine, hold("U2", now=NOW + LEASE)) == "in1"
    SqlSessions(engine).give_back(PROJECT, "in1", by="U1")  # it is no longer hers to give back
    assert taken(engine, hold("U3", now=NOW + LEASE)) == ""
    SqlSessions(engine).give_back(PROJECT, "in1", by="U2")
    assert taken(engine, hold("U3", now=NOW + LEASE)) == "in1"


def test_a_picture_that_is_still_being_prepared_waits(engine: Engine) -> None:
    plant(engine)
    plant_concepts(engine, "people")
    with engine.begin() as connection:
        connection.execute(text("update input set picture = 'asked'"))
    assert taken(engine, hold("U1")) == ""


def test_the_pictures_of_another_project_are_never_taken(engine: Engine) -> None:
    plant(engine)
    plant(engine, project="p2", channel="C2")
    plant_concepts(engine, "people")
    with engine.begin() as connection:
        connection.execute(text("update review set state = 'settled' where project_id = :p"), {"p": PROJECT})
    assert taken(engine, hold("U1")) == ""
    assert taken(engine, hold("U1", wanted="in1")) == ""


def test_who_belongs_to_a_channel_is_what_slack_said(engine: Engine) -> None:
    with engine.begin() as connection:
        insert = text("insert into membership (team_id, channel_id, members, asked_at) values (:t, :c, '[\"U1\"]', :n)")
        connection.execute(insert, {"t": TEAM, "c": CHANNEL, "n": NOW})
    sessions = SqlSessions(engine)
    assert sessions.belongs(TEAM, CHANNEL, "U1")
    assert not sessions.belongs(TEAM, CHANNEL, "U2")
    assert not sessions.belongs(TEAM, "C2", "U1")
