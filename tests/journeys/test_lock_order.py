"""A click locks review, annotation, post, in this order; whoever works beside it must do the same."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

CLICK = (
    "update review set doubted_by = doubted_by",
    "update annotation set problem = problem",
    "update post set problem = problem",
)
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


@pytest.mark.parametrize(("work", "pressed"), [("settle", "Approve all"), ("redraw_cards", "Approve people")])
def test_a_click_in_the_middle_of_a_record_is_no_deadlock(lab: Lab, work: str, pressed: str) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.5)
    lab.press(card, pressed)
    lab.clock.advance(seconds=2)
    engine = lab.parts.database.engine
    thread = threading.Thread(target=lambda: lab.run(work))
    with engine.connect() as click, engine.connect() as look:
        look.execution_options(isolation_level="AUTOCOMMIT")
        click.execute(text(CLICK[0]))
        thread.start()
        until = time.monotonic() + 5
        while not look.execute(WAITING).scalar():
            assert time.monotonic() < until, "the record never came to the review that the click holds"
        for statement in CLICK[1:]:
            click.execute(text("set local lock_timeout = '500ms'"))
            click.execute(text(statement))
        click.commit()
    thread.join(timeout=10)
    lab.settle_down()
    assert "approved by" in str(lab.again(card)["blocks"])
