"""`/annotate-thresholds` as a form: what is in force, a last look at what changes, and then as a typed line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

THRESHOLDS = "/annotate-thresholds"


def words(view: dict[str, object]) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_the_table_offers_the_form_and_the_form_shows_what_is_in_force(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5)
    assert "accept 0.95" in lab.say("", command=THRESHOLDS)
    view = lab.open_form("form", command=THRESHOLDS)
    assert "people: labelled from" in words(view)
    assert "1 question waits now" in words(view)


def test_a_change_is_shown_before_it_is_saved_and_then_runs(lab: Lab) -> None:
    lab.set_up("people man")
    lab.open_form("form", command=THRESHOLDS)
    assert lab.send_form(accept_0="0.9", off_1=["off"]) == {}
    assert "people: accept 0.95 → 0.90" in words(lab.form())
    assert lab.rows("select max(number) from revision") == [(1,)]
    lab.send_form()
    assert lab.workspace.open_views(lab.dana) == []
    lab.settle_down()
    assert "Saved" in lab.whispers(lab.dana)[-1]
    assert "people: accept 0.90" in lab.say("", command=THRESHOLDS)
    assert "man: accept off" in lab.say("", command=THRESHOLDS)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_half_changed(lab: Lab) -> None:
    lab.set_up("people man")
    lab.open_form("form", command=THRESHOLDS)
    wrong = lab.send_form(accept_0="0.1", accept_1="0")
    assert "would lie above" in wrong["floor-0"]
    assert "0 everything would be labelled" in wrong["accept-1"]
    assert "Nothing is different" in lab.send_form()["accept-0"]
    assert lab.rows("select max(number) from revision") == [(1,)]


def test_a_form_that_was_left_open_survives_a_restart(lab: Lab) -> None:
    lab.set_up("people")
    lab.open_form("form", command=THRESHOLDS)
    lab.send_form(accept_0="0.8")
    lab.restart()
    lab.send_form()
    lab.settle_down()
    assert "people: accept 0.80" in lab.say("", command=THRESHOLDS)


def test_who_may_not_change_is_told_who_can_and_the_form_asks_nothing(lab: Lab) -> None:
    lab.set_up("people")
    view = lab.open_form("form", by=lab.mia, command=THRESHOLDS)
    assert "who set this channel up, or a workspace admin" in words(view)
    assert view["submit"] is None


def test_a_change_that_somebody_overtook_is_not_done(lab: Lab) -> None:
    lab.set_up("people")
    lab.open_form("form", command=THRESHOLDS)
    lab.send_form(accept_0="0.8")
    lab.say("people 0.7", command=THRESHOLDS)
    lab.send_form()
    lab.settle_down()
    assert "Somebody changed the thresholds" in lab.whispers(lab.dana)[-1]
    assert "people: accept 0.70" in lab.say("", command=THRESHOLDS)
