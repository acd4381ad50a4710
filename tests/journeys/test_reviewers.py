"""Who answered how much: for the person who set up and for admins, in the order of names, ranking nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.evidence import answered, second_looks

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def posted_before(lab: Lab, seconds: int) -> None:
    """As if Slack had posted the cards so long ago."""
    posted = "cast(extract(epoch from cast(:at as timestamptz)) - :seconds as text)"
    lab.sql(f"update post set ts = {posted} where kind = 'card'", at=lab.clock(), seconds=seconds)  # noqa: S608 - ours


def test_it_names_everybody_who_answered_in_the_order_of_names(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.6)
    lab.press(lab.cards()[-1], "Approve", by=lab.mia)
    for name in ("zoe", "Ada"):
        lab.sql(
            "insert into person (team_id, user_id, name, zone, is_admin, is_guest, asked_at) "
            "select team_id, 'U0' || upper(:name), :name, 'UTC', false, false, now() from project",
            name=name,
        )
    answered(lab, "people", [0.9] * 5, ["approve", "reject", "reject", "reject", "reject"], by="U0ZOE")
    answered(lab, "people", [0.9] * 2, ["approve", "approve"], by="U0ADA")
    second_looks(lab, "U0ZOE", ["reject", "reject", "approve", "unsure"])
    posted_before(lab, 40)
    told = lab.say("status reviewers")
    assert "Ada: 2 answers, time not known, no rejection looked at a second time" in told
    assert "zoe: 5 answers, time not known, 2 of 3 rejections confirmed at a second look" in told
    assert ": 1 answer, median 40 s, no rejection" in told
    assert told.index("Ada") < told.index("zoe")
    assert "Only you see this" in told


def test_an_answer_in_a_session_counts_from_the_moment_the_picture_was_in_front_of_them(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.6)
    card = lab.cards()[-1]
    lab.press(card, "Approve", by=lab.mia)
    posted_before(lab, 9000)
    lab.sql(
        "insert into lease (project_id, input_id, held_by, until) "
        "select project_id, input_id, :by, cast(:at as timestamptz) + interval '165 s' from review",
        by=lab.mia,
        at=lab.clock(),
    )
    assert "1 answer, median 15 s" in lab.say("status reviewers")


def test_others_are_told_who_may(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.6)
    lab.press(lab.cards()[-1], "Approve", by=lab.mia)
    lab.say("status reviewers", by=lab.omar)
    lab.settle_down()
    told = lab.whispers(lab.omar)[-1]
    assert "or a workspace admin may" in told
    assert "answer," not in told
    lab.sql("update project set set_up_by = :omar", omar=lab.omar)
    assert "1 answer" in lab.say("status reviewers", by=lab.omar)


def test_without_answers_it_says_so(lab: Lab) -> None:
    lab.set_up("people")
    assert "Nobody has answered anything yet." in lab.say("status reviewers")
