"""A process that was paused comes back with what it knew before: nothing is lost and nothing old stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.domain.annotations import LabelState
from bot.domain.errors import Refused
from bot.storage.cuts import SqlCuts
from bot.storage.labels import SqlLabels
from bot.storage.projects import SqlProjects
from bot.storage.secrets import Sealer
from bot.usecases.cutting import ask_for, read_change
from bot.usecases.ports import AnnotationWrite

if TYPE_CHECKING:
    from bot.domain.projects import Project
    from bot.usecases.settling import Unsettled
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


def _read_by_a_process_that_is_paused_now(lab: Lab) -> Unsettled:
    """What it was about to write."""
    [paused] = SqlLabels(lab.parts.database.engine).unsettled(_project(lab).id, now=lab.clock(), limit=10)
    return paused


def _written_by_a_process_that_is_killed_right_after(lab: Lab, paused: Unsettled, wanted: LabelState) -> None:
    """It goes on where it was paused, sends its write, and never records it."""
    lab.clock.advance(seconds=1)
    platform = lab.parts.clarifai.platform("demo", lab.app_id, "demo-key")
    write = AnnotationWrite(paused.id, paused.input_id, wanted, paused.provenance(_project(lab)))
    [written] = platform.write_annotations([write])
    assert written.annotation is not None


def test_a_write_that_comes_late_and_is_never_recorded_is_put_right(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    before = lab.held()
    lab.press(card, "Approve")
    paused = _read_by_a_process_that_is_paused_now(lab)
    lab.clock.advance(seconds=2)
    lab.run("redraw_cards")
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    _written_by_a_process_that_is_killed_right_after(lab, paused, paused.wanted)
    assert lab.held() != before
    lab.settle_down()
    assert lab.held() == before
    assert "Approve" in str(lab.again(card)["blocks"])
    lab.press(lab.again(card), "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


def test_an_older_verdict_that_is_written_late_gives_way_to_the_newer_one(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    paused = _read_by_a_process_that_is_paused_now(lab)
    lab.settle_down()
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    lab.press(lab.again(card), "Reject")
    lab.settle_down()
    _written_by_a_process_that_is_killed_right_after(lab, paused, paused.wanted)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert "rejected by" in str(lab.again(card)["blocks"])


def test_a_write_that_is_sent_once_more_does_not_look_like_somebody_elses(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    before = lab.held()
    lab.press(card, "Approve")
    paused = _read_by_a_process_that_is_paused_now(lab)
    lab.settle_down()
    _written_by_a_process_that_is_killed_right_after(lab, paused, paused.wanted)
    lab.press(lab.again(card), "Undo")
    lab.run("settle")
    assert lab.held() == before
    lab.settle_down()
    assert lab.held() == before
    assert "Approve" in str(lab.again(card)["blocks"])


def test_somebody_elses_change_beside_our_words_stays_theirs(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    lab.press(card, "Approve")
    paused = _read_by_a_process_that_is_paused_now(lab)
    lab.settle_down()
    lab.press(lab.again(card), "Undo")
    lab.settle_down()
    _written_by_a_process_that_is_killed_right_after(lab, paused, LabelState(paused.wanted.status, ()))
    theirs = lab.held()
    lab.settle_down()
    assert lab.held() == theirs
    assert "changed in Clarifai" in str(lab.again(card)["blocks"])


def test_a_long_sweep_ends_between_two_pages_when_the_process_is_to_end(lab: Lab) -> None:
    lab.set_up()
    lab.upload(("a.png", lab.picture(people=0.5)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    seen_until = lab.rows("select seen_until from project")
    lab.parts.stopping.set()
    lab.run("discover")
    assert lab.rows("select seen_until from project") == seen_until
    lab.parts.stopping.clear()
    lab.settle_down()
    assert lab.rows("select seen_until from project") != seen_until
    assert len(lab.cards()) == 1


def test_an_image_kept_at_the_moment_of_going_live_is_labelled_all_the_same(lab: Lab) -> None:
    lab.set_up()
    upload = lab.upload(("late.png", lab.picture(people=0.5)))
    with lab.parts.database.engine.begin() as connection:
        connection.execute(text("update picture set state = 'kept', expected = '[\"people 0.50: to review\"]'"))
    lab.settle_down()
    assert "1 to review" in lab.answer_to(upload)


def test_a_change_of_thresholds_that_is_delivered_twice_at_once_is_saved_once_and_refused_to_nobody(lab: Lab) -> None:
    lab.set_up("people")
    cuts, both_read = SqlCuts(lab.parts.database.engine, Sealer(lab.parts.settings.keys)), _project(lab)
    names, old = dict(lab.rows("select id, name from concept")), cuts.cuts(both_read.id, both_read.revision)
    for _ in range(2):
        ask_for(cuts, both_read, read_change("people 0.9", old, names), by=lab.dana, at=lab.clock())
    with pytest.raises(Refused, match="Somebody changed the thresholds at this moment"):
        ask_for(cuts, both_read, read_change("people 0.8", old, names), by=lab.dana, at=lab.clock())
    assert lab.rows("select number, asked_by from revision where number > :n", n=both_read.revision) == [
        (both_read.revision + 1, lab.dana)
    ]
