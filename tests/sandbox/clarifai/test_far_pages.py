"""Far pages hold what stepping there row by row would show, whatever came and went before."""

from __future__ import annotations

import random

import pytest
from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Input

from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state import counting
from bot.sandbox.clarifai.state.annotations import Annotations
from bot.sandbox.clarifai.state.conditions import ALWAYS, Condition, all_of
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.state.inputs import Inputs
from bot.sandbox.clarifai.state.paging import EVERYTHING, Page

SCOPE, OTHER = Scope("demo", "app"), Scope("demo", "other")
PENDING = Condition("a.status = ?", (24151,))
BY_ANN = Condition("a.worker = ?", ("ann",))
CONDITIONS = [
    ALWAYS,
    PENDING,
    all_of([PENDING, BY_ANN]),
    Condition("NOT (a.input_level = 1)"),
    Condition("a.id <> 'a7'"),
]


def filled(database: Database, dice: random.Random, many: int) -> Annotations:
    inputs, annotations = Inputs(database), Annotations(database)
    with database.transaction():
        for scope in (SCOPE, OTHER):
            row = inputs.add(scope, Input(id="in1"), image=b"x", job="")
            assert row
            for number in range(many):
                made = Annotation(id=f"a{number}", input_id="in1", user_id=dice.choice(["ann", "bob"]))
                made.status.code = dice.choice([24150, 24151])
                annotations.add(scope, row, made)
    return annotations


@pytest.mark.parametrize("seed", range(3))
def test_every_page_is_a_piece_of_the_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    annotations = filled(database := Database(None), dice, 2 * counting.BLOCK)
    for number in dice.sample(range(2 * counting.BLOCK), 300):
        if number % 2:
            annotations.remove(SCOPE, "in1", f"a{number}")
        elif changed := annotations.get(SCOPE, "in1", f"a{number}"):
            changed.status.code, changed.user_id = 24151, "ann"
            annotations.replace(SCOPE, changed)
    for condition in CONDITIONS:
        whole = [one.id for one in annotations.page(SCOPE, condition, EVERYTHING)]
        for offset in dice.sample(range(len(whole) + 20), 25):
            monkeypatch.setattr(annotations, "_passed", {})
            page = annotations.page(SCOPE, condition, Page(10, offset))
            assert [one.id for one in page] == whole[offset : offset + 10]
    database.close()


def test_a_folder_of_an_earlier_version_is_counted_at_the_start(tmp_path) -> None:
    database = Database(tmp_path)
    filled(database, random.Random(0), 1200)  # noqa: S311 - not for secrets
    database.run("DROP TABLE annotation_counts")
    database.close()
    again = Database(tmp_path)
    counted = again.rows("SELECT SUM(n) AS n FROM annotation_counts WHERE app = 'app'")
    assert counted[0]["n"] == 1200
    again.close()


def test_with_an_input_its_annotations_are_no_longer_counted() -> None:
    database = Database(None)
    filled(database, random.Random(0), 10)  # noqa: S311 - not for secrets
    database.run("DELETE FROM inputs WHERE app = 'app'")
    assert database.rows("SELECT app, SUM(n) AS n FROM annotation_counts WHERE n > 0 GROUP BY app")[0]["app"] == "other"
    database.close()
