"""The Home tab: my queue over the channels I am in, the next picture, my last answers, how each project stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.journeys.lab import LABELS
from tests.journeys.sessions import answer, home, open_home, picture, words
from tests.journeys.signed import deliver_press

if TYPE_CHECKING:
    from tests.journeys.lab import Lab

SECOND = "C0SECOND01"


def labels(view: dict[str, Any]) -> list[str]:
    return [e["text"]["text"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]


def press(lab: Lab, by: str, label: str) -> None:
    pressed = lab.workspace.press_in_view(by, home(lab, by)["id"], label)
    assert pressed.ok, pressed


def test_the_queue_its_oldest_and_the_next_picture_with_the_buttons_of_its_card(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="a.png", people=0.51, man=0.42)
    lab.card_of(name="b.png", people=0.53)
    view = open_home(lab, lab.omar)
    assert f"<#{LABELS}> is live. *3 questions* about 2 pictures waiting, the oldest since <!date^" in words(view)
    assert labels(view) == [
        "Start a session",
        *("Approve people", "Reject people", "Not sure people"),
        *("Approve man", "Reject man", "Not sure man"),
        *("Approve all", "Reject all"),
    ]
    assert picture(view) == "a.png"
    for value in ("0.51", "0.42", "0.53"):
        assert value not in words(view)


def test_a_press_on_home_decides_redraws_the_card_and_shows_the_next_picture(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(name="a.png", people=0.5)
    lab.card_of(name="b.png", people=0.5)
    open_home(lab, lab.omar)
    press(lab, lab.omar, "Approve")
    lab.settle_down()
    assert lab.held()[0] == ("ANNOTATION_SUCCESS", {"people": 1.0})
    assert f"approved by <@{lab.omar}>" in str(lab.again(card)["blocks"])
    view = home(lab, lab.omar)
    assert "Your last answers" in words(view)
    assert f"a.png in <#{LABELS}>: people approved" in words(view)
    assert picture(view) == "b.png"


def test_undo_on_home_takes_my_answer_back(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(name="a.png", people=0.5)
    before = lab.held()
    open_home(lab, lab.omar)
    press(lab, lab.omar, "Reject")
    lab.settle_down()
    press(lab, lab.omar, "Undo")
    lab.settle_down()
    assert lab.held() == before
    assert "Approve" in str(lab.again(card)["blocks"])
    assert "Your last answers" not in words(home(lab, lab.omar))


def test_home_follows_what_its_person_answers_elsewhere_and_only_if_they_ever_opened_it(lab: Lab) -> None:
    lab.set_up()
    first, second = lab.card_of(people=0.5), lab.card_of(people=0.5)
    open_home(lab, lab.omar)
    drawn = lab.workspace.call_counts["views.publish"]
    lab.press(first, "Approve", by=lab.omar)
    lab.press(second, "Approve", by=lab.mia)
    lab.settle_down()
    assert lab.workspace.call_counts["views.publish"] == drawn + 1
    assert "photo.png in" in words(home(lab, lab.omar))
    assert lab.workspace.home(lab.mia) is None


def test_many_answers_in_a_row_are_drawn_once(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5, man=0.5, adult=0.5)
    open_home(lab, lab.omar)
    drawn = lab.workspace.call_counts["views.publish"]
    for label in ("Approve people", "Reject man", "Approve adult"):
        lab.press(card, label, by=lab.omar)
    lab.settle_down()
    assert lab.workspace.call_counts["views.publish"] == drawn + 1


def test_who_was_late_is_told_on_home(lab: Lab) -> None:
    lab.set_up()
    card = lab.card_of(people=0.5)
    open_home(lab, lab.omar)
    lab.press(card, "Approve", by=lab.dana)
    press(lab, lab.omar, "Reject")
    lab.settle_down()
    assert f"people was already approved by <@{lab.dana}>" in words(home(lab, lab.omar))
    assert lab.whispers(lab.omar) == []
    assert "already approved" not in words(open_home(lab, lab.omar))  # said once


def test_the_same_press_delivered_twice_counts_once(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(people=0.5)
    view = open_home(lab, lab.omar)
    payload = home_press(lab, view, "Approve", lab.omar)
    assert [deliver_press(lab, payload), deliver_press(lab, payload)] == [200, 200]
    assert lab.rows("select count(*) from decision") == [(1,)]


def home_press(lab: Lab, view: dict[str, Any], label: str, by: str) -> dict[str, Any]:
    """Make a press on a Home tab as Slack delivers it: without a channel."""
    found = [e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    element = next(e for e in found if e["text"]["text"] == label)
    kept = {key: element[key] for key in ("type", "action_id", "value", "text")}
    return {
        "type": "block_actions",
        "team": {"id": lab.workspace.team_id},
        "user": {"id": by, "team_id": lab.workspace.team_id},
        "api_app_id": "A0ANNOTATE1",
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "trigger_id": "1.2.x",
        "actions": [{**kept, "block_id": "b1", "action_ts": "1777888999.000100"}],
    }


def leave(lab: Lab, channel: str, member: str) -> None:
    """Somebody leaves a channel; the stand-in workspace has no hand for that."""
    lab.workspace._world.workspace.channels[channel].members.discard(member)


def test_nobody_sees_or_answers_pictures_of_a_channel_they_are_not_in(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="secret.png", people=0.5)
    seen = open_home(lab, lab.omar)
    leave(lab, LABELS, lab.mia)
    lab.clock.advance(minutes=11)
    view = open_home(lab, lab.mia)
    assert "You are in no channel that is set up" in words(view)
    assert "/annotate setup people man adult" in words(view)
    assert "secret.png" not in words(view)
    assert deliver_press(lab, home_press(lab, seen, "Approve", lab.mia)) == 200
    lab.settle_down()
    assert lab.rows("select count(*) from decision") == [(0,)]
    assert "not for you to decide" in words(home(lab, lab.mia))


def test_who_is_where_is_asked_once_in_a_while(lab: Lab) -> None:
    lab.set_up()
    for _ in range(3):
        open_home(lab, lab.omar)
        open_home(lab, lab.mia)
    assert lab.workspace.call_counts["conversations.members"] == 1
    lab.clock.advance(minutes=11)
    open_home(lab, lab.omar)
    assert lab.workspace.call_counts["conversations.members"] == 2


def test_a_channel_that_slack_lets_nobody_look_into_shows_nothing(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="secret.png", people=0.5)
    lab.workspace.faults.fail("conversations.members", "missing_scope", times=1)
    assert "secret.png" not in words(open_home(lab, lab.omar))


def test_guests_are_told_that_they_may_not(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(people=0.5)
    view = open_home(lab, lab.gus)
    assert "Guests may not decide" in words(view)
    assert labels(view) == []


def test_an_empty_queue_says_what_to_do_next_and_how_the_project_stands(lab: Lab) -> None:
    lab.set_up("people", live=False)
    assert "is ready, not live" in words(open_home(lab, lab.omar))
    lab.say("live")
    lab.settle_down()
    view = open_home(lab, lab.omar)
    assert "Nothing waits for you. Drop images into" in words(view)
    assert labels(view) == []


def test_a_session_opens_from_home_in_its_own_channel(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="a.png", people=0.5)
    open_home(lab, lab.omar)
    press(lab, lab.omar, "Start a session")
    lab.run("show_forms")
    answer(lab, lab.omar, people="approve")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 1.0})]
    assert "people approved" in words(home(lab, lab.omar))


def test_a_session_from_home_refuses_who_is_not_in_the_channel(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="a.png", people=0.5)
    open_home(lab, lab.omar)
    leave(lab, LABELS, lab.omar)
    lab.clock.advance(minutes=11)
    open_home(lab, lab.mia)  # asks who is where
    press(lab, lab.omar, "Start a session")
    lab.run("show_forms")
    assert "Only members of that channel" in words(lab.form(lab.omar))


def test_home_comes_back_after_a_restart_and_an_outage_of_slack(lab: Lab) -> None:
    lab.set_up()
    lab.card_of(name="a.png", people=0.5)
    lab.workspace.faults.break_down("views.publish", times=1)
    lab.workspace.open_home(lab.omar)
    lab.run("publish_homes")
    assert lab.workspace.home(lab.omar) is None
    lab.restart()
    lab.clock.advance(seconds=6)
    lab.run("publish_homes")
    assert "1 question" in words(home(lab, lab.omar))


def test_with_more_than_four_concepts_home_opens_the_same_picture_in_a_session(lab: Lab) -> None:
    lab.set_up("people man adult woman car")
    lab.card_of(name="a.png", people=0.5, man=0.5, adult=0.5, woman=0.5, car=0.5)
    assert "Open in session" in labels(open_home(lab, lab.omar))
    press(lab, lab.omar, "Open in session")
    lab.run("show_forms")
    assert picture(lab.form(lab.omar)) == "a.png"


def test_home_gathers_every_channel_of_its_person_and_begins_with_the_oldest_picture(lab: Lab) -> None:
    lab.set_up()
    lab.workspace.join(SECOND)
    lab.say("setup dog", channel=SECOND)
    lab.settle_down()
    lab.say("live", channel=SECOND)
    lab.settle_down()
    lab.workspace.upload(lab.mia, SECOND, [("dog.png", lab.picture(shape=(64, 48), kind="PNG", dog=0.5))])
    lab.settle_down()
    lab.card_of(name="a.png", people=0.5)
    view = open_home(lab, lab.omar)
    assert picture(view) == "dog.png"
    assert f"from <#{SECOND}>" in words(view)
    assert labels(view).count("Start a session") == 2
    press(lab, lab.omar, "Approve")
    lab.settle_down()
    assert picture(home(lab, lab.omar)) == "a.png"
    assert f"dog.png in <#{SECOND}>: dog approved" in words(home(lab, lab.omar))
    leave(lab, SECOND, lab.omar)
    lab.clock.advance(minutes=11)
    assert SECOND not in words(open_home(lab, lab.omar))
