"""`/annotate setup ...` reads the app first, says what it found, and builds the walkthrough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.holdings import holdings

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def checklist(lab: Lab, channel: str = "") -> str:
    """All that the one checklist of the channel says."""
    [message] = lab.messages("checklist", channel)
    return str(message)


def buttons(message: dict[str, Any]) -> list[str]:
    elements = [e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]]
    return [e["text"]["text"] for e in elements]


def mrkdwn(message: dict[str, Any]) -> list[str]:
    """Every text of a message in which Slack would read a mention."""
    elements = [e for block in message.get("blocks", ()) for e in [block.get("text"), *block.get("elements", ())] if e]
    return [message["text"], *(e["text"] for e in elements if e["type"] == "mrkdwn")]


def test_a_new_app_is_made_and_the_checklist_ends_at_ready_not_live(lab: Lab) -> None:
    said = lab.say("setup people man adult")
    assert "One moment" in said  # nobody knows dana yet: her standing is asked first
    lab.settle_down()
    assert "people, man, adult" in " ".join(lab.whispers(lab.dana))
    [message] = lab.messages("checklist")
    assert "Ready, not live" in str(message)
    assert "team does not exist yet" in str(message)
    assert buttons(message) == ["Try it", "Go live"]
    with holdings(lab) as app:
        app.exactly_one_of_everything(3)
        assert app.concepts() == {"people": "people", "man": "man", "adult": "adult"}
        assert app.relations() == [(n, "synonym", n, "") for n in ("adult", "man", "people")]
        assert app.in_force() == dict.fromkeys(("people", "man", "adult"), (0.2, 0.95))
        assert app.default_workflow() != "annotate-bot"


def test_the_workflow_is_the_walkthroughs_with_three_thresholders(lab: Lab) -> None:
    lab.set_up("people", live=False)
    with holdings(lab) as app:
        nodes = {n.id: n for n in app.workflow().nodes}
    inputs = {node_id: [i.node_id for i in n.node_inputs] for node_id, n in nodes.items()}
    assert inputs == {
        "general-embed": [],
        "general-concept": [],
        "general-cluster": [],
        "mapper": ["general-concept"],
        "floor": ["mapper"],
        "accept": ["floor"],
        "below-accept": ["floor"],
        "write-success": ["accept"],
        "write-pending": ["below-accept"],
    }
    assert nodes["general-concept"].model.id == "aaa03c23b3724a16a56b629203edc62c"
    assert nodes["general-concept"].model.model_version.id == "aa7f35c01e0642fda5cf400f543e7c40"


def test_what_stands_in_the_app_is_read_first_and_said(lab: Lab) -> None:
    with holdings(lab) as app:
        app.create("General")
        app.add_input("old", lab.picture(people=0.5))
        lab.clarifai.settled(lab.app_id)
        lab.set_up("people", live=False)
        assert app.default_workflow() == "General"  # untouched until somebody goes live
    assert "team holds 1 input, 0 pending annotations, its default workflow is General" in checklist(lab)


@pytest.mark.parametrize(
    ("link", "edges", "seen", "gives"),
    [
        ("people", [("people", "synonym", "people", "")], {"people": 0.5}, {"people": 0.5}),
        ("person=people", [("person", "synonym", "people", "")], {"people": 0.5}, {"person": 0.5}),
        ("vehicle>car", [("vehicle", "hypernym", "car", "")], {"car": 0.6}, {"vehicle": 0.6}),
        ("puppy<dog", [("puppy", "hyponym", "dog", "")], {"dog": 0.7}, {"puppy": 0.7}),
        (
            '"traffic light"',
            [("traffic-light", "synonym", "traffic light", "")],
            {"traffic_light": 0.5},
            {"traffic-light": 0.5},
        ),
        (
            "vehicle>car,truck",
            [("vehicle", "hypernym", "car", ""), ("vehicle", "hypernym", "truck", "")],
            {"car": 0.3, "truck": 0.8},
            {"vehicle": 0.8},  # several links: the highest value counts
        ),
        (
            "Helper=man Helper<adult",
            [("helper", "hyponym", "adult", ""), ("helper", "synonym", "man", "")],
            {"man": 0.4, "adult": 0.6},
            {"helper": 0.6},
        ),
    ],
)
def test_each_link_is_stored_subject_first_and_carries_its_value(
    lab: Lab, link: str, edges: list[tuple[str, ...]], seen: dict[str, float], gives: dict[str, float]
) -> None:
    lab.set_up(link)
    with holdings(lab) as app:
        assert app.relations() == edges
    lab.upload(("photo.png", lab.picture(**seen)))  # type: ignore[arg-type]
    lab.settle_down()
    assert lab.held() == [("ANNOTATION_PENDING", gives)]


def test_a_graph_follows_only_its_own_relations(lab: Lab) -> None:
    with holdings(lab) as app:
        lab.set_up("person=people graph=faces")
        assert app.relations() == [("person", "synonym", "people", "faces")]
        [graph] = app.ask("ListKnowledgeGraphs").knowledge_graphs
        assert graph.id == "faces"
        outside = app.ask("PostConceptsSearches", concept_query={"name": "dog"}).concepts
        dog = next((c.id for c in outside if c.name == "dog"), "")
        if not dog:
            dog = next(c.id for c in lab.model.vocabulary if c.name == "dog")
        relation = {"object_concept": {"id": dog, "app_id": "main"}, "predicate": "synonym"}
        app.ask("PostConceptRelations", concept_id="person", concept_relations=[relation])
    lab.upload(("dog.png", lab.picture(dog=0.9)))
    lab.card_of(people=0.5)
    assert lab.held() == [("ANNOTATION_PENDING", {"person": 0.5})]


@pytest.mark.parametrize("version", ["", "@e0e0da70000000000000000000000001"])
def test_another_model_takes_the_place_of_general(lab: Lab, version: str) -> None:
    lab.set_up(f"people dog model=everyday-things-recognition{version}")
    with holdings(lab) as app:
        nodes = {n.id: n.model for n in app.workflow().nodes}
    assert nodes["general-concept"].id == "everyday-things-recognition"
    assert nodes["general-concept"].model_version.id == "e0e0da70000000000000000000000001"
    lab.card_of(dog=0.5)
    assert lab.held() == [("ANNOTATION_PENDING", {"dog": 0.5})]


@pytest.mark.parametrize("model", ["no-such-model", "everyday-things-recognition@ffffffff"])
def test_an_unknown_model_or_version_stops_clearly_and_another_line_goes_on(lab: Lab, model: str) -> None:
    lab.set_up(f"people model={model}", live=False)
    assert "has stopped" in checklist(lab)
    assert model.partition("@")[0] in checklist(lab)
    lab.set_up("people model=everyday-things-recognition", live=False)
    assert "Ready, not live" in checklist(lab)


def test_a_name_the_model_does_not_know_stops_with_the_nearest_and_can_be_mended(lab: Lab) -> None:
    lab.set_up("peoples man", live=False)
    said = checklist(lab)
    assert "has stopped" in said
    assert "knows no concept “peoples”" in said
    assert "The nearest it knows: people" in said
    with holdings(lab) as app:
        assert app.models() == {}  # nothing is half made
        lab.set_up("people man", live=False)
        assert "Ready, not live" in checklist(lab)
        assert app.concepts() == {"people": "people", "man": "man"}
        app.exactly_one_of_everything(2)


def test_a_version_named_later_replaces_the_one_before(lab: Lab) -> None:
    lab.set_up("people model=everyday-things-recognition@wrong", live=False)
    lab.set_up("people model=everyday-things-recognition@e0e0da70000000000000000000000001", live=False)
    assert "Ready, not live" in checklist(lab)


def test_a_second_channel_gets_an_app_of_its_own(lab: Lab) -> None:
    second = "C0SECOND01"
    lab.workspace.join(second)
    lab.set_up("people", live=False)
    lab.say("setup man", channel=second)
    lab.settle_down()
    assert "Ready, not live" in checklist(lab, second)
    with holdings(lab, "team-c0second01") as app:
        assert app.apps() == ["team", "team-c0second01"]
        app.exactly_one_of_everything(1)
        assert app.concepts() == {"man": "man"}
    lab.say("live", channel=second)
    lab.settle_down()
    assert "This channel is live" in checklist(lab, second)
    assert "Ready, not live" in checklist(lab)


def test_a_channel_that_is_set_up_is_not_set_up_again(lab: Lab) -> None:
    lab.set_up("people", live=False)
    said = lab.say("setup dog")
    assert "set up already" in said
    lab.settle_down()
    with holdings(lab) as app:
        assert app.concepts() == {"people": "people"}


def test_a_hostile_name_is_shown_as_it_is_typed(lab: Lab) -> None:
    lab.set_up('"<!channel> & co"=people', live=False)
    [message] = lab.messages("checklist")
    assert "&lt;!channel&gt; &amp; co" in str(message)
    assert "<!channel>" not in str(message)
    with holdings(lab) as app:
        assert app.concepts() == {"channel-co": "<!channel> & co"}
    lab.say("live")
    lab.settle_down()
    assert "channel" in lab.say('"<!channel> & co" 0.9', command="/annotate-thresholds")
    lab.card_of(people=0.5)
    lab.say("digest")
    lab.settle_down()
    alive = [text for message in lab.messages() for text in mrkdwn(message)]
    assert any("&lt;!channel&gt;" in text for text in alive)
    assert all("<!channel>" not in text for text in [*alive, *lab.whispers(lab.dana)])
    with holdings(lab) as app:
        assert app.in_force() == {"channel-co": (0.2, 0.9)}
