"""The model on probation: a rejected check corrects its label, and when checks go bad the model loses its say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.thresholds import OFF
from bot.sandbox.clarifai import Switches
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

WRONG = 4  # rejected in a row: enough for an alarm at a target of 95%
CUT = "select t.accept from cut t join project p on p.id = t.project_id and t.number = p.{} where t.concept_id = :c"


def accept(lab: Lab, concept: str = "people", *, wanted: bool = False) -> float:
    """The accept cut that the workflow runs, or the one that is to come."""
    [(cut,)] = lab.rows(CUT.format("revision" if wanted else "applied_revision"), c=concept)
    return float(cut)


def alarms(lab: Lab) -> list[dict[str, Any]]:
    return [m for m in lab.messages("announcement") if "is switched off" in m["text"]]


def ledgers(lab: Lab, concept: str = "people") -> list[str | None]:
    """Why each ledger ended, oldest first; None: it is open."""
    return [
        why if ended else None
        for why, ended in lab.rows(
            "select why_ended, ended_at is not null from ledger where concept_id = :c order by id", c=concept
        )
    ]


def picture(lab: Lab, **values: float) -> bytes:
    return lab.picture(shape=(64, 48), kind="PNG", **values)


def leave_unchecked(lab: Lab, name: str, **values: float) -> str:
    """Upload a picture whose labels the coin leaves alone; returns the message's ts."""
    ts = lab.upload((name, picture(lab, **values)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    lab.run("discover")
    lab.sql(
        "update review r set state = 'unchecked', lane = 'work', probability = 0.2, smallest = 0.2, coin = 0.9 "
        "from input i where i.id = r.input_id and i.name = :name",
        name=name,
    )
    lab.sql("delete from post o using input i where o.kind = 'card' and o.subject = i.id and i.name = :name", name=name)
    lab.settle_down()
    return ts


def asking(lab: Lab) -> list[dict[str, Any]]:
    return [card for card in lab.cards() if "Approve" in str(card["blocks"])]


def answer(lab: Lab, what: str, many: int, **values: float) -> None:
    """Have so many new pictures answered alike, by default such with an automatic label."""
    said = values or {"people": 0.97}
    lab.upload(*((f"{what.lower()} {n}.png", picture(lab, **said)) for n in range(many)))
    lab.settle_down()
    cards = asking(lab)
    assert len(cards) >= many
    for card in cards[-many:]:
        lab.press(card, what)
    lab.settle_down()


def reject(lab: Lab, many: int = WRONG, **values: float) -> None:
    answer(lab, "Reject", many, **values)


def approve(lab: Lab, many: int, **values: float) -> None:
    answer(lab, "Approve", many, **values)


def test_a_rejected_check_corrects_its_label_in_clarifai_and_one_is_no_alarm(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab, 1)
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]
    assert alarms(lab) == []


def test_when_checks_go_bad_the_concept_is_off_and_the_channel_is_told_why(lab: Lab) -> None:
    lab.set_up("people man")
    approve(lab, 2)
    reject(lab)
    [told] = alarms(lab)
    said = str(told["blocks"])
    assert "people is switched off" in told["text"]
    assert "checks were rejected, 1 in 20 is allowed" in said
    assert "Labels since <!date^" in said
    assert "Rejected last: <http" in said
    assert "|reject 3.png>" in said
    assert "`/annotate-thresholds people on`" in said
    assert "By <@" not in said
    assert len(lab.messages("announcement")) == 1
    assert (accept(lab), accept(lab, "man")) == (OFF, 0.95)
    assert (ledgers(lab), ledgers(lab, "man")) == (["alarm", None], [None])
    lab.card_of(people=0.99)
    assert lab.held()[-1] == ("ANNOTATION_PENDING", {"people": 0.99})


def test_the_record_says_that_the_bot_did_it_and_why(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab)
    assert "the bot: thresholds: people: accept 0.95 → off" in lab.say("history")
    assert "checks were rejected" in lab.say("history")


def test_labels_since_the_last_good_check_come_to_people_and_older_ones_do_not(lab: Lab) -> None:
    lab.set_up("people")
    leave_unchecked(lab, "before.png", people=0.98)
    approve(lab, 1)
    since = leave_unchecked(lab, "since.png", people=0.98)
    assert "people" in lab.answer_to(since)
    lab.clock.advance(minutes=1)
    reject(lab)
    assert "people" not in lab.answer_to(since)
    states = dict(lab.rows("select i.name, r.state from review r join input i on i.id = r.input_id"))
    assert (states["before.png"], states["since.png"]) == ("unchecked", "posted")
    assert "the 1 that nobody looked at come to people now" in str(alarms(lab)[0]["blocks"])
    [card] = asking(lab)
    lab.press(card, "Reject")
    lab.settle_down()
    assert lab.rows("select count(*) from review where lane = 'calibration' and ledger_id is null") == [(0,)]
    assert [status for status, _ in lab.held()].count("ANNOTATION_SUCCESS") == 2


def test_a_person_turns_it_on_again_and_the_guard_starts_afresh(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab)
    lab.say("people on", command="/annotate-thresholds")
    lab.settle_down()
    assert accept(lab) == 0.95
    reject(lab, WRONG - 1)
    assert len(alarms(lab)) == 1
    reject(lab, 1)
    assert len(alarms(lab)) == 2
    assert ledgers(lab) == ["alarm", "alarm", None]


def test_undo_under_the_alarm_turns_it_on_and_needs_somebody_who_may(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab)
    lab.press(alarms(lab)[0], "Undo", by=lab.mia)
    lab.settle_down()
    assert f"<@{lab.dana}>" in lab.whispers(lab.mia)[-1]
    assert accept(lab) == OFF
    lab.press(alarms(lab)[0], "Undo", by=lab.dana)
    lab.settle_down()
    assert accept(lab) == 0.95
    assert "off → 0.95" in lab.messages("announcement")[-1]["text"]
    assert ledgers(lab) == ["alarm", None]
    assert len(alarms(lab)) == 1


def test_rejected_suggestions_are_no_reason_for_an_alarm(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab, people=0.6)
    assert alarms(lab) == []
    assert accept(lab) == 0.95


def test_two_who_are_not_sure_count_as_rejected(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(*((f"{n}.png", lab.picture(people=0.97)) for n in range(WRONG)))
    lab.settle_down()
    for card in asking(lab):
        lab.press(card, "Not sure", by=lab.omar)
        lab.press(card, "Not sure", by=lab.mia)
    lab.settle_down()
    assert "rejected or left as not sure" in str(alarms(lab)[0]["blocks"])


def test_what_was_deleted_in_clarifai_is_no_reason_for_an_alarm(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(*((f"{n}.png", lab.picture(people=0.97)) for n in range(2 * WRONG)))
    lab.settle_down()
    lab.sql("update review set state = 'closed'")
    approve(lab, 1)
    assert alarms(lab) == []
    [(figures,)] = lab.rows("select figures from ledger")
    assert figures["guard"] == {"checks": 1, "rejected": 0, "is_warned": False}
    assert figures["at_accept"]["rejected"] == 2 * WRONG  # a proof stays on the safe side


def test_a_check_that_nobody_has_answered_yet_holds_the_guard_back(lab: Lab) -> None:
    lab.set_up("people")
    waits = lab.card_of(people=0.97)
    reject(lab)
    assert alarms(lab) == []
    lab.press(waits, "Approve")
    lab.settle_down()
    assert len(alarms(lab)) == 1


def test_labels_of_another_target_say_nothing_about_this_one(lab: Lab) -> None:
    lab.set_up("people")
    reject(lab, WRONG - 1)
    [(number,)] = lab.rows("select applied_revision from project")
    lab.sql(
        "insert into revision (project_id, number, asked_by, asked_at, words, state, about, attempts, problem) "
        "select id, :n, 'U1', now(), '', 'applied', 'cuts', 0, '' from project",
        n=number + 1,
    )
    lab.sql(
        "insert into cut select project_id, :n, concept_id, accept, floor, before_off, 0.99, checks from cut",
        n=number + 1,
    )
    lab.sql("update project set revision = :n, applied_revision = :n", n=number + 1)
    lab.settle_down()
    assert alarms(lab) == []
    reject(lab, 3)
    assert "3 of the last 3 checks were rejected, 1 in 100 is allowed" in str(alarms(lab)[0]["blocks"])


def test_while_a_change_is_on_its_way_the_alarm_waits_and_comes_once(lab: Lab) -> None:
    lab.set_up("people man")
    lab.upload(*((f"{n}.png", lab.picture(people=0.97)) for n in range(WRONG)))
    lab.settle_down()
    lab.say("man 0.9", command="/annotate-thresholds")
    for card in asking(lab):
        lab.press(card, "Reject")
    assert lab.run("weigh") == 0
    assert ledgers(lab) == [None]
    lab.settle_down()
    assert len(alarms(lab)) == 1
    assert accept(lab) == OFF


def test_in_an_outage_the_alarm_is_told_and_the_workflow_follows(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(*((f"{n}.png", lab.picture(people=0.97)) for n in range(WRONG)))
    lab.settle_down()
    for card in asking(lab):
        lab.press(card, "Reject")
    with lab.clarifai.faults.outage():
        lab.run("weigh", "apply_thresholds", "post_cards", "weigh")
        assert len(alarms(lab)) == 1
        assert (accept(lab), accept(lab, wanted=True)) == (0.95, OFF)
    lab.clock.advance(minutes=6)
    lab.settle_down()
    assert (accept(lab), len(alarms(lab))) == (OFF, 1)


def test_where_no_concept_can_be_off_alone_an_alarm_switches_all_off_until_a_person_says_otherwise(
    database_url: str,
) -> None:
    switches = Switches(threshold_above_one="refused", greater_than="inclusive")
    with open_lab(database_url, switches=switches) as lab:
        lab.set_up("people man")
        reject(lab)
        told = [message["text"] for message in lab.messages("announcement")]
        assert len(told) == 3
        assert "no single concept can be switched off here" in told[1]
        assert "every concept is off" in told[1]
        assert "every concept is off" in told[2]
        assert (accept(lab), accept(lab, "man")) == (OFF, OFF)
        lab.card_of(people=0.99, man=0.98)
        assert lab.held()[-1][0] == "ANNOTATION_PENDING"
        lab.say("all on", command="/annotate-thresholds")
        lab.settle_down()
        assert (accept(lab), accept(lab, "man")) == (0.95, 0.95)
