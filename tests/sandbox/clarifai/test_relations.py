import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes


def test_a_relation_needs_only_the_app_id_main_and_comes_back_with_both_ends_in_full(client) -> None:
    client.concepts("people")
    [made] = client.relate("peopleID", "synonym", "ai_l8TKp2h5").concept_relations
    assert made.id
    assert (made.subject_concept.name, made.subject_concept.app_id) == ("people", "app")
    assert (made.object_concept.name, made.object_concept.app_id) == ("people", "main")
    assert (made.predicate, made.knowledge_graph_id) == ("synonym", "")


@pytest.mark.parametrize(
    ("subject", "target", "predicate", "code"),
    [
        ("nobody", "ai_l8TKp2h5", "synonym", codes.CONN_DOES_NOT_EXIST),
        ("peopleID", "nobody", "synonym", codes.CONN_DOES_NOT_EXIST),
        ("peopleID", "ai_l8TKp2h5", "friend", codes.CONCEPTS_INVALID_REQUEST),
    ],
)
def test_a_relation_with_a_fault_is_refused_whole(client, subject, target, predicate, code) -> None:
    client.concepts("people")
    good = r.ConceptRelation(object_concept=r.Concept(id="ai_dxSG2s86", app_id="main"), predicate="synonym")
    bad = r.ConceptRelation(object_concept=r.Concept(id=target, app_id="main"), predicate=predicate)
    client.ask("PostConceptRelations", expect=code, concept_id=subject, concept_relations=[good, bad])
    assert client.ask("ListConceptRelations").concept_relations == []


def test_the_same_relation_twice_is_a_duplicate_but_not_in_another_graph(client) -> None:
    client.concepts("people")
    client.relate("peopleID", "synonym", "ai_l8TKp2h5")
    with pytest.raises(AssertionError, match="duplicate"):
        client.relate("peopleID", "synonym", "ai_l8TKp2h5")
    client.relate("peopleID", "synonym", "ai_l8TKp2h5", graph="other")


def test_asked_from_the_object_the_relation_is_turned_round(client) -> None:
    client.concepts("vehicle")
    client.relate("vehicleID", "hypernym", "local-car")
    [stored] = client.ask("ListConceptRelations").concept_relations
    [turned] = client.ask("ListConceptRelations", concept_id="local-car").concept_relations
    assert (stored.subject_concept.id, stored.predicate, stored.object_concept.id) == (
        "vehicleID",
        "hypernym",
        "local-car",
    )
    assert (turned.subject_concept.id, turned.predicate, turned.object_concept.id) == (
        "local-car",
        "hyponym",
        "vehicleID",
    )


def test_relations_are_listed_by_predicate_and_graph_and_deleted_by_id(client) -> None:
    client.concepts("people")
    client.relate("peopleID", "synonym", "ai_l8TKp2h5")
    client.relate("peopleID", "hypernym", "ai_dxSG2s86", graph="family")
    [in_graph] = client.ask("ListConceptRelations", knowledge_graph_id="family").concept_relations
    [synonym] = client.ask("ListConceptRelations", predicate="synonym").concept_relations
    assert in_graph.predicate == "hypernym"
    client.ask("DeleteConceptRelations", concept_id="peopleID", ids=[synonym.id])
    assert client.ask("ListConceptRelations").concept_relations == [in_graph]
    client.ask("DeleteConceptRelations", expect=codes.CONN_DOES_NOT_EXIST, ids=[synonym.id])


def test_knowledge_graphs_are_made_and_listed(client) -> None:
    client.ask("PostKnowledgeGraphs", knowledge_graphs=[r.KnowledgeGraph(id="family", name="Family")])
    assert [graph.name for graph in client.ask("ListKnowledgeGraphs").knowledge_graphs] == ["Family"]


@pytest.mark.parametrize(
    ("predicate", "public", "graph", "mapped"),
    [
        ("synonym", "ai_l8TKp2h5", "", True),
        ("hypernym", "local-car", "", True),  # whatever is a car is a vehicle
        ("hyponym", "local-dog", "", True),  # a dog makes puppy a candidate
        ("synonym", "ai_l8TKp2h5", "family", False),  # not in the mapper's graph
        ("synonym", "local-cat", "", False),  # the model says nothing of cats here: value 0
    ],
)
def test_the_mapper_follows_every_predicate_of_its_own_graph(
    sandbox, client, vision, predicate, public, graph, mapped
) -> None:
    vision.plant(b"street", {"people": 0.8, "car": 0.8, "dog": 0.8})
    client.concepts("own")
    client.relate("ownID", predicate, public, graph=graph)
    mapper = client.model("mapper", "concept-synonym-mapper", knowledge_graph_id="")
    writer = client.model("writer", "annotation-writer", annotation_status=24151)
    above = client.model("above", "concept-thresholder", {"ownID": 0.5}, concept_threshold_type="GREATER_THAN")
    nodes = [
        client.node("general", (GENERAL_ID, "")),
        client.node("mapper", mapper, "general"),
        client.node("above", above, "mapper"),
        client.node("writer", writer, "above"),
    ]
    client.ask("PostWorkflows", workflows=[r.Workflow(id="wf", nodes=nodes)])
    client.ask("PatchApps", apps=[{"id": "app", "default_workflow": {"id": "wf"}}], action="overwrite")
    client.add("in1", b"street")
    sandbox.settled("app", 5)
    assert [client.shown(one.data.concepts) for one in client.written()] == ([{"ownID": 0.8}] if mapped else [])


GENERAL_ID = "aaa03c23b3724a16a56b629203edc62c"
