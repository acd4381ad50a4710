"""`list`, `search`, `history`, "Why this label?": what is known is told, what is asked right now is not given away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

WHY = "why-this-label"


def told(lab: Lab, text: str, by: str = "") -> str:
    """Type a line that a job answers and return the whole of the private answer, pictures and buttons included."""
    assert "One moment" in lab.say(text, by)
    lab.settle_down()
    return json.dumps(lab.workspace.ephemerals(by or lab.dana, lab.channel)[-1]["blocks"], ensure_ascii=False)


def test_what_was_decided_is_listed_with_its_picture(lab: Lab) -> None:
    lab.set_up("people man")
    card = lab.card_of(name="cat.png", people=0.5, man=0.4)
    lab.press(card, "Approve people")
    lab.press(card, "Reject man")
    lab.settle_down()
    said = told(lab, "list")
    assert "cat.png: labelled (people); not man" in said
    assert '"slack_file"' in said
    assert "cat.png: labelled (people); not man" in told(lab, "list success people")
    assert "Nothing of that is held" in told(lab, "list rejected")


def test_neither_list_nor_search_gives_away_what_is_being_asked(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(name="sure.png", people=0.99)
    lab.card_of(name="unsure.png", people=0.5)
    for text in ("list", "list pending"):
        said = told(lab, text)
        assert "sure.png: waits for people (people)" in said
        assert "unsure.png: waits for people (people)" in said
        assert "0.99" not in said
        assert "labelled" not in said
    assert "sure.png" not in told(lab, "list success")
    assert "sure.png" not in told(lab, "search people")


def test_search_shows_the_pictures_that_carry_the_concept(lab: Lab) -> None:
    lab.set_up("people man")
    for name, verdict in (("yes.png", "Approve"), ("no.png", "Reject")):
        lab.press(lab.card_of(name=name, people=0.5), verdict)
        lab.settle_down()
    said = told(lab, "search people")
    assert "yes.png" in said
    assert "no.png" not in said
    assert "Did you mean people?" in lab.say("search peopel")


def test_pages_are_turned_with_a_button(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(*[(f"p{n}.png", lab.picture(people=0.5)) for n in range(8)])
    lab.settle_down()
    assert "More" in told(lab, "list pending")
    note = lab.workspace.ephemerals(lab.dana, lab.channel)[-1]
    lab.press(note, "More", by=lab.dana)
    lab.settle_down()
    second = json.dumps(lab.workspace.ephemerals(lab.dana, lab.channel)[-1]["blocks"])
    assert "page 2" in second
    assert second.count("waits for people") == 2


def test_history_says_who_changed_and_decided_what(lab: Lab) -> None:
    lab.set_up("people man")
    lab.press(lab.card_of(name="cat.png", people=0.5), "Approve")
    lab.say("people 0.9", command="/annotate-thresholds")
    lab.settle_down()
    said = lab.say("history")
    assert f"<@{lab.omar}>: approved people on cat.png" in said
    assert f"<@{lab.dana}>: thresholds: people: accept 0.95 → 0.90" in said
    assert "<!date^" in said
    assert "thresholds" not in lab.say("history cat.png")
    assert "approved people" not in lab.say(f"history <@{lab.dana}|dana>")
    assert "Nothing of that stands" in lab.say("history nothing.png")


def test_why_tells_the_value_only_after_the_verdict(lab: Lab) -> None:
    lab.set_up("people man")
    ts = lab.upload(("cat.png", lab.picture(people=0.98, man=0.36)))
    lab.settle_down()
    [card] = lab.cards()
    lab.workspace.shortcut(lab.mia, WHY, lab.channel, card["ts"])
    lab.settle_down()
    before = lab.workspace.ephemerals(lab.mia, lab.channel)[-1]
    assert "after you decide" in json.dumps(before)
    assert "0.98" not in json.dumps(before)
    lab.press(card, "Approve people")
    lab.settle_down()
    lab.workspace.shortcut(lab.mia, WHY, lab.channel, ts)
    lab.settle_down()
    after = json.dumps(lab.workspace.ephemerals(lab.mia, lab.channel)[-1]["blocks"], ensure_ascii=False)
    assert "people: the model said 0.98, labelled automatically from 0.95 on; approved by" in after
    assert "man: after you decide" in after
    assert "0.36" not in after


def test_why_on_another_message_says_what_to_ask(lab: Lab) -> None:
    lab.set_up("people")
    said = lab.workspace.say("mia", "labels", "hello")
    lab.workspace.shortcut(lab.mia, WHY, lab.channel, said)
    lab.settle_down()
    assert "Ask this of an upload or of a card" in lab.whispers(lab.mia)[-1]
