"""The team hears of itself once a day, at its own hour, and whenever somebody asks."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from bot.domain.proofs import Proof
from bot.domain.thresholds import Band, Need
from tests.journeys.digests import SECOND, at, digests, shown
from tests.journeys.evidence import answered, second_looks
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_it_comes_at_nine_where_the_person_who_set_up_lives_and_once(lab: Lab) -> None:
    lab.set_up("people")  # on 4 May at 12:00 in Berlin
    lab.card_of(people=0.5)
    at(lab, "2026-05-05T06:59:00")
    assert digests(lab) == []
    for minute in ("07:00:05", "07:00:15", "09:00:00", "21:00:00"):
        at(lab, f"2026-05-05T{minute}")
    [message] = digests(lab)
    assert "Digest of 5 May" in shown(message)
    assert "comes late" not in shown(message)
    at(lab, "2026-05-06T07:00:05")
    assert len(digests(lab)) == 2  # something waits still


def test_it_counts_what_happened_and_names_the_worst_concept(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.97)
    lab.card_of(people=0.6)
    lab.card_of(people=0.7)
    first, second, third = lab.cards()
    lab.press(first, "Approve people")
    lab.press(first, "Reject man")
    lab.press(second, "Reject")
    lab.press(third, "Not sure", by=lab.omar)
    lab.press(third, "Not sure", by=lab.mia)
    lab.card_of(man=0.96)
    lab.settle_down()
    at(lab, "2026-05-05T07:00:05")
    said = shown(digests(lab)[-1])
    assert "Uploaded: 4 images" in said
    assert "Labelled automatically: 2 labels" in said
    assert "Reviewed: 1 approved, 2 rejected, 1 not sure" in said
    assert "Waiting for people: 1 question" in said
    assert "the oldest since" in said
    assert "man: 1 of 1 was wrong" in said
    assert "All of the model's suggestions still needed a person (100%, checks included)" in said
    for name in ("omar", "mia", lab.omar, lab.mia):
        assert name not in said


def test_it_says_what_is_proven_how_people_agree_and_how_many_needed_a_person(lab: Lab) -> None:
    lab.set_up("people man adult")
    lab.card_of(people=0.5, man=0.97, adult=0.6)
    lab.say("adult off", command="/annotate-thresholds")
    lab.settle_down()
    need = Need(0.9, 41, 56, 56, 0.5, refuted=False)
    band = Band(0.95, 400, 3, 0.99, 0.962, 0.95, 0.998)
    known(lab, "people", Proof(0.95, 0.95, 900, 500, (0.95,), band, need=need))
    known(lab, "man", Proof(0.95, 0.95, 900, 500, (), band, need=need))
    answered(lab, "man", [0.97] * 8, ["approve"] * 4 + ["reject"] * 4)
    second_looks(lab, lab.omar, ["reject", "reject", "approve", "unsure"])
    lab.sql("update review set state = 'unchecked' where annotation_id like 'planted%' and verdict = 'approve'")
    at(lab, "2026-05-05T07:00:05")
    said = shown(digests(lab)[-1])
    assert "people: proven, at least 96% right (95% sure)" in said
    assert "man: not proven yet, 41 of about 97 checks" in said
    assert "adult: off" in said
    assert "2 of 4 agreed with the first answer; of 3 rejections with a clear second answer 67% were confirmed" in said
    assert "still needed a person (64%, checks included)" in said  # 7 of 11


def test_a_bad_number_has_a_button_that_stops_the_concept_for_those_who_may(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.97)
    answered(lab, "man", [0.97] * 6, ["approve"] * 3 + ["reject"] * 3)
    at(lab, "2026-05-05T07:00:05")
    [message] = digests(lab)
    assert "man: 3 of 6 were wrong" in shown(message)
    lab.press(message, "Stop trusting man", by=lab.omar)
    lab.settle_down()
    assert "or a workspace admin may" in lab.whispers(lab.omar)[-1]
    lab.press(message, "Stop trusting man", by=lab.dana)
    lab.settle_down()
    assert "man: accept off" in lab.say("status")
    assert "off" in str(lab.messages("announcement")[-1]["blocks"])


def test_a_few_checks_are_no_bad_number(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.97)
    answered(lab, "man", [0.97] * 4, ["reject"] * 4)
    at(lab, "2026-05-05T07:00:05")
    assert "Stop trusting" not in str(digests(lab)[-1]["blocks"])


def test_in_another_channel_there_is_no_button_since_its_line_would_be_about_that_channel(lab: Lab) -> None:
    lab.workspace.join(SECOND)
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.97)
    answered(lab, "man", [0.97] * 6, ["reject"] * 6)
    lab.say("digest 09:00 Europe/Berlin #second")
    at(lab, "2026-05-05T07:00:05")
    [message] = digests(lab, SECOND)
    assert "man: 6 of 6 were wrong" in shown(message)
    assert "Stop trusting" not in str(message["blocks"])


def test_an_alarm_of_the_period_is_told_and_no_quiet_day(lab: Lab) -> None:
    lab.set_up("people man")
    lab.card_of(people=0.5, man=0.97)
    lab.press(lab.cards()[-1], "Approve all")
    lab.settle_down()
    at(lab, "2026-05-05T07:00:05")
    lab.sql("update ledger set ended_at = '2026-05-05T12:00Z', why_ended = 'alarm' where concept_id = 'man'")
    at(lab, "2026-05-06T07:00:05")
    assert len(digests(lab)) == 2
    assert "Switched off because checks went bad: man" in shown(digests(lab)[-1])


def test_a_digest_that_was_counted_before_reads_as_it_did(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    at(lab, "2026-05-05T07:00:05")
    lab.sql("update digest set figures = figures - '{for_people,doubtful,proven,second_looks,alarms}'::text[]")
    lab.sql("update post set wanted = wanted + 1 where kind = 'digest'")
    lab.settle_down()
    assert "(100%, checks not counted)" in shown(digests(lab)[-1])


def known(lab: Lab, concept: str, proof: Proof) -> None:
    """As if the evidence had been weighed with this outcome."""
    lab.sql(
        "update ledger set figures = cast(:f as jsonb), certified = cast(:c as jsonb), target = :t "
        "where concept_id = :concept and ended_at is null",
        concept=concept,
        f=json.dumps(proof.to_json()),
        c=json.dumps(list(proof.certified)),
        t=proof.target,
    )


def test_the_period_begins_where_the_one_before_ended(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    at(lab, "2026-05-05T07:00:05")
    lab.clock.now = dt.datetime(2026, 5, 5, 8, tzinfo=dt.UTC)
    lab.press(card, "Approve")
    lab.settle_down()
    at(lab, "2026-05-06T07:00:05")
    said = shown(digests(lab)[-1])
    assert "Uploaded: 0 images" in said
    assert "1 approved" in said
    assert "Waiting for people: 0 questions" in said


def test_a_quiet_day_is_silent_and_not_called_missed(lab: Lab) -> None:
    lab.set_up("people")
    for day in (5, 6, 7):
        at(lab, f"2026-05-{day:02}T07:00:05")
    assert digests(lab) == []
    lab.card_of(people=0.5)
    at(lab, "2026-05-08T07:00:05")
    [message] = digests(lab)
    assert "no digest on" not in shown(message)


@pytest.mark.fault(20)
def test_started_late_it_still_comes_and_says_so(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    at(lab, "2026-05-05T11:00:00")
    [message] = digests(lab)
    assert "comes late" in shown(message)


@pytest.mark.fault(20)
def test_missed_by_half_a_day_it_is_left_out_and_the_next_says_so(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    at(lab, "2026-05-05T07:00:05")
    at(lab, "2026-05-06T20:00:00")  # thirteen hours late
    assert len(digests(lab)) == 1
    at(lab, "2026-05-07T07:00:05")
    assert "no digest on 6 May" in shown(digests(lab)[-1])


@pytest.mark.parametrize(
    ("zone", "hour", "first", "last", "expected"),
    [
        ("Europe/Berlin", "02:30", "2027-03-26T12:00", "2027-03-29T12:00", 3),  # 02:30 does not exist on 28 March
        ("Europe/Berlin", "02:30", "2026-10-23T12:00", "2026-10-26T12:00", 3),  # 02:30 comes twice on 25 October
        ("Asia/Kathmandu", "00:00", "2026-06-01T12:00", "2026-06-04T12:00", 3),
        ("America/Sao_Paulo", "23:59", "2026-06-01T12:00", "2026-06-04T12:00", 3),
    ],
)
@pytest.mark.fault(19)
def test_each_local_date_has_exactly_one(lab: Lab, zone: str, hour: str, first: str, last: str, expected: int) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)  # waits throughout, so that no day is quiet
    moment, end = (dt.datetime.fromisoformat(t).replace(tzinfo=dt.UTC) for t in (first, last))
    lab.clock.now = moment
    lab.say(f"digest {hour} {zone}")
    lab.run("post_digests", "post_cards")
    before = len(digests(lab))
    while moment < end:
        moment += dt.timedelta(minutes=20)
        lab.clock.now = moment
        lab.run("post_digests", "post_cards")
    assert len(digests(lab)) - before == expected
    dates = [d for (d,) in lab.rows("select local_date from digest order by local_date")]
    assert len(set(dates)) == len(dates)


@pytest.mark.fault(18)
def test_two_bots_at_the_same_tick_post_one(database_url: str) -> None:
    with open_lab(database_url) as lab:
        lab.set_up("people")
        lab.card_of(people=0.5)
        lab.clock.now = dt.datetime(2026, 5, 5, 7, 0, 5, tzinfo=dt.UTC)
        first = lab.parts
        lab.restart()
        lab.run("post_digests")
        lab.parts = first
        lab.run("post_digests", "post_cards")
        assert len(digests(lab)) == 1
