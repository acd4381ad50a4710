"""Everything the bot says besides cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.addresses import LineOutcome
from bot.domain.projects import ProjectState
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.domain.uploads import Outcome, PictureOutcome
from bot.domain.views import (
    AnnouncementView,
    ChecklistStep,
    ChecklistView,
    KnownAgain,
    ListView,
    NoteView,
    StepState,
    UploadView,
    WaitingView,
    at,
)
from bot.slack.cards import draw, facts_table, thresholds_table
from tests.slack.cards.limits import check
from tests.slack.cards.reading import everything, pressable

AT = dt.datetime(2026, 5, 3, 7, 0, tzinfo=dt.UTC)


READY = ChecklistView(
    ProjectState.READY,
    "U0DANA001",
    (
        ChecklistStep("Concepts", StepState.DONE, "people, man, adult"),
        ChecklistStep("Workflow", StepState.DONE),
    ),
    (("people", ConceptThreshold("people")), ("man", ConceptThreshold("man", OFF))),
    found="no default workflow, 3 inputs",
)


def test_a_finished_checklist_offers_to_try_and_to_go_live() -> None:
    drawn = draw(READY)
    assert "*Ready, not live*" in everything(drawn)
    assert pressable(drawn) == [("Try it", "try-it", ""), ("Go live", "go-live", "")]
    assert drawn.text == "Ready, not live: 2 of 2 steps done"


def test_a_checklist_says_each_state_in_words() -> None:
    steps = tuple(ChecklistStep(s.value, s, "because") for s in StepState)
    drawn = everything(draw(replace(READY, state=ProjectState.SETTING_UP, steps=steps)))
    for words in ("done", "working", "to do", "stopped"):
        assert f" {words} \u00b7 " in drawn
    assert "The set-up of this channel has stopped" in drawn


def test_a_checklist_says_what_was_there_and_where_the_cuts_lie() -> None:
    drawn = everything(draw(READY))
    assert "In the app before: no default workflow, 3 inputs" in drawn
    assert "*people*: 0.95 and up is labelled, 0.20 to 0.95 is brought to people, less is left out" in drawn
    assert "*man*: off, 0.20 and up is brought to people, less is left out" in drawn


def test_once_live_the_checklist_says_so_and_offers_what_is_older() -> None:
    drawn = draw(replace(READY, state=ProjectState.LIVE, older_pending=3))
    assert "*This channel is live*" in everything(drawn)
    assert pressable(drawn) == [("Bring in 3 older ones", "bring-older", "")]


def test_a_running_set_up_has_no_buttons() -> None:
    assert pressable(draw(replace(READY, state=ProjectState.SETTING_UP, older_pending=3))) == []


def test_an_upload_is_answered_with_its_counts() -> None:
    pictures = (
        PictureOutcome("a.png", Outcome.LABELLED, labels=("people",)),
        PictureOutcome("b.png", Outcome.TO_REVIEW),
        PictureOutcome("notes.svg", Outcome.SKIPPED, reason="is not a photograph"),
    )
    drawn = draw(UploadView(pictures, ProjectState.LIVE))
    assert drawn.text == "3 images: 1 labelled (people), 1 to review, 1 skipped: notes.svg is not a photograph."
    assert len(drawn.blocks) == 1


def test_before_going_live_an_upload_is_kept_and_tells_what_would_happen() -> None:
    kept = PictureOutcome("a.png", Outcome.KEPT, expected=("people would be labelled", "man would be asked"))
    drawn = everything(draw(UploadView((kept,), ProjectState.READY)))
    assert "This channel is not live yet" in drawn
    assert "Once live, a.png: people would be labelled; man would be asked" in drawn


def test_during_a_pause_an_upload_is_kept_for_later() -> None:
    kept = PictureOutcome("a.png", Outcome.KEPT)
    assert "This channel is paused" in everything(draw(UploadView((kept,), ProjectState.PAUSED)))


@pytest.mark.parametrize(("done", "said"), [(0, None), (1, "Reviewed: 1 of 2"), (2, "Reviewed: all 2")])
def test_an_upload_follows_what_people_reviewed(done: int, said: str | None) -> None:
    pictures = tuple(PictureOutcome(f"{n}.png", Outcome.TO_REVIEW, reviewed=n < done) for n in range(2))
    drawn = everything(draw(UploadView(pictures, ProjectState.LIVE)))
    assert (said in drawn) if said else ("Reviewed" not in drawn)


def test_a_picture_known_again_says_what_was_decided() -> None:
    known = KnownAgain("cat.png", dt.date(2026, 5, 3), (("people", True, "U0DANA001"), ("man", False, "U0OMAR001")))
    drawn = everything(draw(UploadView((), ProjectState.LIVE, (known,))))
    assert "seen on 3 May: people, approved by <@U0DANA001>; man, rejected by <@U0OMAR001>" in drawn


def test_an_announcement_names_who_did_it_and_can_be_undone() -> None:
    drawn = draw(AnnouncementView(("people: accept 0.95 -> 0.90", "3 waiting stay."), "U0DANA001", 4))
    assert "people: accept 0.95 -&gt; 0.90" in everything(drawn)
    assert "By <@U0DANA001>" in everything(drawn)
    assert pressable(drawn) == [("Undo", "undo-thresholds", "4")]


def test_an_announcement_of_the_bots_own_has_no_button() -> None:
    assert pressable(draw(AnnouncementView(("Clarifai is back.",)))) == []


def test_a_note_is_its_lines() -> None:
    drawn = draw(NoteView(("One.", "Only <@U0DANA001> may.")))
    assert drawn.blocks[0]["text"]["text"] == "One.\nOnly <@U0DANA001> may."
    assert drawn.text == "One. Only <@U0DANA001> may."


def test_a_time_in_a_note_is_shown_in_each_readers_zone() -> None:
    drawn = draw(NoteView((f"Seen: {at(AT)}.", "<2026-02-31T10:00:00+00:00>")))
    assert "Seen: <!date^1777791600^{date_short_pretty} {time}|03 May 2026 07:00 UTC>." in everything(drawn)
    assert "&lt;2026-02-31T10:00:00+00:00&gt;" in everything(drawn)


def test_a_list_of_addresses_is_answered_with_its_counts_and_first_reasons() -> None:
    counts = {LineOutcome.SKIPPED: 1200, LineOutcome.TO_REVIEW: 1}
    view = ListView("<!channel>.csv", ProjectState.LIVE, counts, first_reasons=((7, "has no address"),))
    drawn = draw(view)
    assert drawn.text == "&lt;!channel&gt;.csv, 1,201 lines: 1 to review, 1,200 skipped."
    assert "Line 7 has no address" in everything(drawn)
    assert "follows as a file" in everything(drawn)
    assert "stands in the file" in everything(draw(replace(view, has_file=True)))


def test_a_list_that_is_being_read_or_was_refused_says_so() -> None:
    view = ListView("photos.csv", ProjectState.LIVE, {})
    assert draw(view).text == "photos.csv: being read."
    refused = draw(replace(view, refused="has no lines below its header"))
    assert refused.text == "photos.csv was not taken in: it has no lines below its header."


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "No more cards are waiting"), (12, "12 more waiting"), (1000, "1,000 more"), (1001, "Over 1,000 more")],
)
def test_the_line_of_what_waits(count: int, said: str) -> None:
    drawn = draw(WaitingView(count))
    assert said in everything(drawn)
    offered = [("Open review session", "line:0", "/annotate review")]
    assert pressable(drawn) == (offered if count else [])


def test_a_blank_line_of_a_note_stays_one() -> None:
    assert draw(NoteView(("One.", "", "Two."))).blocks[0]["text"]["text"] == "One.\n\nTwo."
    assert everything(draw(NoteView(("", " "))))


def test_a_long_note_spreads_over_several_sections() -> None:
    drawn = draw(NoteView(tuple("word " * 200 for _ in range(10))))
    check(drawn)
    assert len(drawn.blocks) > 1


def test_a_note_that_is_far_too_long_says_how_much_is_left_out() -> None:
    drawn = draw(NoteView(tuple("word " * 200 for _ in range(100))))
    assert everything(drawn).endswith("more")


def test_the_table_of_thresholds_shows_how_to_change_one() -> None:
    drawn = everything(thresholds_table(READY.cuts))
    assert "*people*: 0.95 and up is labelled" in drawn
    assert "/annotate-thresholds people 0.9" in drawn
    assert "No concepts yet" in everything(thresholds_table([]))


@pytest.mark.parametrize(
    ("cuts", "said"),
    [
        (ConceptThreshold("x", 0.9, NO_FLOOR), "0.90 and up is labelled, everything else is brought to people"),
        (ConceptThreshold("x", OFF, NO_FLOOR), "off, everything is brought to people"),
    ],
)
def test_without_a_floor_nothing_is_left_out(cuts: ConceptThreshold, said: str) -> None:
    assert f"*x*: {said}\n" in everything(thresholds_table([("x", cuts), ("x", cuts)]))


def test_a_table_of_facts_has_a_line_each() -> None:
    drawn = everything(facts_table("Status", [("Queue", "3 waiting"), ("Health", "")]))
    assert "*Queue*: 3 waiting\n*Health*: none" in drawn
