"""Sessions and cards ask the same questions: who answers first counts, and the channel is spared what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.sessions import answer, fields, open_home, open_session, picture, upload, words

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_cards_still_work_and_the_one_who_was_late_is_told_in_the_next_view_only(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    open_session(lab, lab.omar)
    lab.press(lab.cards()[0], "Approve", by=lab.dana)
    view = answer(lab, lab.omar, people="reject")
    assert f"people was already approved by <@{lab.dana}> just now" in words(view)
    lab.settle_down()
    assert lab.whispers(lab.omar) == []
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]


def test_the_oldest_picture_comes_first_however_many_wait_as_cards(lab: Lab) -> None:
    lab.set_up()
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(7)])
    lab.settle_down()
    assert len(lab.cards()) == 5
    seen = [picture(open_session(lab, lab.omar))]
    seen += [picture(answer(lab, lab.omar, people="approve")) for _ in range(7)]
    assert seen == [*(f"{n}.png" for n in range(7)), ""]
    lab.settle_down()
    assert len(lab.cards()) == 5  # what was answered before its card came is spared the channel
    assert {status for status, _ in lab.held()} == {"ANNOTATION_SUCCESS"}


def test_with_more_than_four_open_concepts_four_have_buttons_and_the_rest_opens_in_the_session(lab: Lab) -> None:
    lab.set_up("people man adult woman car truck")
    upload(lab, "first.png", people=0.5)
    upload(lab, "a.png", people=0.5, man=0.5, adult=0.5, woman=0.5, car=0.5, truck=0.5)
    card = lab.cards()[-1]
    labels = [e["text"]["text"] for b in card["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert labels[-3:] == ["Approve all", "Reject all", "Open in session"]
    assert len([label for label in labels if label.startswith("Not sure")]) == 4
    lab.press(card, "Open in session", by=lab.mia)
    lab.run("show_forms")
    view = lab.form(lab.mia)
    assert picture(view) == "a.png"
    assert list(fields(view)) == ["people", "man", "adult", "woman", "car", "truck"]
    assert picture(answer(lab, lab.mia, car="reject", truck="approve")) == "first.png"
    lab.press(lab.again(card), "Approve all", by=lab.omar)
    lab.settle_down()
    assert lab.held()[-1] == (
        "ANNOTATION_SUCCESS",
        {"people": 1.0, "man": 1.0, "adult": 1.0, "woman": 1.0, "car": 0.0, "truck": 1.0},
    )


def test_a_picture_whose_file_was_deleted_is_asked_about_without_it(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    [image] = [b for b in lab.cards()[0]["blocks"] if b["type"] == "image"]
    lab.workspace.delete_file(image["slack_file"]["id"])
    view = open_session(lab, lab.omar)
    assert "Slack cannot show this picture" in words(view)
    assert list(fields(view)) == ["people"]
    assert "Slack cannot show this picture" in words(open_home(lab, lab.omar))


def test_an_undo_brings_back_the_card_that_was_spared(lab: Lab) -> None:
    lab.set_up()
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(6)])
    lab.settle_down()
    spared = "where not exists (select 1 from post c where c.subject = r.input_id and c.state = 'posted')"
    [(waiting,)] = lab.rows(f"select r.input_id from review r {spared}")  # noqa: S608 - our own words
    for card in lab.cards():
        lab.press(card, "Approve")
    lab.clock.advance(seconds=1)
    open_session(lab, lab.omar, f"review {waiting}")
    answer(lab, lab.omar, people="approve")
    lab.settle_down()
    assert len(lab.cards()) == 5
    home = open_home(lab, lab.omar)
    undo = next(
        e for b in home["blocks"] if b["type"] == "actions" for e in b["elements"] if e["value"].endswith(waiting)
    )
    assert lab.workspace.press_in_view(lab.omar, home["id"], action_id=undo["action_id"]).ok
    lab.settle_down()
    assert len(lab.cards()) == 6
    assert "Approve" in str(lab.cards()[-1]["blocks"])
