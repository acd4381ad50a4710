"""`/annotate setup` as a form: the key is checked as it is typed, names are suggested, and the saga does the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def words(view: dict[str, object]) -> str:
    return json.dumps(view, ensure_ascii=False)


def typed(lab: Lab, field: str, text: str) -> list[str]:
    """What is suggested while somebody types into a field."""
    view = lab.form()
    options = lab.workspace.suggestions(lab.dana, text, action_id=f"field:{field}", view_id=view["id"])
    return [str(option["text"]["text"]) for option in options]


def option(name: str) -> dict[str, object]:
    return {"text": {"type": "plain_text", "text": name}, "value": name}


def test_a_channel_is_set_up_by_form(lab: Lab) -> None:
    lab.open_form("setup")
    assert (
        lab.send_form(
            name_0="person",
            object_0=option("people"),
            accept_0="0.9",
            name_1="vehicle",
            object_1=option("car"),
            predicate_1="hypernym",
            name_2="vehicle",
            object_2=option("truck"),
            predicate_2="hypernym",
        )
        == {}
    )
    lab.settle_down()
    assert "Setting this channel up" in lab.whispers(lab.dana)[-1]
    assert "person: accept 0.90, floor 0.20" in lab.say("", command="/annotate-thresholds")
    assert "vehicle &gt; car, truck" in lab.say("concepts")
    assert "ready" in lab.say("status")


def test_the_models_words_are_suggested_while_somebody_types(lab: Lab) -> None:
    lab.open_form("setup")
    assert typed(lab, "object-0", "tr") == ["truck", "traffic light"]
    assert typed(lab, "object-0", "light") == ["traffic light"]
    assert typed(lab, "object-0", "100%_") == []


def test_a_key_is_checked_as_it_is_typed_kept_sealed_and_used(lab: Lab) -> None:
    lab.open_form("setup")
    view = lab.form()
    assert lab.workspace.press_in_view(lab.dana, view["id"], "Advanced").ok
    lab.run("show_forms")
    assert "Slack sees what is typed here" in words(lab.form())
    for key, said in (("nobody", "does not take this key"), ("demo-key", "belongs to demo")):
        values = {"key": {"field:key": key}}
        answer = lab.workspace.press_in_view(
            lab.dana, view["id"], action_id="field:key", block_id="key", value=key, values=values
        )
        assert answer.ok, answer
        lab.run("show_forms")
        assert said in words(lab.form())
    assert lab.rows("select count(*) from form where cast(about as text) like '%demo-key%'") == [(0,)]
    assert "Name the app" in lab.send_form(key="demo-key", name_0="people")["app"]
    assert lab.send_form(key="demo-key", app="own", name_0="people") == {}
    lab.settle_down()
    assert lab.rows("select app_id, sealed_key is not null from project") == [("own", True)]
    assert "ready" in lab.say("status")


def test_without_an_account_the_form_asks_for_a_key(database_url: str) -> None:
    with open_lab(database_url, settings={"clarifai_pat": "", "clarifai_user_id": "", "clarifai_app_id": ""}) as lab:
        lab.open_form("setup")
        assert "required" in lab.send_form(name_0="people")["key"]


def test_what_is_wrong_is_said_beside_its_field(lab: Lab) -> None:
    lab.open_form("setup")
    assert "at least one concept" in lab.send_form()["name-0"]
    wrong = lab.send_form(name_0="off", name_1="people", accept_1="0.1")
    assert "word of the commands" in wrong["name-0"]
    assert "would lie above" in wrong["floor-1"]
    assert "knows no concept “prson”" in lab.send_form(name_0="prson")["object-0"]
    assert lab.rows("select count(*) from project") == [(0,)]


def test_more_rows_and_the_advanced_part_come_on_demand(lab: Lab) -> None:
    lab.open_form("setup")
    view = lab.form()
    for label in ("Add a concept", "Advanced"):
        assert lab.workspace.press_in_view(lab.dana, view["id"], label).ok
        lab.run("show_forms")
    assert "Concept 4" in words(lab.form())
    assert "before the version" in lab.send_form(name_3="people", model="@v1")["model"]


def test_a_channel_that_is_set_up_is_not_asked_again(lab: Lab) -> None:
    lab.set_up("people")
    assert "set up already" in words(lab.open_form("setup"))


def test_a_form_left_open_survives_a_restart(lab: Lab) -> None:
    lab.open_form("setup")
    lab.restart()
    assert lab.send_form(name_0="people") == {}
    lab.settle_down()
    assert "ready" in lab.say("status")
