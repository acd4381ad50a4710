"""A project's labels are read from one moment's state, a part of the pictures at a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from bot.storage import labelled
from bot.storage.labelled import SqlLabelledData
from tests.storage.planting import NOW, PROJECT, plant

if TYPE_CHECKING:
    from sqlalchemy import Connection

_CONCEPT = text("""
insert into concept (project_id, id, name, position, relations) values (:p, :id, :id, :n, '[]')
""")


def concepts(connection: Connection, project: str, *names: str) -> None:
    for position, name in enumerate(names):
        connection.execute(_CONCEPT, {"p": project, "id": name, "n": position})


@pytest.fixture
def planted(engine: Engine) -> Engine:
    """Two projects; of the first 30 pictures with two concepts each."""
    plant(engine, cards=30, concepts=("people", "man"))
    plant(engine, cards=5, project="p2", channel="C2")
    with engine.begin() as connection:
        concepts(connection, PROJECT, "people", "man")
        concepts(connection, "p2", "people")
    return engine


def test_everything_of_one_project_comes_picture_by_picture(planted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "PICTURES_AT_ONCE", 7)
    with SqlLabelledData(planted).opened(PROJECT) as snapshot:
        keys = [(told.input_id, told.concept_id) for told in snapshot.told()]
    assert len(keys) == 60
    assert [key for n, key in enumerate(keys) if n % 2 == 0] == [(i, "man") for i, _ in keys[::2]]
    assert len({input_id for input_id, _ in keys}) == 30


def test_what_is_decided_meanwhile_belongs_to_the_next_file(planted: Engine) -> None:
    with SqlLabelledData(planted).opened(PROJECT) as snapshot:
        told = snapshot.told()
        next(told)
        with planted.begin() as connection:
            connection.execute(text("update review set state = 'settled', verdict = 'approve', decided_by = 'U1'"))
        assert {one.state for one in told} == {"posted"}
        assert snapshot.background().people.reviewers == 0


def test_nothing_can_be_written_through_it(planted: Engine) -> None:
    with SqlLabelledData(planted).opened(PROJECT) as snapshot:
        assert snapshot._connection.execute(text("show transaction_read_only")).scalar() == "on"
    with planted.begin() as connection:
        assert connection.execute(text("show transaction_read_only")).scalar() == "off"


def test_the_first_answer_to_a_check_stays_the_evidence(planted: Engine) -> None:
    decided = text(
        "insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at) "
        "select project_id, id, :revision, :verdict, :final, 'U1', :at from review "
        "where project_id = :p and input_id = 'in1' and concept_id = 'people'"
    )
    with planted.begin() as connection:
        connection.execute(
            text(
                "update review set kind = 'check', lane = 'calibration', probability = 0.2, state = 'settled' "
                "where input_id = 'in1'"
            )
        )
        for revision, (verdict, final) in enumerate(
            (("unsure", False), ("reject", True), ("undo", True), ("approve", True))
        ):
            row = {"p": PROJECT, "revision": revision, "verdict": verdict, "final": final, "at": NOW}
            connection.execute(decided, row)
    with SqlLabelledData(planted).opened(PROJECT) as snapshot:
        background = snapshot.background()
    assert (background.checked["people"].answered, background.checked["people"].not_right) == (1, 1)
    assert "man" not in background.checked
    with planted.begin() as connection:
        connection.execute(text("update review set state = 'posted' where input_id = 'in1'"))
    with SqlLabelledData(planted).opened(PROJECT) as snapshot:
        assert snapshot.background().checked == {}
    people = background.people
    assert (people.reviewers, people.approved, people.rejected, people.not_sure, people.undone) == (1, 1, 1, 1, 1)


def test_places_name_projects_that_were_left_too(planted: Engine) -> None:
    with planted.begin() as connection:
        connection.execute(
            text("update project set state = 'left', created_at = :early where id = 'p2'"),
            {"early": NOW - dt.timedelta(days=1)},
        )
    assert [(p.id, p.channel_id, p.is_left) for p in SqlLabelledData(planted).places()] == [
        ("p2", "C2", True),
        (PROJECT, "C1", False),
    ]
