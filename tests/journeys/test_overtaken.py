"""A process that was paused comes back with what it knew before: nothing is lost and nothing old stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.storage.labels import SqlLabels
from bot.storage.projects import SqlProjects
from bot.storage.secrets import Sealer

if TYPE_CHECKING:
    from bot.domain.projects import Project
    from tests.journeys.lab import Lab


def _project(lab: Lab) -> Project:
    projects = SqlProjects(lab.parts.database.engine, Sealer(lab.parts.settings.keys))
    [project] = projects.all()
    return project


def _modified_at(lab: Lab) -> dt.datetime:
    [annotation] = lab.annotations()
    return annotation.modified_at.ToDatetime(tzinfo=dt.UTC)


def test_a_record_that_comes_late_has_the_newest_decision_written_once_more(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    before = lab.held()
    labels = SqlLabels(lab.parts.database.engine)
    project = _project(lab)
    lab.press(card, "Approve")
    [paused] = labels.unsettled(project.id, now=lab.clock(), limit=10)
    lab.settle_down()
    approved_at = _modified_at(lab)
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    assert lab.held() == before
    labels.settled(project, [(paused, paused.wanted, approved_at)])
    assert lab.run("settle") == 1
    assert lab.held() == before
    assert lab.run("settle") == 0
    assert "Approve" in str(lab.again(card)["blocks"])


def test_an_image_kept_at_the_moment_of_going_live_is_labelled_all_the_same(lab: Lab) -> None:
    lab.set_up()
    upload = lab.upload(("late.png", lab.picture(people=0.5)))
    with lab.parts.database.engine.begin() as connection:
        connection.execute(text("update picture set state = 'kept', expected = '[\"people 0.50: to review\"]'"))
    lab.settle_down()
    assert "1 to review" in lab.answer_to(upload)
