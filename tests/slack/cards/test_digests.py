"""What a digest says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.digests import DigestFigures, Proven, SecondLooks, Worst
from bot.domain.projects import ProjectState
from bot.domain.views import (
    DigestView,
    stop_offers,
)
from bot.slack.cards import draw
from tests.slack.cards.limits import buttons
from tests.slack.cards.reading import everything, pressable

AT = dt.datetime(2026, 5, 3, 7, 0, tzinfo=dt.UTC)


DIGEST = DigestView(
    DigestFigures(
        uploaded=12,
        labelled=5,
        pending=15,
        approved=4,
        rejected=2,
        not_sure=1,
        waiting=3,
        parked=2,
        oldest_waiting=AT,
        worst=Worst("man", 1, 5),
        checked=6,
        for_people=15,
    ),
    AT - dt.timedelta(days=1),
    AT,
    ProjectState.LIVE,
    local_date=AT.date(),
)


def test_a_digest_is_figures_with_their_units() -> None:
    drawn = everything(draw(DIGEST))
    for line in (
        "*Digest of 3 May*",
        "Uploaded: 12 images",
        "Labelled automatically: 5 labels",
        "Reviewed: 4 approved, 2 rejected, 1 not sure",
        "Waiting for people: 3 questions, the oldest since <!date^1777791600^",
        "2 questions set aside because nobody was sure",
        "man: 1 of 5 was wrong",
        "3 in 4 of the model's suggestions still needed a person (75%, checks included)",
    ):
        assert line in drawn


def test_a_digest_names_no_people() -> None:
    assert "<@" not in everything(draw(DIGEST))


def test_a_digest_that_somebody_asked_for_is_no_days() -> None:
    assert "*Digest so far*" in everything(draw(replace(DIGEST, local_date=None)))


def test_a_late_digest_says_so_and_which_were_missed() -> None:
    missed = (dt.date(2026, 5, 1), dt.date(2026, 5, 2))
    drawn = everything(draw(replace(DIGEST, late=True, missed=missed, state=ProjectState.PAUSED)))
    assert "This digest comes late." in drawn
    assert "There was no digest on 1 May, 2 May." in drawn
    assert "This channel is paused" in drawn


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        (None, "Checked automatic labels: 6, none was wrong"),
        (Worst("man", 0, 5), "Checked automatic labels: 6, none was wrong"),
        (Worst("man", 2, 5), "man: 2 of 5 were wrong"),
    ],
)
def test_a_digest_says_how_right_the_automatic_labels_were(worst: Worst | None, said: str) -> None:
    assert said in everything(draw(replace(DIGEST, figures=replace(DIGEST.figures, worst=worst))))


WEIGHED = replace(
    DIGEST.figures,
    doubtful=Worst("people", 3, 9),
    proven=(
        Proven("people", at_least=0.957, checks=412),
        Proven("man", checks=41, needed=97),
        Proven("adult", checks=200),
        Proven("woman", is_off=True),
        Proven("dog"),
        Proven("cat", checks=120, recommended=0.6302),
    ),
    second_looks=SecondLooks(10, 8, 1),
    alarms=("cat", "dog"),
)


def test_a_digest_says_what_is_proven_how_people_agree_and_what_was_switched_off() -> None:
    drawn = everything(draw(replace(DIGEST, figures=WEIGHED)))
    for line in (
        "Worst is man: 1 of 5 was wrong",
        "Also bad is people: 3 of 9 were wrong",
        "people: proven, at least 95% right (95% sure)",
        "man: not proven yet, 41 of about 97 checks",
        "adult: not proven after 200 checks, too much is wrong",
        "woman: off, nothing is accepted automatically",
        "dog: not proven, no checks yet",
        "cat: not proven where it is now; 0.6302 is",
        "Second looks so far: 8 of 10 agreed with the first answer; of 9 rejections with a clear second answer",
        "89% were confirmed",
        "Switched off because checks went bad: cat, dog",
    ):
        assert line in drawn


def test_a_bad_number_has_a_button_beside_it_that_asks_first() -> None:
    drawn = draw(replace(DIGEST, figures=WEIGHED, offers=stop_offers(WEIGHED)))
    assert pressable(drawn) == [("Stop trusting people", "line:0", "/annotate-thresholds people off")]
    [stop] = buttons(drawn)
    assert stop["confirm"]["confirm"]["text"] == "Stop trusting people"
    assert stop_offers(DIGEST.figures) == ()


def test_a_digest_from_before_checks_were_counted_says_so() -> None:
    old = replace(DIGEST, figures=replace(DIGEST.figures, for_people=None, pending=5))
    assert "1 in 2 of the model's suggestions still needed a person (50%, checks not counted)" in everything(draw(old))


def test_a_digest_without_checks_claims_nothing_about_them() -> None:
    assert "Checked" not in everything(draw(replace(DIGEST, figures=DigestFigures(uploaded=1))))
