from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.domain.views import CardReview, CardView
from bot.slack.cards import Message, draw
from tests.slack.cards.limits import buttons, check, mrkdwn_texts

AT = dt.datetime(2026, 5, 3, 14, 3, tzinfo=dt.UTC)


def asked(number: int, concept: str = "man", *, value: float = 0.36) -> CardReview:
    return CardReview(number, concept, ReviewKind.PENDING, ReviewState.POSTED, value, 0.95)


def answered(
    review: CardReview, verdict: Verdict = Verdict.APPROVE, by: str = "U0DANA001", doubted_by: str = ""
) -> CardReview:
    return replace(
        review, state=ReviewState.DECIDED, verdict=verdict, decided_by=by, decided_at=AT, doubted_by=doubted_by
    )


def card_of(*reviews: CardReview) -> CardView:
    return CardView(
        input_id="in0123",
        name="cat.png",
        uploaded_by="U0OMAR001",
        permalink="https://team.slack.com/archives/C0LABELS01/p1",
        file_id="F0123456789",
        reviews=reviews,
    )


def words(message: Message) -> list[str]:
    return [b["text"]["text"] for b in buttons(message)]


def everything(message: Message) -> str:
    return "\n".join(mrkdwn_texts(message))


def test_the_picture_comes_first_and_says_whose_it_is() -> None:
    first = draw(card_of(asked(1))).blocks[0]
    assert first["slack_file"] == {"id": "F0123456789"}
    assert first["alt_text"] == "cat.png, uploaded by U0OMAR001"


def test_a_card_without_a_picture_says_so() -> None:
    drawn = draw(replace(card_of(asked(1)), file_id=""))
    assert all(b["type"] != "image" for b in drawn.blocks)
    assert "Slack cannot show this picture" in everything(drawn)


def test_a_card_about_one_concept_has_three_short_buttons() -> None:
    drawn = draw(card_of(asked(7)))
    assert words(drawn) == ["Approve", "Reject", "Not sure"]
    assert [b["action_id"] for b in buttons(drawn)] == ["decide:approve:7", "decide:reject:7", "decide:unsure:7"]
    assert [b["value"] for b in buttons(drawn)] == ["7", "7", "7"]
    assert buttons(drawn)[0]["accessibility_label"] == "Approve man on cat.png"


def test_with_several_concepts_every_button_names_its_own() -> None:
    drawn = draw(card_of(asked(1, "people"), asked(2, "man")))
    assert words(drawn) == [
        "Approve people",
        "Reject people",
        "Not sure people",
        "Approve man",
        "Reject man",
        "Not sure man",
        "Approve all",
        "Reject all",
    ]
    assert [b["value"] for b in buttons(drawn)][-2:] == ["1,2", "1,2"]
    assert [b["action_id"] for b in buttons(drawn)][-2:] == ["decide:approve:all", "decide:reject:all"]


def test_the_last_open_concept_keeps_the_names_of_its_buttons() -> None:
    drawn = draw(card_of(answered(asked(1, "people")), asked(2, "man")))
    assert words(drawn) == ["Approve man", "Reject man", "Not sure man"]


def test_two_annotations_with_the_same_question_are_asked_once() -> None:
    drawn = draw(card_of(asked(1, "man"), asked(2, "man")))
    assert words(drawn) == ["Approve", "Reject", "Not sure"]
    assert buttons(drawn)[0]["value"] == "1,2"


def test_all_buttons_are_in_the_default_style() -> None:
    assert not any("style" in b for b in buttons(draw(card_of(asked(1, "people"), asked(2, "man")))))


def test_an_open_question_shows_neither_value_nor_route() -> None:
    pending, check_ = asked(1, value=0.36), replace(asked(2, "adult", value=0.97), kind=ReviewKind.CHECK)
    one, other = draw(card_of(pending)), draw(card_of(replace(pending, value=0.51, accept=0.5)))
    assert one == other
    as_pending = replace(check_, kind=ReviewKind.PENDING)
    assert draw(card_of(check_)) == draw(card_of(as_pending))
    assert draw(card_of(replace(as_pending, kind=ReviewKind.PROBE, value=0.1))) == draw(card_of(as_pending))


def test_a_verdict_says_who_when_and_what_the_model_said() -> None:
    drawn = everything(draw(card_of(answered(asked(1)), asked(2, "adult"))))
    assert "man: approved by <@U0DANA001>, <!date^1777816980^" in drawn
    assert "model said 0.36" in drawn


def test_a_check_tells_afterwards_that_the_model_had_labelled_it() -> None:
    check_ = replace(asked(1, value=0.97), kind=ReviewKind.CHECK)
    drawn = everything(draw(card_of(answered(check_, Verdict.REJECT))))
    assert "man: rejected by <@U0DANA001>" in drawn
    assert "model said 0.97 and had labelled it by itself" in drawn


def test_a_probe_tells_afterwards_that_it_lay_below_the_floor() -> None:
    probe = replace(asked(1, value=0.12), kind=ReviewKind.PROBE)
    assert "model said 0.12, which is below the floor" in everything(draw(card_of(answered(probe, Verdict.REJECT))))


