"""Everything the bot says besides cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.addresses import LineOutcome
from bot.domain.digests import DigestFigures, Proven, SecondLooks, Worst
from bot.domain.projects import ProjectState
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.domain.uploads import Outcome, PictureOutcome
from bot.domain.views import (
    AnnouncementView,
    ChecklistStep,
    ChecklistView,
    DigestView,
    KnownAgain,
    ListView,
    NoteView,
    StepState,
    UploadView,
    WaitingView,
    at,
    stop_offers,
)
from bot.slack.cards import Message, draw, facts_table, thresholds_table
from tests.slack.cards.limits import buttons, check, mrkdwn_texts

AT = dt.datetime(2026, 5, 3, 7, 0, tzinfo=dt.UTC)


def everything(message: Message) -> str:
    check(message)
    return "\n".join(mrkdwn_texts(message))


def pressable(message: Message) -> list[tuple[str, str, str]]:
    return [(b["text"]["text"], b["action_id"], b.get("value", "")) for b in buttons(message)]


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
