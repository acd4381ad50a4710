"""The curve of a concept: a picture that follows the table once there is evidence, with its words beside it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.journeys.evidence import answered, frozen
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

FOLLOWS = "The curve follows."


def thresholds(lab: Lab, text: str = "", by: str = "") -> str:
    return lab.say(text, by, command="/annotate-thresholds")


def with_evidence(lab: Lab, checks: int = 400) -> None:
    """Of so many checks at or above 0.5 every fiftieth was wrong; below 0.5 half of them were."""
    lab.set_up("people")
    lab.card_of(people=0.6)
    lab.press(lab.cards()[-1], "Approve")
    values = [0.3 + 0.69 * n / checks for n in range(checks)]
    right = [n % 2 == 0 if value < 0.5 else n % 50 != 0 for n, value in enumerate(values)]
    answered(lab, "people", values, ["approve" if yes else "reject" for yes in right])


def notes(lab: Lab, by: str = "") -> list[dict[str, Any]]:
    """The notes with curves that somebody got."""
    told = lab.workspace.ephemerals(by or lab.dana, lab.channel)
    return [note for note in told if "by the share it would accept" in note["text"]]


def images(note: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in note["blocks"] if block["type"] == "image"]


def test_without_evidence_the_table_stands_alone(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.6)
    assert FOLLOWS not in thresholds(lab)
    lab.settle_down()
    assert notes(lab) == []


def test_with_twenty_checks_the_table_comes_at_once_and_the_curve_in_a_note_of_its_own(lab: Lab) -> None:
    with_evidence(lab)
    told = thresholds(lab, by=lab.omar)
    assert "accept 0.95" in told
    assert FOLLOWS in told
    assert notes(lab, lab.omar) == []
    lab.settle_down()
    [note] = notes(lab, lab.omar)
    [image] = images(note)
    assert image["alt_text"].startswith("Curve of people, from 401 checks. Best guess")
    assert "Now 0.95:" in image["alt_text"]
    assert "Target: 95% right." in note["text"] + str(note["blocks"])
    assert notes(lab) == []  # nobody else sees it
    data = lab.parts.chat.download(lab.parts.chat.file(image["slack_file"]["id"]), limit=10**6)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1080, 1080))


def test_the_recommended_threshold_is_marked_exactly_as_it_was_tested(lab: Lab) -> None:
    with_evidence(lab, 40)
    grid = [0.98 - 0.02 * n for n in range(20)]
    frozen(lab, "people", grid, certified=[grid[3]])
    thresholds(lab)
    lab.settle_down()
    [image] = images(notes(lab)[-1])
    assert "Recommended 0.92:" in image["alt_text"]


def test_a_concept_that_is_off_has_a_curve_without_a_now(lab: Lab) -> None:
    with_evidence(lab)
    thresholds(lab, "people off")
    lab.settle_down()
    thresholds(lab)
    lab.settle_down()
    [image] = images(notes(lab)[-1])
    assert "Now off: nothing is accepted." in image["alt_text"]
    assert "Nothing is proven yet." in image["alt_text"]


def test_answers_behind_an_open_question_wait_until_it_is_answered(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.6)
    answered(lab, "people", [0.9] * 30, ["approve"] * 30)
    lab.sql("update review set created_at = created_at + interval '1 day' where annotation_id like 'planted%'")
    thresholds(lab, "=curve people")
    lab.settle_down()
    assert "There is no curve yet: it takes 20 checks" in lab.whispers(lab.dana)[-1]
    lab.press(lab.cards()[-1], "Approve")
    thresholds(lab, "=curve people")
    lab.settle_down()
    assert images(notes(lab)[-1])


def test_a_crash_after_the_upload_draws_it_again_and_tells_it_once(database_url: str) -> None:
    with open_lab(database_url) as lab:
        with_evidence(lab)
        thresholds(lab)
        lab.run("finish_commands")
        lab.sql("update command set state = 'waiting', not_before = null where text = '=curve'")
        lab.sql("delete from note")  # neither the answer nor its record outlived the crash
        lab.restart()
        lab.settle_down()
        [note] = notes(lab)
        assert images(note)


def test_where_slack_takes_no_picture_the_words_stand_alone(lab: Lab) -> None:
    with_evidence(lab)
    thresholds(lab)
    lab.workspace.faults.fail("files.getUploadURLExternal", "invalid_arguments")
    lab.settle_down()
    [note] = notes(lab)
    assert images(note) == []
    assert "Curve of people, from 401 checks." in str(note["blocks"])


def test_the_fourth_concept_is_drawn_at_a_press(lab: Lab) -> None:
    lab.set_up("people man adult woman")
    lab.card_of(people=0.6, man=0.6, adult=0.6, woman=0.6)
    lab.press(lab.cards()[-1], "Approve all")
    for concept in ("people", "man", "adult", "woman"):
        answered(lab, concept, [0.5 + n / 100 for n in range(25)], ["approve"] * 25)
    thresholds(lab)
    lab.settle_down()
    [note] = notes(lab)
    assert len(images(note)) == 3
    lab.press(note, "Curve of woman", by=lab.dana)
    lab.settle_down()
    [image] = images(notes(lab)[-1])
    assert image["alt_text"].startswith("Curve of woman")
