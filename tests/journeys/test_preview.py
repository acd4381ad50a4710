"""What a value would have done to the project's own past, before anybody changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.journeys.proofs import EXACT, plant, plant_past, proven
from tests.journeys.test_setting_up import buttons
from tests.journeys.test_thresholds import cut

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def previewed(lab: Lab, text: str) -> dict[str, Any]:
    """The answer as it stands in Slack, with its buttons."""
    cut(lab, f"preview {text}")
    return dict(lab.workspace.ephemerals(lab.dana, lab.channel)[-1])


def with_past(lab: Lab) -> None:
    """Ten answered predictions, eight of them right, and ten that nobody looked at."""
    lab.set_up("people man")
    lab.card_of(people=0.3)
    lab.press(lab.cards()[-1], "Approve")
    lab.settle_down()
    plant_past(lab, [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97], state="settled", verdict="approve")
    plant_past(lab, [0.85, 0.5], state="settled", verdict="reject")
    plant_past(lab, [0.81, 0.82, 0.83, 0.86, 0.87, 0.88, 0.89, 0.7, 0.6, 0.99])


def test_the_past_is_counted_again_under_the_new_value(lab: Lab) -> None:
    with_past(lab)
    said = cut(lab, "preview people 0.8")
    assert "people at 0.80 (now 0.95), on 21 predictions so far:" in said
    assert "accepted: 17 (81%), now 4 (19%)" in said
    assert "brought to people: 4 (19%)" in said
    assert "discarded (below 0.20): unknown" in said
    assert "reviews a week: about 10 fewer than now" in said  # 13 of one week, a fifth of them checked all the same
    assert "not proven to be 95% right" in said
    assert "best guess 89%), from 9 checks, 1 rejected" in said
    assert lab.rows("select max(number) from revision") == [(1,)]


def test_what_was_read_in_full_says_how_much_is_discarded(lab: Lab) -> None:
    with_past(lab)
    lab.sql(
        """insert into probed_value (project_id, input_id, concept_id, value, floor, ledger_id)
           select project_id, 'x' || n, concept_id, cast(n * 0.05 as real), 0.2, id
           from ledger, generate_series(1, 10) n
           where concept_id = 'people'"""
    )
    assert "discarded (below 0.20): 3 of the 10 pictures that were read in full (30%)" in cut(lab, "preview people 0.8")
    assert "discarded (below 0.30): 5 of the 10" in cut(lab, "preview people 0.3..0.8")


def test_the_nearest_pictures_are_shown_and_never_one_that_is_asked_about(lab: Lab) -> None:
    with_past(lab)
    lab.card_of(people=0.801, name="open.png")
    lab.sql("update second_look set state = 'decided', verdict = 'reject', decided_by = 'U2', decided_at = now()")
    lab.sql(
        """insert into second_look (project_id, review_id, input_id, concept_id, first_by, state, decided_by,
               doubted_by, created_at)
           select project_id, id, input_id, concept_id, 'U1', 'open', '', '', now() from review
           where round(value::numeric, 2) = 0.81"""
    )
    said = str(previewed(lab, "people 0.8")["blocks"])
    assert "the model said 0.82; nobody looked" in said
    assert "the model said 0.85; rejected" in said
    assert said.count("the model said") == 3
    assert "open.png" not in said
    assert "0.801" not in said
    assert "0.81" not in said


def test_an_open_question_holds_back_what_was_answered_after_it(lab: Lab) -> None:
    lab.set_up("people")
    lab.card_of(people=0.9)
    lab.clock.advance(minutes=1)
    plant_past(lab, [0.96] * 5, state="settled", verdict="approve")
    assert "no checks there yet" in cut(lab, "preview people 0.5")
    lab.press(lab.cards()[-1], "Approve")
    lab.settle_down()
    assert "from 6 checks, 0 rejected" in cut(lab, "preview people 0.5")


def test_an_unproven_value_asks_before_it_is_used_and_is_announced_as_such(lab: Lab) -> None:
    with_past(lab)
    shown = previewed(lab, "people 0.8")
    assert buttons(shown) == ["Use it", "Try another", "Keep 0.95"]
    use = next(b for block in shown["blocks"] if block["type"] == "actions" for b in block["elements"])
    assert "not proven to be 95% right" in use["confirm"]["text"]["text"]
    lab.press(shown, "Use it", by=lab.dana)
    lab.settle_down()
    message = lab.messages("announcement")[-1]
    assert "people: accept 0.95 → 0.80" in message["text"]
    assert "people is not proven" in message["text"]
    assert f"By <@{lab.dana}>" in str(message["blocks"])


def test_a_proven_value_is_used_without_a_question(lab: Lab) -> None:
    with_past(lab)
    plant(lab, proven(target=0.95, accept=0.95))
    shown = previewed(lab, f"people {EXACT}")
    assert "proven: at least 95% right (95% sure)" in shown["text"]
    assert "confirm" not in str(shown["blocks"])
    lab.press(shown, "Use it", by=lab.dana)
    lab.settle_down()
    assert lab.rows("select accept from cut where concept_id = 'people' and number = 2") == [(EXACT,)]
    assert "people is proven" in lab.messages("announcement")[-1]["text"]


def test_another_model_has_another_past(lab: Lab) -> None:
    with_past(lab)
    lab.sql("update step set result = jsonb_set(result, '{version}', '\"another\"') where name = 'mapper'")
    lab.card_of(people=0.5)
    assert "on 1 predictions so far" in cut(lab, "preview people 0.8")


def test_after_an_alarm_the_same_models_past_is_still_there_and_its_checks_are_not(lab: Lab) -> None:
    with_past(lab)
    lab.sql("update ledger set ended_at = now(), why_ended = 'alarm' where concept_id = 'people'")
    lab.card_of(people=0.5)
    said = cut(lab, "preview people 0.8")
    assert "on 22 predictions so far" in said
    assert "no checks there yet" in said


def test_what_cannot_be_previewed_is_refused_with_an_example(lab: Lab) -> None:
    lab.set_up("people man", live=False)
    for typed, reason in {
        "preview people": "Say what “people” should be",
        "preview peple 0.8": "Did you mean people?",
        "preview people high": "is not a number",
        "preview people off": "A preview is of one concept's value",
        "preview all 0.8": "A preview is of one concept's value",
        "preview people 0.8": "There are no predictions of people yet",
        "preview": "Say what",
    }.items():
        assert reason in cut(lab, typed), typed
    assert lab.rows("select max(number) from revision") == [(1,)]
