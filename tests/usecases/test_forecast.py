"""What a dry run is told as."""

from __future__ import annotations

from bot.domain.annotations import Suggestion
from bot.domain.thresholds import ConceptThreshold, narrow
from bot.usecases.taking_uploads import forecast

NAMES = {"people": "people", "man": "man", "r-d": "R&D"}
CUTS = [ConceptThreshold(concept) for concept in NAMES]


def test_each_concept_says_where_it_would_go_the_surest_first() -> None:
    suggestions = [Suggestion("r-d", 0.1), Suggestion("people", 0.98), Suggestion("man", 0.5)]
    assert forecast(suggestions, CUTS, NAMES) == (
        "people 0.98: labelled",
        "man 0.50: to review",
        "R&D 0.10: discarded",
    )


def test_the_cut_off_the_wire_is_labelled() -> None:
    assert forecast([Suggestion("people", narrow(0.95))], CUTS, NAMES) == ("people 0.95: labelled",)


def test_what_is_off_goes_to_people() -> None:
    assert forecast([Suggestion("people", 1.0)], [CUTS[0].switched_off()], NAMES) == ("people 1.00: to review",)


def test_a_foreign_concept_is_left_out() -> None:
    assert forecast([Suggestion("zebra", 0.99)], CUTS, NAMES) == ("none of your concepts",)


def test_nothing_is_said_as_none_of_your_concepts() -> None:
    assert forecast([], CUTS, NAMES) == ("none of your concepts",)
