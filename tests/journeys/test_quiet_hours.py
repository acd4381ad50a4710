"""Cards for somebody's own upload come at once, all others between 08:00 and 20:00 of the project's time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from clarifai_grpc.grpc.api import resources_pb2, service_pb2

from bot.pictures import Pictures
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.lab import Lab

BERLIN = ZoneInfo("Europe/Berlin")  # Dana's zone, and so the project's


def at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), BERLIN).astimezone(dt.UTC)


def begin(lab: Lab, day: dt.date, time: str) -> None:
    """Set the channel up and come to a moment of Berlin's time."""
    lab.clock.now = at(day, "09:00") - dt.timedelta(days=1)
    lab.set_up()
    lab.clock.now = at(day, time)


def add_elsewhere(lab: Lab, name: str, **values: float) -> None:
    """Add an image in Clarifai itself, as its portal or SDK does."""
    image = Pictures().prepare(lab.picture(shape=(64, 48), kind="PNG", **values)).data
    lab.model.plant(image, values)
    one = resources_pb2.Input(id=name, data=resources_pb2.Data(image=resources_pb2.Image(base64=image)))
    lab.ask("PostInputs", service_pb2.PostInputsRequest(inputs=[one]))
    lab.settle_down()


def cards_at(lab: Lab, moment: dt.datetime) -> int:
    lab.clock.now = moment
    lab.settle_down()
    return len(lab.cards())


def test_what_was_added_elsewhere_gets_a_card_with_its_picture_within_the_hours(lab: Lab) -> None:
    begin(lab, dt.date(2026, 5, 5), "10:00")
    add_elsewhere(lab, "from-the-portal", people=0.5)
    [card] = lab.cards()
    assert "from-the-portal" in card["text"]
    assert [b["alt_text"] for b in card["blocks"] if b["type"] == "image"] == ["from-the-portal"]
    lab.press(card, "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(dt.date(2026, 5, 5), id="a usual night"),
        pytest.param(dt.date(2026, 3, 28), id="the night with an hour less"),
        pytest.param(dt.date(2026, 10, 24), id="the night with an hour more"),
        pytest.param(dt.date(2026, 12, 31), id="into a new year"),
    ],
)
def test_at_night_it_waits_until_eight_and_an_own_upload_does_not(lab: Lab, day: dt.date) -> None:
    begin(lab, day, "20:30")
    add_elsewhere(lab, "late", people=0.5)
    assert lab.cards() == []
    lab.upload(("own.png", lab.picture(people=0.5)))
    assert cards_at(lab, at(day, "23:59")) == 1
    morning = day + dt.timedelta(days=1)
    assert cards_at(lab, at(morning, "00:10")) == 1
    assert cards_at(lab, at(morning, "07:55")) == 1
    assert cards_at(lab, at(morning, "08:00")) == 2


def test_at_night_no_line_counts_what_waits_for_the_morning(lab: Lab) -> None:
    begin(lab, dt.date(2026, 5, 5), "21:00")
    for n in range(7):
        add_elsewhere(lab, f"late-{n}", people=0.5)
    assert lab.messages("waiting") == []
    assert cards_at(lab, at(dt.date(2026, 5, 6), "08:00")) == 5
    assert [m["text"] for m in lab.messages("waiting")] == ["2 more waiting"]


@pytest.fixture
def nights(database_url: str) -> Iterator[Lab]:
    """A lab whose hours cross midnight."""
    with open_lab(database_url, settings={"bot_card_hours": "22:00-06:00"}) as opened:
        yield opened


def test_hours_may_cross_midnight(nights: Lab) -> None:
    begin(nights, dt.date(2026, 5, 5), "21:00")
    add_elsewhere(nights, "early", people=0.5)
    assert nights.cards() == []
    assert cards_at(nights, at(dt.date(2026, 5, 5), "22:30")) == 1
    nights.clock.now = at(dt.date(2026, 5, 6), "00:30")
    add_elsewhere(nights, "deep", people=0.6)
    assert len(nights.cards()) == 2
    nights.clock.now = at(dt.date(2026, 5, 6), "06:30")
    add_elsewhere(nights, "day", people=0.6)
    assert len(nights.cards()) == 2


@pytest.fixture
def always(database_url: str) -> Iterator[Lab]:
    with open_lab(database_url, settings={"bot_card_hours": "always"}) as opened:
        yield opened


def test_always_knows_no_night(always: Lab) -> None:
    begin(always, dt.date(2026, 5, 5), "23:30")
    add_elsewhere(always, "late", people=0.5)
    assert len(always.cards()) == 1