@pytest.mark.parametrize(
    ("value", "shown"), [(0.9499, "0.9499"), (0.95, "0.95"), (0.36, "0.36"), (0.949999, "0.949999")]
)
def test_a_value_is_never_rounded_over_the_cut(value: float, shown: str) -> None:
    assert f"model said {shown}" in everything(draw(card_of(answered(asked(1, value=value)))))


def test_a_first_doubt_is_named_and_leaves_the_question_open() -> None:
    drawn = draw(card_of(replace(asked(1), doubted_by="U0MIA0001")))
    assert "man: <@U0MIA0001> was not sure" in everything(drawn)
    assert words(drawn) == ["Approve", "Reject", "Not sure"]


def test_a_second_doubt_sets_the_question_aside() -> None:
    parked = answered(asked(1), Verdict.UNSURE, by="U0OMAR001", doubted_by="U0MIA0001")
    drawn = draw(card_of(parked))
    assert "man: set aside, <@U0MIA0001> and <@U0OMAR001> were not sure" in everything(drawn)
    assert words(drawn) == ["Undo"]


def test_after_the_last_verdict_there_is_one_undo_for_the_whole_card() -> None:
    drawn = draw(card_of(answered(asked(1)), answered(asked(2, "adult"), Verdict.REJECT)))
    assert [(b["text"]["text"], b["action_id"], b["value"]) for b in buttons(drawn)] == [("Undo", "undo", "in0123")]


def test_there_is_no_undo_while_a_question_is_open() -> None:
    assert "Undo" not in words(draw(card_of(answered(asked(1)), asked(2, "adult"))))


def test_a_card_closed_elsewhere_has_no_buttons_and_says_why() -> None:
    closed = replace(asked(1), state=ReviewState.CLOSED)
    drawn = draw(replace(card_of(closed), closed_reason="it was changed in Clarifai"))
    assert words(drawn) == []
    assert "Closed: it was changed in Clarifai" in everything(drawn)
    assert drawn.text == "cat.png: closed, it was changed in Clarifai"


def test_saved_answers_that_clarifai_has_not_taken_are_said() -> None:
    drawn = draw(replace(card_of(answered(asked(1))), write_problem="Clarifai cannot be reached"))
    assert "The answers are saved. Not in Clarifai yet: Clarifai cannot be reached" in everything(drawn)


def test_the_notification_says_what_is_asked_about_which_picture() -> None:
    assert draw(card_of(asked(1, "people"), asked(2, "man"))).text == "people, man on cat.png: needs review"
    assert draw(card_of(answered(asked(1)))).text == "cat.png: reviewed"


def test_the_card_links_to_the_upload() -> None:
    last = draw(card_of(asked(1))).blocks[-1]["elements"][0]["text"]
    assert last.startswith("<https://team.slack.com/archives/C0LABELS01/p1|")


@pytest.mark.parametrize(("count", "rows"), [(2, 2), (4, 4), (5, 4), (37, 4), (250, 4)])
def test_at_most_four_concepts_have_buttons_and_the_session_opens_the_rest(count: int, rows: int) -> None:
    drawn = draw(card_of(*(asked(n, f"concept {n}") for n in range(1, count + 1))))
    check(drawn)
    shown = words(drawn)
    for answer in ("Approve", "Reject", "Not sure"):
        assert [w for w in shown if w.startswith(answer) and not w.endswith(" all")] == [
            f"{answer} concept {n}" for n in range(1, rows + 1)
        ]
    assert ("Open in session" in shown) is (count > 4)


def test_the_session_opens_at_exactly_this_picture() -> None:
    last = buttons(draw(card_of(*(asked(n, f"concept {n}") for n in range(1, 6)))))[-1]
    assert (last["action_id"], last["value"]) == ("line:review in0123", "/annotate review in0123")


def test_all_means_every_concept_that_is_named_and_no_other() -> None:
    drawn = draw(card_of(*(asked(n, f"{n:03} " + "long " * 10) for n in range(1, 101))))
    named = [n for n in range(1, 101) if f"{n:03} long" in everything(drawn)]
    assert 40 < len(named) < 60
    assert f"and {100 - len(named)} more" in everything(drawn)
    everyone = next(b for b in buttons(drawn) if b["text"]["text"] == "Approve all")
    assert everyone["value"] == ",".join(map(str, named))


def test_a_card_with_fifty_verdicts_still_fits_one_message() -> None:
    check(draw(card_of(*(answered(asked(n, f"{n} " + "long " * 12)) for n in range(50)))))


def test_ids_that_no_longer_fit_a_button_are_left_out_whole() -> None:
    drawn = draw(card_of(*(asked(10**9 + n, f"concept {n}") for n in range(250))))
    ids = next(b for b in buttons(drawn) if b["text"]["text"] == "Reject all")["value"].split(",")
    assert all(len(i) == 10 for i in ids)
    assert f"and {250 - len(ids)} more" in everything(drawn)  # what no button carries is not named either
