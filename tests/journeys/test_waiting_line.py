"""More than five cards: one line says how many wait, drawn anew and never repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def flood(lab: Lab, count: int) -> None:
    lab.upload(*((f"{n}.png", lab.picture(people=0.5)) for n in range(count)))
    settle(lab)


def settle(lab: Lab) -> None:
    """Let the time pass after which the line is drawn anew."""
    lab.settle_down()
    lab.clock.advance(seconds=6)
    lab.settle_down()


def answer_one(lab: Lab) -> None:
    card = next(c for c in lab.cards() if "needs review" in c["text"])
    lab.press(card, "Approve")
    settle(lab)


def lines(lab: Lab) -> list[dict[str, Any]]:
    return lab.messages("waiting")


def test_five_cards_need_no_line(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 5)
    assert len(lab.cards()) == 5
    assert lines(lab) == []


def test_one_line_says_how_many_more_wait_and_follows_them(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 8)
    [line] = lines(lab)
    assert line["text"] == "3 more waiting"
    answer_one(lab)
    [same] = lines(lab)
    assert (same["ts"], same["text"]) == (line["ts"], "2 more waiting")
    flood(lab, 10)
    [same] = lines(lab)
    assert (same["ts"], same["text"]) == (line["ts"], "12 more waiting")


def test_when_nothing_waits_it_says_so_and_the_same_line_serves_again(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 6)
    [line] = lines(lab)
    answer_one(lab)
    [done] = lines(lab)
    assert done["text"] == "No more cards are waiting in this channel."
    assert "Open review session" not in str(done["blocks"])
    flood(lab, 1)
    [again] = lines(lab)
    assert (again["ts"], again["text"]) == (line["ts"], "1 more waiting")


def test_its_button_stands_for_the_command_line(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 6)
    [line] = lines(lab)
    [button] = [e for b in line["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert (button["text"]["text"], button["value"]) == ("Open review session", "/annotate review")


def test_a_line_that_somebody_deleted_stays_deleted(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 7)
    [line] = lines(lab)
    lab.workspace.delete_message(lab.channel, line["ts"])
    settle(lab)
    answer_one(lab)
    assert lines(lab) == []


def test_during_a_pause_it_stays_as_it_is(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 7)
    lab.say("pause")
    settle(lab)
    assert [line["text"] for line in lines(lab)] == ["2 more waiting"]


def test_a_line_in_doubt_is_found_again(lab: Lab) -> None:
    lab.set_up()
    flood(lab, 7)
    [line] = lines(lab)
    lab.sql("update post set state = 'posting', ts = '', intent_at = now() - interval '10 s' where kind = 'waiting'")
    settle(lab)
    assert [found["ts"] for found in lines(lab)] == [line["ts"]]
    assert lab.rows("select state, ts from post where kind = 'waiting'") == [("posted", line["ts"])]
