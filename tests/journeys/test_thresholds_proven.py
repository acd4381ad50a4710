"""The table says what is proven of each threshold; what is recommended is applied exactly as it was tested."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys.proofs import EXACT, band, need, plant, proven
from tests.journeys.test_setting_up import buttons
from tests.journeys.test_thresholds import cut

if TYPE_CHECKING:
    from bot.domain.proofs import Proof
    from tests.journeys.lab import Lab

NOBODY = re.compile(r"p-value|e-process|confidence", re.IGNORECASE)


def table_of(lab: Lab, by: str = "") -> dict[str, object]:
    """The table as somebody reads it after a mention, where its buttons can be pressed."""
    lab.workspace.slash(by or lab.dana, lab.channel, "/annotate-thresholds", "")
    return lab.workspace.ephemerals(by or lab.dana, lab.channel)[-1]


def with_evidence(lab: Lab, proof: Proof, what: str = "people 0.99") -> None:
    """A project whose people were weighed like this, at a target of 90%."""
    lab.set_up("people man")
    lab.card_of(people=0.5)
    cut(lab, what)
    cut(lab, "people target 90%")
    lab.settle_down()
    plant(lab, proof)


def test_without_a_check_the_table_says_so(lab: Lab) -> None:
    lab.set_up("people man")
    said = cut(lab, "")
    assert "people: accept 0.95, floor 0.20, target 95%, not proven" in said
    assert said.count("No checks yet.") == 2


def test_what_is_recommended_is_said_with_what_it_would_change(lab: Lab) -> None:
    with_evidence(lab, proven())
    said = cut(lab, "")
    assert "people: accept 0.99, floor 0.20, target 90%, not proven" in said
    assert (
        "You asked for 90% right. I can accept from 0.85 up: at least 91.4% right (95% sure; best guess 93%), "
        "from 790 checks, 59 rejected. Of 3,000 predictions it would have accepted 2,244 (74.8%) instead of 1,500."
    ) in said
    assert not NOBODY.search(said)
    assert str(EXACT) not in said


def test_use_it_applies_exactly_what_was_tested_and_then_it_is_proven(lab: Lab) -> None:
    with_evidence(lab, proven())
    table = table_of(lab)
    assert buttons(table) == ["Use it", "Try another value", "Keep 0.99", "Change in a form"]
    lab.press(table, "Use it", by=lab.dana)
    lab.settle_down()
    [(accept,)] = lab.rows("select accept from cut where concept_id = 'people' order by number desc limit 1")
    assert accept == EXACT
    message = lab.messages("announcement")[-1]
    assert "people is proven: at least 90% right (95% sure)." in message["text"]
    assert f"By <@{lab.dana}>" in str(message["blocks"])
    assert "target 90%, proven" in cut(lab, "")


def test_the_other_two_buttons_change_nothing(lab: Lab) -> None:
    with_evidence(lab, proven())
    before = lab.rows("select max(number) from revision")
    table = table_of(lab)
    lab.press(table, "Try another value", by=lab.dana)
    lab.settle_down()
    assert "/annotate-thresholds preview people 0.8" in lab.whispers(lab.dana)[-1]
    lab.press(table, "Keep 0.99", by=lab.dana)
    lab.settle_down()
    assert "Kept: people stays at accept 0.99" in lab.whispers(lab.dana)[-1]
    assert lab.rows("select max(number) from revision") == before


@pytest.mark.parametrize(
    ("wanting", "said"),
    [
        (need(), "Not enough proof yet: 41 of about 97 clean checks. Keep reviewing; about 12 days at this pace."),
        (
            need(right=0.87, expected=None, refuted=True),
            "Even the best part is only ~87% right. No threshold reaches 90%",
        ),
        (need(right=0.8, expected=None), "too much is rejected (~80%): at this rate no threshold reaches 90%"),
    ],
)
def test_without_a_proof_the_table_says_what_is_missing(lab: Lab, wanting: object, said: str) -> None:
    proof = dataclasses.replace(proven(), certified=(), at_recommended=None, need=wanting, held_back=3, awaited=1)  # type: ignore[arg-type]
    with_evidence(lab, proof)
    shown = cut(lab, "")
    assert said in shown
    assert "at least 95% right (95% sure; best guess 99%), from 400 checks, 4 rejected" in shown
    assert "accepts 50% of the predictions" in shown
    assert "3 more answered checks count once 1 earlier one is answered." in shown
    assert not NOBODY.search(shown)


def test_a_typed_value_applies_at_once_and_is_called_not_proven_with_the_name(lab: Lab) -> None:
    with_evidence(lab, proven())
    cut(lab, "people 0.9")
    lab.settle_down()
    message = lab.messages("announcement")[-1]
    assert "people is not proven" in message["text"]
    assert f"By <@{lab.dana}>" in str(message["blocks"])


def test_the_rounded_value_is_not_the_one_that_was_tested(lab: Lab) -> None:
    with_evidence(lab, proven())
    cut(lab, "people 0.8472")
    lab.settle_down()
    assert "people is not proven" in lab.messages("announcement")[-1]["text"]


def test_a_target_is_a_revision_like_any_other(lab: Lab) -> None:
    lab.set_up("people man")
    assert "people: target 95% → 99%" in cut(lab, "people target 99%")
    lab.settle_down()
    assert "people: target 95% → 99%" in lab.messages("announcement")[-1]["text"]
    assert "people: accept 0.95, floor 0.20, target 99%" in cut(lab, "")
    assert "man: accept 0.95, floor 0.20, target 95%" in cut(lab, "")
    cut(lab, "undo")
    lab.settle_down()
    assert "people: accept 0.95, floor 0.20, target 95%" in cut(lab, "")
    history = cut(lab, "history")
    assert history.index("people: target 99% → 95% (undo)") < history.index("people: target 95% → 99%")


def test_a_share_of_checks_says_what_it_costs_and_how_long_a_drift_would_go_unnoticed(lab: Lab) -> None:
    lab.set_up("people man")
    for _ in range(2):
        lab.card_of(people=0.99)
    said = cut(lab, "people checks 50%")
    assert "people: checks 5% → 50%" in said
    assert "about 1 click a week" in said
    assert "would go unnoticed for about" in said
    assert "checks 50% → 10%" in cut(lab, "people checks 0.1")
    assert "man: checks 5% → 20%" in cut(lab, "all checks 20%")


@pytest.mark.parametrize(
    "typed",
    ["people target 100%", "people target 99.9%", "people target 0.5", "people target 20%", "people target 1.2",
     "people target soon", "people target", "people checks 0", "people checks 150%", "target people 95%"],
)  # fmt: skip
def test_bad_shares_are_refused_and_change_nothing(lab: Lab, typed: str) -> None:
    lab.set_up("people", live=False)
    assert "Saved" not in cut(lab, typed)
    assert lab.rows("select max(number) from revision") == [(1,)]


def test_several_recommendations_are_told_apart(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5)
    for concept in ("people", "man"):
        plant(lab, proven(target=0.95, accept=0.95), concept)
    labels = buttons(table_of(lab))
    assert labels[0] == "people: use 0.85"
    assert "man: Keep 0.95" in labels


def test_a_new_target_waits_to_be_weighed(lab: Lab) -> None:
    with_evidence(lab, proven())
    cut(lab, "people target 95%")
    said = cut(lab, "")
    assert "being weighed against your new target of 95%" in said
    assert buttons(table_of(lab)) == ["Change in a form"]


def test_the_form_asks_for_the_target_and_shows_what_is_proven(lab: Lab) -> None:
    with_evidence(lab, proven())
    view = str(lab.open_form("form", command="/annotate-thresholds"))
    assert "I can accept from 0.85 up" in view
    assert "of 100 labels shall be right" in view
    assert "target-0" in lab.send_form(target_0="20")
    assert lab.send_form(target_0="97.5", accept_0="0.9") == {}
    last = str(lab.form())
    assert "target 90% → 97.5%" in last
    assert "people is not proven" in last
    lab.send_form()
    lab.settle_down()
    assert "target 97.5%" in cut(lab, "")


def test_everybody_may_look_and_only_few_may_change(lab: Lab) -> None:
    with_evidence(lab, proven())
    assert "I can accept from 0.85 up" in cut(lab, "", by=lab.mia)
    cut(lab, "people target 95%", by=lab.mia)
    lab.settle_down()
    assert "workspace admin" in lab.whispers(lab.mia)[-1]
    assert "people: target" in cut(lab, "history", by=lab.mia)


def test_a_band_without_checks_is_said_plainly(lab: Lab) -> None:
    proof = dataclasses.replace(proven(), at_accept=band(0.99, 0, 0, 0.0))
    with_evidence(lab, proof)
    assert "accepts 50% of the predictions; no checks there yet" in cut(lab, "")
