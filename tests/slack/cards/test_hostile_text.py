"""Whatever people type, a message stays within Slack's limits and says nothing on anybody's behalf."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.addresses import LineOutcome
from bot.domain.digests import DigestFigures, Proven, SecondLooks, Worst
from bot.domain.forms import ReviewForm
from bot.domain.projects import ProjectState
from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.domain.second_looks import LookState
from bot.domain.thresholds import NO_FLOOR, OFF, ConceptThreshold
from bot.domain.uploads import Outcome, PictureOutcome
from bot.domain.views import (
    AnnouncementView,
    AnsweredView,
    CardReview,
    CardView,
    ChecklistStep,
    ChecklistView,
    DigestView,
    HomeView,
    KnownAgain,
    ListView,
    NoteView,
    Offer,
    QueueView,
    SecondLookView,
    ShownPicture,
    StepState,
    UploadView,
    View,
    WaitingView,
)
from bot.sandbox.slack.blockkit import message_problems, view_problems
from bot.slack.cards import draw, facts_table, home, thresholds_table
from bot.slack.cards.drawing import DRAWN_BY
from bot.slack.forms import draw_form
from tests.slack.cards.limits import check, check_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTACKS = (
    "<!channel>",
    "<!here|x>",
    "<@U0DANA001>",
    "<#C0LABELS01|labels>",
    "<https://evil.example|your bank>",
    "<mailto:a@b.c>",
    "<!date^1^{date}|x>",
    "&lt;!channel&gt;",
    "&amp;<",
    "*_~`>",
    "> quoted\n> again",
    "line\nbreak\r\n\u2028\x00\x1b[31m",
    "gpj.\u202eexe",
    "\ud800",
    "",
    "   ",
)
text = st.one_of(st.sampled_from(ATTACKS), st.text(max_size=60), st.text(alphabet="<>&!@|U0", max_size=5000))
lines = st.lists(text, max_size=8).map(tuple)
ids = st.one_of(st.just("U0DANA001"), text)
moments = st.datetimes(
    min_value=dt.datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2035, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(dt.UTC),
)
values = st.floats(0, 1)
counts = st.integers(0, 10**7)
cuts = st.builds(
    ConceptThreshold, text, accept=st.one_of(values, st.just(OFF)), floor=st.one_of(values, st.just(NO_FLOOR))
)
rows = st.lists(st.tuples(text, cuts), max_size=60)

reviews = st.lists(
    st.builds(
        CardReview,
        id=st.integers(1, 10**9),
        concept=text,
        kind=st.sampled_from(ReviewKind),
        state=st.sampled_from(ReviewState),
        value=values,
        accept=st.one_of(values, st.just(OFF)),
        verdict=st.one_of(st.none(), st.sampled_from(Verdict)),
        decided_by=ids,
        decided_at=st.one_of(st.none(), moments),
        doubted_by=ids,
        first_by=ids,
    ),
    max_size=60,
    unique_by=lambda r: r.id,
).map(tuple)
file_ids = st.one_of(st.just("F0123456789"), text)
cards = st.builds(
    CardView, st.just("in0123"), text, ids, text, file_ids, reviews, closed_reason=text, write_problem=text
)
second_looks = st.builds(
    SecondLookView,
    st.integers(1, 10**9),
    text,
    text,
    ids,
    file_ids,
    st.sampled_from(LookState),
    st.one_of(st.none(), st.sampled_from(Verdict)),
    ids,
    ids,
    st.one_of(st.none(), moments),
    ids,
    text,
)
verdicts = st.lists(st.tuples(text, st.booleans(), ids), max_size=5).map(tuple)
uploads = st.builds(
    UploadView,
    st.lists(
        st.builds(PictureOutcome, text, st.sampled_from(Outcome), lines, text, lines, st.booleans()), max_size=30
    ).map(tuple),
    st.sampled_from(ProjectState),
    st.lists(st.builds(KnownAgain, text, st.dates(), verdicts), max_size=5).map(tuple),
)
checklists = st.builds(
    ChecklistView,
    st.sampled_from(ProjectState),
    ids,
    st.lists(st.builds(ChecklistStep, text, st.sampled_from(StepState), text), max_size=15).map(tuple),
    rows.map(tuple),
    text,
    counts,
)
offers = st.lists(st.builds(Offer, text, text, confirm=text), max_size=6, unique_by=lambda o: o.text).map(tuple)
worst = st.builds(Worst, text, counts, counts)
figures = st.builds(
    DigestFigures,
    *[counts] * 8,
    oldest_waiting=st.one_of(st.none(), moments),
    worst=st.one_of(st.none(), worst),
    checked=counts,
    for_people=st.one_of(st.none(), counts),
    doubtful=st.one_of(st.none(), worst),
    proven=st.lists(
        st.builds(Proven, text, st.booleans(), st.one_of(st.none(), values), counts, st.one_of(st.none(), counts)),
        max_size=60,
    ).map(tuple),
    second_looks=st.one_of(st.none(), st.builds(SecondLooks, counts, counts, counts)),
    alarms=lines,
)
dates = st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1))
digests = st.builds(
    DigestView,
    figures,
    moments,
    moments,
    st.sampled_from(ProjectState),
    st.one_of(st.none(), dates),
    st.booleans(),
    st.lists(dates, max_size=30).map(tuple),
    offers=offers,
)
channels = st.one_of(st.just("C0LABELS01"), text)
queues = st.builds(QueueView, channels, st.sampled_from(ProjectState), counts, counts, st.one_of(st.none(), moments))
answered = st.builds(
    AnsweredView,
    channels,
    text,
    text,
    st.lists(st.tuples(text, st.sampled_from(Verdict)), max_size=30).map(tuple),
    moments,
)
homes = st.builds(
    HomeView,
    st.lists(queues, max_size=30, unique_by=lambda q: q.channel_id[:100]).map(tuple),
    st.just("C0LABELS01"),
    st.one_of(st.none(), cards),
    st.lists(answered, max_size=8, unique_by=lambda a: a.input_id[:100]).map(tuple),
    lines,
    st.booleans(),
)
sessions = st.builds(ReviewForm, cards, st.integers(1, 10**6), counts, lines)
offers = st.lists(st.builds(Offer, text, text, confirm=text), max_size=6, unique_by=lambda o: o.text).map(tuple)
shown_examples = st.lists(st.tuples(text, st.just("https://a.slack.com/archives/C1/p1")), max_size=3).map(tuple)
announcements = st.builds(AnnouncementView, lines, ids, counts, offers=offers, examples=shown_examples)
lists = st.builds(
    ListView,
    text,
    st.sampled_from(ProjectState),
    st.dictionaries(st.sampled_from(LineOutcome), counts),
    refused=text,
    first_reasons=st.lists(st.tuples(counts, text), max_size=3).map(tuple),
    has_file=st.booleans(),
)
pictures = st.lists(st.builds(ShownPicture, text, lines, file_ids, text), max_size=12).map(tuple)
notes = st.builds(NoteView, lines, pictures, offers)
EVERY: Mapping[type, st.SearchStrategy[Any]] = {
    CardView: cards,
    SecondLookView: second_looks,
    UploadView: uploads,
    ListView: lists,
    ChecklistView: checklists,
    DigestView: digests,
    AnnouncementView: announcements,
    WaitingView: st.builds(WaitingView, counts),
    NoteView: notes,
}


def test_every_view_that_can_be_drawn_is_looked_at_here() -> None:
    assert set(EVERY) == set(DRAWN_BY) == {*get_args(View), NoteView}


@settings(deadline=None)  # a busy machine is no fault of the text
@given(st.one_of(*EVERY.values()))
def test_no_message_breaks_a_limit_or_lets_foreign_text_speak(view: View | NoteView) -> None:
    drawn = draw(view)
    check(drawn)
    assert message_problems(drawn.blocks, lambda _: True) == []
    assert drawn.text.strip()
    assert all(block["alt_text"].strip() for block in drawn.blocks if block["type"] == "image")


@settings(deadline=None)
@given(rows)
def test_no_table_of_thresholds_does(table: list[tuple[str, ConceptThreshold]]) -> None:
    check(thresholds_table(table))


@settings(deadline=None)
@given(text, st.lists(st.tuples(text, text), max_size=40))
def test_no_table_of_facts_does(title: str, facts: list[tuple[str, str]]) -> None:
    check(facts_table(title, facts))


@settings(deadline=None)
@given(homes)
def test_no_home_tab_does(view: HomeView) -> None:
    drawn = home(view)
    assert view_problems(drawn, lambda _: True, surface="home") == []
    check_texts(drawn["blocks"])


@settings(deadline=None)
@given(sessions)
def test_no_review_session_does(view: ReviewForm) -> None:
    drawn = draw_form("f1", view)
    assert view_problems(drawn, lambda _: True, surface="modal") == []
    check_texts(drawn["blocks"])


@settings(deadline=None)
@given(cards)
def test_a_card_pings_nobody_but_those_who_answered(view: CardView) -> None:
    drawn = draw(view)
    said = {p for r in view.reviews for p in (r.decided_by, r.doubted_by, r.first_by)}
    mentioned = {
        part.split(">")[0]
        for block in drawn.blocks
        if block["type"] == "section"
        for part in block["text"]["text"].split("<@")[1:]
    }
    assert mentioned <= said
