"""A live project with checks of its labels, on the tables: what weighing starts from."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, text

from bot.domain.evidence import what_counts
from bot.storage.ballot import SqlBallot
from bot.storage.weighing import SqlWeighing
from bot.usecases.deciding import GATHER, Press
from bot.usecases.weighing import weigh
from tests.storage.planting import CHANNEL, NOW, PROJECT, TEAM, plant
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.projects import Project
    from bot.domain.reviews import Verdict

LATER = NOW + dt.timedelta(days=1)
MANY = 300  # predictions, from which on a grid is frozen

_FOUNDED = (
    """insert into concept (project_id, id, name, position, relations, removed)
       values ('p1', 'people', 'people', 1, '[]', false)""",
    """insert into revision (project_id, number, asked_by, asked_at, words, state, about, attempts, problem)
       values ('p1', 1, 'U1', :now, '', 'applied', 'cuts', 0, '')""",
    "insert into cut (project_id, number, concept_id, accept, floor) values ('p1', 1, 'people', 0.9, 0.2)",
    """insert into step (project_id, position, name, state, result, problem, attempts)
       values ('p1', 1, 'find', 'done', '{"model": {"version": "v"}}', '', 0),
              ('p1', 2, 'mapper', 'done', '{"version": "m"}', '', 0)""",
    """insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, target,
           certified, figures, weighed) values ('p1', 'people', 'v', 'm', :now, '', 0.95, '[]', '{}', 0)""",
    """update review set lane = 'calibration', coin = 0.5, kind = 'check', ledger_id = (select id from ledger),
           value = cast(0.91 + 0.0001 * (id % 300) as real),
           created_at = cast(:now as timestamptz) + id * interval '1 s'""",
)


def run(engine: Engine, statement: str, **values: object) -> Any:  # noqa: ANN401 - rows
    with engine.begin() as connection:
        done = connection.execute(text(statement), {"now": NOW, **values})
        return done.all() if done.returns_rows else None


def start(engine: Engine, reviews: int) -> list[int]:
    """A live project with one concept and so many undecided checks of its labels, in order of arrival."""
    plant(engine, cards=reviews)
    for statement in _FOUNDED:
        run(engine, statement)
    return [row.id for row in run(engine, "select id from review order by id")]


def project(engine: Engine) -> Project:
    [(revision, applied)] = run(engine, "select revision, applied_revision from project")
    return live_project(
        id=PROJECT, team_id=TEAM, channel_id=CHANNEL, revision=revision, applied_revision=applied, user_id="demo"
    )


def press(engine: Engine, review: int, verdict: Verdict, by: str = "U1") -> None:
    [(presses,)] = run(engine, "select count(*) from processed")
    who = Press(f"press {presses}", TEAM, CHANNEL, by)
    SqlBallot(engine).decide(who, [review], verdict, at=LATER, draw_after=LATER + GATHER)


def undo(engine: Engine, review: int, by: str = "U1") -> None:
    [(input_id,)] = run(engine, "select input_id from review where id = :id", id=review)
    [(presses,)] = run(engine, "select count(*) from processed")
    SqlBallot(engine).undo(Press(f"press {presses}", TEAM, CHANNEL, by), input_id, at=LATER, since=NOW)


def answer_all(engine: Engine, *, right: bool = True, value: float = 0.0) -> None:
    """As if all that is open had been answered, through the tables: hundreds of clicks take long."""
    verdict = "approve" if right else "reject"
    run(
        engine,
        """with open as (update review set state = 'settled', verdict = :v, decided_by = 'U1', decided_at = :now
               where state = 'posted' and value >= :value returning id)
           insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
           select 'p1', id, 1, :v, true, 'U1', :now from open""",
        v=verdict,
        value=value,
    )


def again(engine: Engine) -> int:
    return weigh(SqlWeighing(engine), lambda: LATER, project(engine))


def rights(engine: Engine) -> list[bool]:
    """What counts, in order."""
    [(ledger,)] = run(engine, "select id from ledger where ended_at is null")
    return [one.is_right for one in what_counts(SqlWeighing(engine).predictions(ledger).calibration).counted]


def figures(engine: Engine) -> Any:  # noqa: ANN401 - a document
    [(kept,)] = run(engine, "select figures from ledger where ended_at is null")
    return kept


def set_cut(engine: Engine, **values: float) -> None:
    for name, value in values.items():
        run(engine, f"update cut set {name} = :value", value=value)  # noqa: S608 - our own columns


def at_once(many: int, work: Callable[[], int]) -> list[int]:
    """Do the same so many times at the same moment."""
    done: list[int] = []
    gate = threading.Barrier(many)

    def one() -> None:
        gate.wait()
        done.append(work())

    threads = [threading.Thread(target=one) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
