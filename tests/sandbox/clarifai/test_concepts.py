import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

GENERAL_CONCEPT = r.Model(id="aaa03c23b3724a16a56b629203edc62c")


def test_a_concept_comes_back_with_value_one(client) -> None:
    made = client.ask("PostConcepts", concepts=[r.Concept(id="peopleID", name="people")]).concepts[0]
    assert (made.id, made.name, made.value, made.app_id) == ("peopleID", "people", 1.0, "app")
    assert client.ask("GetConcept", concept_id="peopleID").concept == made


def test_a_second_concept_of_the_same_id_is_40003_and_nothing_of_the_request_is_kept(client) -> None:
    client.concepts("people")
    again = [r.Concept(id="manID"), r.Concept(id="peopleID")]
    reply = client.ask("PostConcepts", expect=codes.CONCEPTS_INVALID_REQUEST, concepts=again)
    assert reply.status.description == "Invalid request"
    assert "duplicate" in reply.status.details
    assert [concept.id for concept in client.ask("ListConcepts").concepts] == ["peopleID"]


def test_an_unknown_concept_is_11101(client) -> None:
    reply = client.ask("GetConcept", expect=codes.CONN_DOES_NOT_EXIST, concept_id="nobody")
    assert reply.status.description == "Resource does not exist"


def test_a_public_concept_cannot_be_patched(client) -> None:
    wanted = [r.Concept(id="ai_l8TKp2h5", name="folk")]
    client.ask("PatchConcepts", expect=codes.CONN_DOES_NOT_EXIST, concepts=wanted, action="overwrite")


def test_a_search_with_the_general_model_finds_public_ids_by_name(client) -> None:
    found = search(client, "people", model=GENERAL_CONCEPT)
    assert [(concept.id, concept.app_id) for concept in found] == [("ai_l8TKp2h5", "main")]


@pytest.mark.parametrize(("typed", "first"), [("ca", "car"), ("Car", "car"), ("hing 1", "thing 1"), ("car*", "car")])
def test_a_search_takes_any_part_of_a_name_nearest_first(client, typed, first) -> None:
    assert search(client, typed, model=GENERAL_CONCEPT)[0].name == first


def test_a_search_without_a_source_sees_the_app_s_concepts_only(client) -> None:
    client.concepts("people")
    assert [concept.id for concept in search(client, "people")] == ["peopleID"]


def test_a_search_with_a_source_shows_the_app_s_concepts_first_unless_told_not_to(client) -> None:
    client.concepts("people")
    both = search(client, "people", model=GENERAL_CONCEPT)
    assert [concept.id for concept in both] == ["peopleID", "ai_l8TKp2h5"]
    public = search(client, "people", model=GENERAL_CONCEPT, ignore_app_concepts=True)
    assert [concept.id for concept in public] == ["ai_l8TKp2h5"]


def test_the_other_public_model_has_fewer_concepts_with_ids_of_its_own(client) -> None:
    found = search(client, "", model=r.Model(id="everyday-things-recognition"))
    assert {concept.name for concept in found} == {"people", "man", "adult", "car", "dog", "cat", "vehicle"}
    assert all(concept.id.startswith("everyday-") for concept in found)


def test_a_search_in_a_model_that_does_not_exist_is_refused(client) -> None:
    search(client, "people", expect=codes.MODEL_DOES_NOT_EXIST, model=r.Model(id="nobody"))


def search(client, name, expect=codes.SUCCESS, **about: object) -> list[r.Concept]:
    return list(client.ask("PostConceptsSearches", expect=expect, concept_query={"name": name, **about}).concepts)
