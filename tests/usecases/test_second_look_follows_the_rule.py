"""The click on a second look and the rule say the same, press by press."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.domain.reviews import AlreadyDecided, Verdict
from bot.domain.second_looks import FirstAnswer, LookState, SecondLook
from bot.storage.ballot import SqlBallot
from bot.usecases.deciding import Answer
from tests.storage.planting import NOW
from tests.storage.test_second_press import FIRST, ask, press, reject

if TYPE_CHECKING:
    from sqlalchemy import Engine

PEOPLE = [FIRST, "V1", "V2"]
LOOKS = 12


def stored(engine: Engine) -> dict[int, SecondLook]:
    columns = "id, first_by, state, verdict, decided_by, decided_at, doubted_by"
    with engine.begin() as connection:
        return {
            row.id: SecondLook(
                row.first_by,
                LookState(row.state),
                Verdict(row.verdict) if row.verdict else None,
                row.decided_by,
                row.decided_at,
                row.doubted_by,
            )
            for row in connection.execute(text(f"select {columns} from second_look"))  # noqa: S608 - our own words
        }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_presses_leave_what_the_rule_says(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which button is pressed next is no secret
    reject(engine, cards=LOOKS)
    ask(engine, most=LOOKS)
    looks, ballot = stored(engine), SqlBallot(engine)
    for n in range(5 * LOOKS):
        at, by = NOW + dt.timedelta(seconds=n), chance.choice(PEOPLE)
        look, verdict = chance.choice(list(looks)), chance.choice([*Verdict, Verdict.UNSURE, Verdict.UNSURE])
        answer = ballot.look_again(press(by, f"key {n}"), look, verdict, at=at)
        try:
            looks[look] = looks[look].answered(verdict, by, at)
        except FirstAnswer:
            assert answer is Answer.REFUSED
        except AlreadyDecided:
            assert answer is Answer.LOST
        else:
            assert answer is Answer.WON
        assert stored(engine) == looks
    assert {look.verdict for look in looks.values()} >= set(Verdict)
