"""A fiftieth of the pictures shows what the floor drops; without them the bot says that it does not know."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api import resources_pb2, service_pb2

from bot.domain.probes import probe_id
from bot.domain.uploads import input_id
from bot.pictures import Pictures
from bot.sandbox.clarifai import Switches
from bot.storage.digests import figures_of
from bot.usecases.crashing import Checkpoint
from tests.journeys.lab import START
from tests.journeys.opening import open_lab
from tests.journeys.probes import ADDRESSES, SITE, address, draw, drawn, picture, reviews
from tests.journeys.test_export import lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.lab import Lab

PROBES = "select state, attempts, problem from probe"


@pytest.fixture
def throwing(database_url: str) -> Iterator[Lab]:
    """A lab in which the coin is thrown."""
    with open_lab(database_url, settings={"bot_probes": True}) as opened:
        yield opened


def test_a_drawn_picture_asks_about_what_the_floor_drops_and_no_number_or_route_shows(throwing: Lab) -> None:
    lab = throwing
    lab.set_up("people man")
    ts = lab.upload(("photo.png", picture(lab, drawn=True, people=0.53, man=0.13)))
    lab.settle_down()
    assert reviews(lab)[0] == ("man", "probe", "work", 0.02, True, "posted")
    assert reviews(lab)[1][:3] == ("people", "pending", "calibration")
    [card] = lab.cards()
    assert "Approve man" in str(card["blocks"])
    assert "Approve people" in str(card["blocks"])
    for hidden in ("0.13", "0.53", "floor", "drawn", "probe"):
        assert hidden not in str(card["blocks"]), hidden
    assert "1 to review" in lab.answer_to(ts)
    assert ("ANNOTATION_PENDING", {"man": 0.13}) in lab.held()
    assert "Below the floor of people, man: unknown, no picture was drawn and answered yet" in lab.say("status")


def test_the_verdict_is_a_label_and_says_what_the_floor_loses(throwing: Lab) -> None:
    lab = throwing
    lab.set_up("man")
    ts = lab.upload(("photo.png", picture(lab, drawn=True, man=0.1)))
    lab.settle_down()
    assert "1 with none of your concepts" in lab.answer_to(ts)
    lab.press(lab.cards()[-1], "Approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"man": 1.0})]
    assert "model said 0.10, which is below the floor" in str(lab.cards()[-1]["blocks"])
    assert "1 with none of your concepts" in lab.answer_to(ts)
    said = lab.say("status")
    assert "Below the floor of man: 1 of 1 looked at was dropped, 1 of 1 answered was right after all" in said
    lab.press(lab.again(lab.cards()[-1]), "Undo")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"man": 0.1})]
    assert "Below the floor of man: unknown" in lab.say("status")


def test_the_coin_is_recorded_with_the_input_and_others_are_left_alone(throwing: Lab) -> None:
    lab = throwing
    lab.set_up("man")
    lab.upload(("one.png", picture(lab, drawn=False, man=0.1)), ("two.png", picture(lab, drawn=True, man=0.1)))
    lab.run("take_uploads")
    assert lab.rows("select name, probed from input order by name") == [("one.png", False), ("two.png", True)]
    assert [state for state, *_ in lab.rows(PROBES)] == ["waiting"]
    lab.settle_down()
    assert [state for state, *_ in lab.rows(PROBES)] == ["read"]
    assert len(lab.cards()) == 1
    assert [value for (value,) in lab.rows("select value from probed_value")] == [pytest.approx(0.1)]


def test_without_a_coin_it_stays_unknown(lab: Lab) -> None:
    lab.set_up("man")
    lab.upload(("photo.png", lab.picture(man=0.1)))
    lab.settle_down()
    assert lab.rows("select probed from input") == [(None,)]
    assert lab.cards() == []
    assert "Below the floor of man: unknown" in lab.say("status")


def test_of_a_drawn_picture_people_see_both_sides_also_what_was_accepted(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5)
    lab.sql("update cut set checks = 0.0000001")
    lab.sql("update ledger set certified = '[0.95]', target = 0.95")
    drawn(lab, people=0.99, man=0.1)
    rows = lab.rows("select concept_id, kind, lane, state from review where value < 0.2 or value > 0.9 order by 1")
    assert rows == [("man", "probe", "work", "posted"), ("people", "check", "work", "posted")]
    assert lab.rows("select verdict from review where verdict is not null") == []


def test_a_probe_changes_no_count_of_the_digest_but_the_answers(lab: Lab) -> None:
    lab.set_up("man")
    drawn(lab, man=0.1)
    lab.press(lab.cards()[-1], "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"man": 0.0})]
    [(project_id,)] = lab.rows("select id from project")
    with lab.parts.database.engine.begin() as connection:
        figures = figures_of(connection, project_id, START, START + dt.timedelta(days=1))
    assert (figures.uploaded, figures.labelled, figures.pending, figures.for_people) == (1, 0, 0, 0)
    assert (figures.checked, figures.rejected) == (0, 1)
    assert lab.rows("select count(*) from review where ledger_id is not null or lane = 'calibration'") == [(0,)]
    said = lab.say("status")
    assert "Below the floor of man: 1 of 1 looked at was dropped, 0 of 1 answered were right after all" in said


def test_read_again_after_every_crash_it_is_asked_once(lab: Lab) -> None:
    lab.set_up("man")

    class Killed(BaseException):
        pass

    def dies(checkpoint: Checkpoint) -> None:
        if checkpoint in crashes:
            crashes.remove(checkpoint)
            raise Killed

    crashes = [Checkpoint.PROBE_READ, Checkpoint.PROBE_WRITTEN]
    lab.restart(reached=dies)
    lab.upload(("drawn.png", data := lab.picture(man=0.1)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    draw(lab, input_id(data))
    for _ in range(2):
        with pytest.raises(Killed):
            lab.run("probe")
    assert crashes == []
    assert [state for state, *_ in lab.rows(PROBES)] == ["waiting"]
    lab.settle_down()
    lab.sql("update probe set state = 'waiting'")
    lab.settle_down()
    assert [state for state, *_ in lab.rows(PROBES)] == ["read"]
    assert [(a.id, a.input_id) for a in lab.annotations()] == [(probe_id(input_id(data)), input_id(data))]
    assert len(reviews(lab)) == 1


def test_while_clarifai_is_away_the_input_waits(lab: Lab) -> None:
    lab.set_up("man")
    lab.upload(("drawn.png", data := lab.picture(man=0.1)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    draw(lab, input_id(data))
    with lab.clarifai.faults.outage():
        assert lab.run("probe") == 0
    assert [state for state, *_ in lab.rows(PROBES)] == ["waiting"]
    lab.settle_down()
    lab.clock.advance(minutes=1)
    lab.settle_down()
    assert [state for state, *_ in lab.rows(PROBES)] == ["read"]
    assert len(lab.cards()) == 1


def test_an_input_that_is_gone_is_left_unread_in_the_end(lab: Lab) -> None:
    lab.set_up("man")
    lab.sql(
        "insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at) "
        "select id, 'gone', 'upload', 'gone.png', '', '', '', '', 'shown', now() from project"
    )
    draw(lab, "gone")
    for _ in range(5):
        lab.run("probe")
        lab.clock.advance(hours=1)
    [(state, attempts, problem)] = lab.rows(PROBES)
    assert (state, attempts) == ("failed", 4)
    assert "does not hold the input" in problem
    assert lab.run("probe") == 0
    assert "unknown" in lab.say("status")


def test_a_paused_project_reads_nothing(lab: Lab) -> None:
    lab.set_up("man")
    lab.upload(("drawn.png", data := lab.picture(man=0.1)))
    lab.run("take_uploads")
    lab.say("pause")
    draw(lab, input_id(data))
    lab.settle_down()
    assert [state for state, *_ in lab.rows(PROBES)] == ["waiting"]


def test_in_the_export_it_says_with_which_chance_it_was_drawn(lab: Lab) -> None:
    lab.set_up("man")
    drawn(lab, man=0.1)
    lab.press(lab.cards()[-1], "Approve")
    lab.settle_down()
    line = lines(lab)["drawn.png", "man"]
    assert (line["lane"], line["sampling_probability"]) == ("work", 0.02)
    assert (line["label"], line["source"]) == (1, "human")
    assert line["model_value"] == pytest.approx(0.1)


def test_while_it_is_open_the_names_of_what_was_accepted_do_not_show(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5)
    ts = lab.upload(("drawn.png", data := lab.picture(people=0.99, man=0.1)))
    lab.run("take_uploads")
    draw(lab, input_id(data))
    lab.settle_down()
    lab.press(lab.cards()[-1], "Approve people")
    lab.settle_down()
    assert lab.answer_to(ts) == "1 image: 1 labelled."
    lab.press(lab.cards()[-1], "Reject man")
    lab.settle_down()
    assert "1 labelled (people)" in lab.answer_to(ts)


def test_what_came_from_elsewhere_is_never_drawn(throwing: Lab) -> None:
    """The bot hears of it only by what passed the floor: such pictures would not show what is dropped."""
    lab = throwing
    lab.set_up("people man")
    data = picture(lab, drawn=True, people=0.5, man=0.1)
    image = resources_pb2.Image(base64=Pictures().prepare(data).data)
    added = resources_pb2.Input(id=input_id(data), data=resources_pb2.Data(image=image))
    lab.ask("PostInputs", service_pb2.PostInputsRequest(inputs=[added]))
    lab.settle_down()
    assert lab.rows("select source, probed from input") == [("elsewhere", None)]
    assert lab.rows(PROBES) == []


def test_a_picture_of_a_list_is_drawn_like_any_other(database_url: str, tmp_path: Path) -> None:
    """Clarifai fetched it, and reads it again from where it keeps it."""
    path = tmp_path / "photo.png"
    known = {f"{SITE}/{n}.png": path for n in range(ADDRESSES)}
    with open_lab(database_url, settings={"bot_probes": True}, known_urls=known) as lab:
        path.write_bytes(Pictures().prepare(lab.picture(man=0.1)).data)
        lab.set_up("man")
        urls = {is_drawn: address(lab, drawn=is_drawn) for is_drawn in (True, False)}
        lab.upload(("list.csv", ("url\n" + "\n".join(urls.values())).encode()))
        lab.settle_down()
        probed = lab.rows("select url, probed from input order by probed")
        assert probed == [(urls[False], False), (urls[True], True)]
        assert [state for state, *_ in lab.rows(PROBES)] == ["read"]
        assert [review[:2] for review in reviews(lab)] == [("man", "probe")]


def test_where_the_workflow_runs_again_over_what_was_asked_nothing_is_asked_twice(database_url: str) -> None:
    with open_lab(database_url, switches=Switches(writers_on_patch=True)) as lab:
        lab.set_up("people man")
        drawn(lab, people=0.5, man=0.1)
        lab.press(lab.cards()[-1], "Reject all")
        lab.settle_down()
        asked = lab.rows("select concept_id, kind from review where state <> 'unchecked' order by 1")
        assert asked == [("man", "probe"), ("people", "pending")]
        assert lab.rows("select count(*) from review where state in ('queued', 'posted')") == [(0,)]
