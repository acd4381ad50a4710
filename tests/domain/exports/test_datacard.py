"""The data card counts what the file holds, and foreign text stays text in it."""

from __future__ import annotations

from bot.domain.exports import Background, Change, Checked, People, Tally, Told, Versions, data_card, picture_of
from bot.domain.thresholds import OFF, ConceptThreshold
from tests.domain.exports.facts import AT, answered, automatic, told


def card(*pictures: list[Told], concept: str = "people", changes: int = 1) -> str:
    tally = Tally()
    for facts in pictures:
        tally.see(picture_of(facts, "general"))
    background = Background(
        app_id="team",
        channel_id="C1",
        live_since=AT,
        concepts=[("people", concept), ("man", "man")],
        versions=Versions("general", "v1", "annotate-mapper", "m1", "annotate-bot"),
        cuts=[ConceptThreshold("people", 0.95, 0.2), ConceptThreshold("man", OFF, 0.2)],
        changes=[Change(n, AT, "people: accept 0.95 → 0.90", n == changes) for n in range(changes, 0, -1)],
        people=People(2, 3, 1, 0, 1),
        checked={"people": Checked(40, 2, 0.951)},
        pictures_held=10,
        files_skipped=3,
    )
    return data_card("labels-team.jsonl", background, tally, AT)


def test_it_counts_by_concept_split_and_source() -> None:
    made = card([answered("approve")], [told(input_id="in2")], [automatic(input_id="in4")])
    assert "3 lines about 3 pictures, made 2026-05-04 10:00 UTC" in made
    counted = next(line for line in made.splitlines() if line.startswith("| people |"))
    assert counted.count("/") == 6
    assert counted.endswith("| 1 | 1 | 0 |")
    assert "1 wait for people" in made
    assert "7 pictures have no line at all; 3 files were skipped" in made


def test_it_says_how_right_and_what_is_unknown() -> None:
    made = card()
    assert "| people | 40 | 2 | 95.1% |" in made
    assert "| man | 0 | 0 | unknown |" in made


def test_it_names_thresholds_and_versions() -> None:
    made = card(changes=60)
    assert "| man | off | 0.20 |" in made
    assert "* 60, 2026-05-04 10:00 UTC: people: accept 0.95 → 0.90 (in force)" in made
    assert "and 10 older ones" in made
    assert "version in force m1" in made


def test_foreign_text_is_no_markup() -> None:
    made = card(concept="a|b <script> [x](http://evil) `c` <!channel>\n# head")
    assert "\n# head" not in made
    assert "| a\\|b \\<script\\> \\[x\\]\\(http://evil\\) \\`c\\` \\<\\!channel\\> \\# head |" in made
