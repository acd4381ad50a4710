"""`/annotate review`: one picture after another in a window of one's own, whatever happens beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.sessions import answer, fields, open_session, picture, upload, words
from tests.journeys.signed import deliver_submission

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

NETWORK = ("views.open", "views.update", "chat.postMessage", "chat.postEphemeral", "users.info")


def test_one_picture_at_a_time_with_every_open_concept_and_nothing_chosen(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5, man=0.4, adult=0.97)
    view = open_session(lab, lab.omar)
    assert picture(view) == "a.png"
    assert list(fields(view)) == ["people", "man", "adult"]  # the check looks like the others
    for block in fields(view).values():
        assert block["optional"] is True
        assert "initial_option" not in block["element"]
        assert [o["text"]["text"] for o in block["element"]["options"]] == ["Approve", "Reject", "Not sure"]
    assert view["submit"]["text"] == "Save and next"
    for value in ("0.5", "0.4", "0.97"):
        assert value not in words(view)


def test_the_next_picture_comes_in_the_answer_and_calls_nothing(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5, man=0.4)
    upload(lab, "b.png", people=0.5)
    open_session(lab, lab.omar)
    before = {method: lab.workspace.call_counts[method] for method in NETWORK}
    view = answer(lab, lab.omar, people="approve", man="reject")
    assert picture(view) == "b.png"
    assert "2 answers saved." in words(view)
    view = answer(lab, lab.omar, people="approve")
    assert "Nothing waits for an answer" in words(view)
    assert {method: lab.workspace.call_counts[method] for method in NETWORK} == before
    lab.settle_down()
    assert lab.held() == [
        ("ANNOTATION_SUCCESS", {"people": 1.0, "man": 0.0}),
        ("ANNOTATION_SUCCESS", {"people": 1.0}),
    ]
    assert "approved by" in str(lab.cards()[0]["blocks"])


def test_enter_without_a_choice_goes_on_and_changes_nothing(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    upload(lab, "b.png", people=0.5)
    open_session(lab, lab.omar)
    assert picture(answer(lab, lab.omar)) == "b.png"
    assert "2 pictures that you left open can be seen again" in words(answer(lab, lab.omar))
    assert lab.rows("select count(*) from decision") == [(0,)]
    assert picture(answer(lab, lab.omar)) == "a.png"


def test_not_sure_leaves_the_question_open_for_everybody(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    open_session(lab, lab.omar)
    assert "1 picture that you left open" in words(answer(lab, lab.omar, people="unsure"))
    view = open_session(lab, lab.mia)
    assert picture(view) == "a.png"
    assert f"people: <@{lab.omar}> was not sure" in words(view)
    assert "Nothing waits for an answer" in words(answer(lab, lab.mia, people="unsure"))
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.5})]
    assert "set aside" in str(lab.cards()[0]["blocks"])


def test_two_members_never_have_the_same_picture_and_a_lease_ends_after_three_minutes(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    upload(lab, "b.png", people=0.5)
    assert picture(open_session(lab, lab.omar)) == "a.png"
    assert picture(open_session(lab, lab.mia)) == "b.png"
    assert "in front of somebody else" in words(open_session(lab, lab.dana))
    lab.clock.advance(minutes=3, seconds=1)
    assert picture(answer(lab, lab.dana)) == "a.png"


def test_a_window_that_is_closed_gives_its_picture_back_at_once(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    view = open_session(lab, lab.omar)
    assert "in front of somebody else" in words(open_session(lab, lab.mia))
    lab.workspace.close_view(lab.omar, view["id"])
    assert picture(answer(lab, lab.mia)) == "a.png"


def test_a_window_that_is_closed_before_it_shows_a_picture_holds_none(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    lab.say("review", by=lab.omar)
    lab.workspace.close_view(lab.omar, lab.workspace.open_views(lab.omar)[-1]["id"])
    lab.run("show_forms")
    assert picture(open_session(lab, lab.mia)) == "a.png"


def test_a_lease_that_ran_out_loses_no_verdict(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5, man=0.4)
    open_session(lab, lab.omar)
    lab.clock.advance(minutes=4)
    assert picture(open_session(lab, lab.mia)) == "a.png"
    answer(lab, lab.omar, people="approve")
    view = answer(lab, lab.mia, people="reject", man="approve")
    assert "1 answer saved." in words(view)
    assert f"people was already approved by <@{lab.omar}>" in words(view)
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0, "man": 1.0})]


def test_a_submit_delivered_twice_counts_once_and_shows_the_same_picture(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    upload(lab, "b.png", people=0.5)
    view = open_session(lab, lab.omar)
    [block] = fields(view).values()
    chosen = {"type": "radio_buttons", "selected_option": block["element"]["options"][0]}
    state = {"values": {block["block_id"]: {block["element"]["action_id"]: chosen}}}
    payload = {
        "type": "view_submission",
        "team": {"id": lab.workspace.team_id},
        "user": {"id": lab.omar, "team_id": lab.workspace.team_id},
        "api_app_id": "A0ANNOTATE1",
        "view": {**view, "state": state},
    }
    answers = [deliver_submission(lab, payload) for _ in range(3)]
    assert [picture(a["view"]) for a in answers] == ["b.png", "b.png", ""]  # shown twice in vain: perhaps it cannot be
    assert "Slack cannot show this picture" in words(answers[2]["view"])
    assert lab.rows("select count(*) from decision") == [(1,)]


def test_a_session_goes_on_after_a_restart(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    upload(lab, "b.png", people=0.5)
    open_session(lab, lab.omar)
    answer(lab, lab.omar)
    lab.restart()
    assert "1 picture that you left open" in words(answer(lab, lab.omar, people="approve"))
    lab.settle_down()
    assert [status for status, _ in lab.held()] == ["ANNOTATION_PENDING", "ANNOTATION_SUCCESS"]


def test_an_empty_queue_says_what_to_do_next(lab: Lab) -> None:
    lab.set_up()
    view = open_session(lab, lab.omar)
    assert "Nothing waits for an answer" in words(view)
    assert "Drop images into the channel" in words(view)
    upload(lab, "a.png", people=0.5)
    assert picture(answer(lab, lab.omar)) == "a.png"


def test_a_picture_that_somebody_else_has_is_not_opened_twice(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    upload(lab, "b.png", people=0.5)
    open_session(lab, lab.omar)
    view = open_session(lab, lab.mia, f"review {lab.inputs()[0].id}")
    assert "Somebody else has that picture in front of them" in words(view)
    assert picture(view) == "b.png"
    assert "asks nothing any more" in words(open_session(lab, lab.mia, "review in-of-another-project"))


def test_guests_are_refused_and_asked_nothing(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    view = open_session(lab, lab.gus)
    assert "Guests may not decide" in words(view)
    assert view["submit"] is None


def test_who_becomes_a_guest_in_the_middle_decides_nothing(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    open_session(lab, lab.omar)
    lab.sql("update person set is_guest = true where user_id = :u", u=lab.omar)
    assert "You cannot decide here" in words(answer(lab, lab.omar, people="approve"))
    assert lab.rows("select count(*) from decision") == [(0,)]


def test_a_channel_without_a_project_says_how_to_begin(lab: Lab) -> None:
    view = open_session(lab, lab.omar)
    assert "/annotate setup" in words(view)
    assert view["submit"] is None


def test_in_a_pause_what_waits_can_still_be_reviewed(lab: Lab) -> None:
    lab.set_up()
    upload(lab, "a.png", people=0.5)
    lab.say("pause")
    lab.settle_down()
    open_session(lab, lab.omar)
    answer(lab, lab.omar, people="approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
