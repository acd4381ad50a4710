"""Pictures that the coin of a project draws, or does not, to show what the floor drops."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import input_id_of_address
from bot.domain.checks import is_probed
from bot.domain.uploads import input_id
from bot.storage.projects import SqlProjects
from bot.storage.secrets import Sealer

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SITE, ADDRESSES = "https://photos.example.com", 1000


def fell(lab: Lab, drawn_id: str) -> bool:
    """Throw the project's own coin."""
    projects = SqlProjects(lab.parts.database.engine, Sealer(lab.parts.settings.keys))
    [(project_id,)] = lab.rows("select id from project")
    return is_probed(projects.project(project_id).coin_secret, drawn_id)


def picture(lab: Lab, *, drawn: bool, people: float = 0.0, man: float = 0.0) -> bytes:
    """Make pictures until the coin of the project falls so for one."""
    return next(
        data for data in (lab.picture(people=people, man=man) for _ in count()) if fell(lab, input_id(data)) is drawn
    )


def address(lab: Lab, *, drawn: bool) -> str:
    """Make up addresses until the coin falls so for one."""
    [(project_id,)] = lab.rows("select id from project")
    urls = (f"{SITE}/{n}.png" for n in range(ADDRESSES))
    return next(url for url in urls if fell(lab, input_id_of_address(project_id, url)) is drawn)


def drawn(lab: Lab, *, people: float = 0.0, man: float = 0.0) -> str:
    """Upload one picture as if the coin had drawn it, before anything is read; return its input's id."""
    data = lab.picture(people=people, man=man)
    lab.upload(("drawn.png", data))
    lab.run("take_uploads")
    draw(lab, input_id(data))
    lab.settle_down()
    return input_id(data)


def draw(lab: Lab, drawn_id: str) -> None:
    lab.sql("update input set probed = true where id = :i", i=drawn_id)
    lab.sql(
        "insert into probe (project_id, input_id, thrown_at, state, attempts, problem) "
        "select project_id, id, created_at, 'waiting', 0, '' from input where id = :i",
        i=drawn_id,
    )


def reviews(lab: Lab) -> list[tuple[Any, ...]]:
    return lab.rows(
        "select concept_id, kind, lane, probability, ledger_id is null, state from review order by concept_id"
    )
