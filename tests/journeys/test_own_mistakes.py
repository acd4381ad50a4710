"""A change of thresholds touches nothing old; its announcement offers to, and a press does exactly what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.test_lanes import as_if_reviewed
from tests.journeys.test_setting_up import buttons
from tests.journeys.test_thresholds import cut

if TYPE_CHECKING:
    from typing import Any

    from tests.journeys.lab import Lab


def announced(lab: Lab, text: str) -> dict[str, Any]:
    """Change the thresholds as `text` says, and return how the channel was told."""
    cut(lab, text)
    lab.settle_down()
    return lab.messages("announcement")[-1]


def pressed(lab: Lab, message: dict[str, Any], label: str, by: str = "") -> str:
    """Press a button of an announcement and return what the person is told."""
    by = by or lab.dana
    lab.press(message, label, by=by)
    lab.settle_down()
    return lab.whispers(by)[-1]


def states(lab: Lab) -> list[tuple[str, str, int | None]]:
    """(kind, state, applied) of every review, oldest first."""
    return [(str(k), str(s), a) for k, s, a in lab.rows("select kind, state, applied from review order by id")]


def as_if_labelled_unseen(lab: Lab) -> None:
    """As if the coin had left alone every check that waits."""
    lab.sql("update review set state = 'unchecked', lane = 'work' where kind = 'check' and state <> 'settled'")


def test_raising_offers_to_review_exactly_what_was_accepted_below_the_new_value(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.5")
    lab.settle_down()
    for value in (0.6, 0.7, 0.8, 0.95):
        lab.card_of(people=value)
    as_if_labelled_unseen(lab)
    message = announced(lab, "people 0.8")
    assert buttons(message) == ["Review the 2 labels accepted below the new value", "Undo"]
    assert {state for _, state, _ in states(lab)} == {"unchecked"}
    assert "2 labels come to people" in pressed(lab, message, "Review the 2 labels accepted below the new value")
    asked = lab.rows(
        "select round(value::numeric, 2)::text from review where state in ('queued', 'posted') order by value"
    )
    assert asked == [("0.60",), ("0.70",)]
    assert lab.rows("select distinct lane from review where state = 'posted'") == [("work",)]  # never evidence


def test_a_label_that_is_rejected_after_all_is_corrected_in_clarifai(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.5")
    lab.settle_down()
    lab.card_of(people=0.6)
    as_if_labelled_unseen(lab)
    message = announced(lab, "people 0.8")
    pressed(lab, message, "Review the label accepted below the new value")
    lab.press(lab.cards()[-1], "Reject")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_REVIEW_DENIED", {"people": 0.0})]


def test_pressed_twice_it_is_done_once(lab: Lab) -> None:
    lab.set_up("people")
    cut(lab, "people 0.5")
    lab.settle_down()
    lab.card_of(people=0.6)
    as_if_labelled_unseen(lab)
    message = announced(lab, "people 0.8")
    label = "Review the label accepted below the new value"
    assert "1 label comes to people" in pressed(lab, message, label)
    assert "Nothing of that is left" in pressed(lab, message, label)
    lowered = announced(lab, "people 0.3")
    assert buttons(lowered) == ["Undo"]  # a check that is being asked waits for its answer


def test_lowering_offers_to_apply_and_the_drawn_ones_stay_as_checks(lab: Lab) -> None:
    lab.set_up("people")
    for value in (0.3, 0.5, 0.6):
        lab.card_of(people=value)
    message = announced(lab, "people 0.5")
    assert buttons(message) == ["Apply to the 2 waiting", "Undo"]
    assert {kind for kind, _, _ in states(lab)} == {"pending"}
    assert "2 waiting questions accepted" in pressed(lab, message, "Apply to the 2 waiting")
    assert states(lab) == [("pending", "posted", None), ("check", "posted", 2), ("check", "posted", 2)]
    assert lab.held() == [
        ("ANNOTATION_PENDING", {"people": 0.3}),
        ("ANNOTATION_SUCCESS", {"people": 0.5}),
        ("ANNOTATION_SUCCESS", {"people": 0.6}),
    ]
    assert "was applied or answered before" in pressed(lab, message, "Apply to the 2 waiting")
    lab.press(lab.cards()[-1], "Reject")
    lab.settle_down()
    assert lab.held()[-1] == ("ANNOTATION_REVIEW_DENIED", {"people": 0.0})
    lab.press(lab.again(lab.cards()[-1]), "Undo")
    lab.settle_down()
    assert lab.held()[-1] == ("ANNOTATION_SUCCESS", {"people": 0.6})


def test_what_the_coin_did_not_draw_is_labelled_and_its_card_asks_no_more(lab: Lab) -> None:
    lab.set_up("people")
    card = lab.card_of(people=0.5)
    lab.sql("update review set lane = 'work'")
    message = announced(lab, "people 0.4")
    pressed(lab, message, "Apply to the 1 waiting")
    assert states(lab) == [("check", "unchecked", 2)]
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.5})]
    shown = lab.again(card)
    assert "accepted since the threshold was lowered" in str(shown["blocks"])
    assert "Approve" not in buttons(shown)


def test_a_picture_waits_for_its_other_concepts_and_keeps_what_the_model_said(lab: Lab) -> None:
    lab.set_up("people man")
    card = lab.card_of(people=0.6, man=0.3)
    message = announced(lab, "people 0.5")
    pressed(lab, message, "Apply to the 1 waiting")
    assert lab.held() == [("ANNOTATION_PENDING", {"people": 0.6, "man": 0.3})]
    lab.press(lab.again(card), "Reject man")
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.6, "man": 0.0})]


def test_what_was_undone_meanwhile_is_not_applied(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    message = announced(lab, "people 0.4")
    cut(lab, "undo")
    lab.settle_down()
    assert "changed again since" in pressed(lab, message, "Apply to the 1 waiting")
    assert states(lab) == [("pending", "posted", None)]


def test_only_who_may_change_thresholds_may_have_them_applied(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    message = announced(lab, "people 0.4")
    assert "workspace admin" in pressed(lab, message, "Apply to the 1 waiting", by=lab.mia)
    assert states(lab) == [("pending", "posted", None)]


def test_a_card_that_was_never_posted_is_spared(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(("a.png", lab.picture(people=0.5)))
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    lab.run("discover")
    assert lab.cards() == []
    lab.sql("update review set lane = 'work'")
    lab.say("people 0.4", command="/annotate-thresholds")
    lab.run("apply_thresholds")
    lab.say("apply-lower 1 2", command="/annotate-thresholds")
    lab.settle_down()
    assert lab.cards() == []
    assert lab.held() == [("ANNOTATION_SUCCESS", {"people": 0.5})]


def test_switching_off_offers_to_review_what_was_accepted(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.5)
    as_if_reviewed(lab)
    for n in range(6):
        lab.card_of(people=0.96 + n / 1000)
    left = lab.rows("select count(*) from review where state = 'unchecked'")[0][0]
    assert left
    assert f"Review the {left} label" in buttons(announced(lab, "people off"))[0]
