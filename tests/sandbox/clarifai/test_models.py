import math
from typing import Any

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

Fields = Any  # whatever the message takes
GENERAL = "aaa03c23b3724a16a56b629203edc62c"


def test_a_model_is_ready_at_once_with_a_version_of_32_hex_digits(client) -> None:
    identifier, version = client.model("mapper", "concept-synonym-mapper", knowledge_graph_id="")
    found = client.ask("GetModel", model_id=identifier).model
    assert (found.app_id, found.user_id, found.model_type_id) == ("app", "demo", "concept-synonym-mapper")
    assert found.model_version.id == version
    assert len(bytes.fromhex(version)) == 16
    assert found.model_version.status.code == codes.MODEL_TRAINED
    assert found.model_version.status.description == "Model trained successfully"


def test_the_singular_field_of_the_curl_examples_works_too(client) -> None:
    wanted = r.Model(id="mapper", model_type_id="concept-synonym-mapper")
    assert client.ask("PostModels", model=wanted).model.id == "mapper"


def test_a_new_version_leaves_the_old_one_readable(client) -> None:
    _, old = client.model("over", "concept-thresholder", {"a": 0.5}, concept_threshold_type="GREATER_THAN")
    output_info = client.ask("GetModel", model_id="over").model.model_version.output_info
    output_info.data.concepts[0].value = 0.75
    changed = client.ask("PostModelVersions", model_id="over", model_versions=[r.ModelVersion(output_info=output_info)])
    new = changed.model.model_version.id
    for version, value in ((old, 0.5), (new, 0.75), ("", 0.75)):
        found = client.ask("GetModel", model_id="over", version_id=version).model
        assert found.output_info.data.concepts[0].value == value
        assert found.model_version.output_info.data.concepts[0].value == value
    assert [v.id for v in client.ask("ListModelVersions", model_id="over").model_versions] == [new, old]
    assert client.ask("GetModelVersion", model_id="over", version_id=old).model_version.id == old


def test_patching_the_output_info_makes_a_version_and_patching_the_name_does_not(client) -> None:
    _, old = client.model("over", "concept-thresholder", {"a": 0.5, "b": 0.25}, concept_threshold_type="LESS_THAN")
    client.ask("PatchModels", models=[r.Model(id="over", name="new name")], action="overwrite")
    assert client.ask("GetModel", model_id="over").model.model_version.id == old
    part = r.OutputInfo(data=r.Data(concepts=[r.Concept(id="b", value=0.75)]))
    client.ask("PatchModels", models=[r.Model(id="over", output_info=part)], action="merge")
    found = client.ask("GetModel", model_id="over").model
    assert found.name == "new name"
    assert found.model_version.id != old
    assert client.shown(found.output_info.data.concepts) == {"a": 0.5, "b": 0.75}
    assert found.output_info.params["concept_threshold_type"] == "LESS_THAN"


def test_public_models_are_read_from_any_app_and_listed_behind_its_own(client) -> None:
    client.model("mapper", "concept-synonym-mapper")
    assert client.ask("GetModel", model_id=GENERAL).model.app_id == "main"
    listed = [model.id for model in client.ask("ListModels").models]
    assert listed[0] == "mapper"
    assert {GENERAL, "everyday-things-recognition"} < set(listed)
    assert [model.id for model in client.ask("ListModels", dont_fetch_from_main=True).models] == ["mapper"]
    classifiers = client.ask("ListModels", model_type_id="visual-classifier").models
    assert {model.id for model in classifiers} == {GENERAL, "everyday-things-recognition"}


def test_unknown_models_and_versions_are_11101(client) -> None:
    client.ask("GetModel", expect=codes.CONN_DOES_NOT_EXIST, model_id="nobody")
    client.ask("GetModel", expect=codes.CONN_DOES_NOT_EXIST, model_id=GENERAL, version_id="0" * 32)
    client.ask("ListModelVersions", expect=codes.CONN_DOES_NOT_EXIST, model_id="nobody")


@pytest.mark.parametrize(
    ("kind", "cuts", "params"),
    [
        ("concept-thresholder", {"a": math.nan}, {"concept_threshold_type": "GREATER_THAN"}),
        ("concept-thresholder", {"a": -0.5}, {"concept_threshold_type": "GREATER_THAN"}),
        ("concept-thresholder", {"a": 0.5}, {"concept_threshold_type": "BIGGER"}),
        ("concept-thresholder", {"a": 0.5}, {"concept_threshold_type": 6}),
        ("concept-thresholder", {"a": 0.5}, {}),
        ("annotation-writer", {}, {"annotation_status": "ANNOTATION_GREAT"}),
        ("annotation-writer", {}, {"annotation_status": 24158}),
        ("annotation-writer", {}, {"annotation_status": 30000}),
        ("annotation-writer", {}, {}),
        ("image-dreamer", {}, {}),
        ("", {}, {}),
    ],
)
def test_a_model_that_could_not_work_is_refused_and_not_kept(client, kind, cuts, params) -> None:
    with pytest.raises(AssertionError, match="MODEL_INVALID"):
        client.model("bad", kind, cuts, **params)
    client.ask("GetModel", expect=codes.CONN_DOES_NOT_EXIST, model_id="bad")


@pytest.mark.parametrize("comparator", [1, 2.0, "GREATER_THAN", "EQUAL", 5])
def test_a_comparator_is_taken_by_name_or_number(client, comparator) -> None:
    client.model("over", "concept-thresholder", {"a": 0.5}, concept_threshold_type=comparator)


def test_model_outputs_are_the_twenty_best_and_what_a_relation_names(client, vision) -> None:
    client.concepts("people")
    client.relate("peopleID", "synonym", "ai_l8TKp2h5")
    vision.plant(b"things", {f"thing {number}": 0.5 + number / 100 for number in range(30)} | {"people": 0.01})
    given = [client.image_input("", b"things")]
    found = client.ask("PostModelOutputs", model_id=GENERAL, inputs=given).outputs[0].data.concepts
    assert [concept.name for concept in found] == [*(f"thing {n}" for n in range(29, 9, -1)), "people"]
    assert [concept.value for concept in found] == sorted((concept.value for concept in found), reverse=True)


def test_model_outputs_can_be_narrowed(client, vision) -> None:
    vision.plant(b"things", {f"thing {number}": 0.5 + number / 100 for number in range(30)})
    given = [client.image_input("", b"things")]

    def names(**config: Fields) -> list[str]:
        model = r.Model(output_info=r.OutputInfo(output_config=r.OutputConfig(**config)))
        reply = client.ask("PostModelOutputs", model_id=GENERAL, inputs=given, model=model)
        return [concept.name for concept in reply.outputs[0].data.concepts]

    assert names(max_concepts=2) == ["thing 29", "thing 28"]
    assert names(min_value=0.775) == ["thing 29", "thing 28"]
    assert names(select_concepts=[r.Concept(name="thing 3")]) == ["thing 3"]


def test_an_image_that_is_none_fails_alone(client) -> None:
    given = [client.image_input("a", b"fine"), client.image_input("b", b"broken")]
    reply = client.ask("PostModelOutputs", expect=codes.MIXED_STATUS, model_id=GENERAL, inputs=given)
    assert [output.status.code for output in reply.outputs] == [codes.SUCCESS, codes.INPUT_FAILED]


def test_the_kinds_of_model_say_what_they_take(client) -> None:
    kinds = {kind.id for kind in client.ask("ListModelTypes").model_types}
    assert {"concept-synonym-mapper", "concept-thresholder", "annotation-writer", "visual-classifier"} < kinds
    found = client.ask("GetModelType", model_type_id="concept-thresholder").model_type
    options = found.model_type_fields[0].model_type_enum_options
    assert [(option.id, option.aliases[0].id_int) for option in options][:2] == [
        ("GREATER_THAN", 1),
        ("GREATER_THAN_OR_EQUAL", 2),
    ]
    client.ask("GetModelType", expect=codes.CONN_DOES_NOT_EXIST, model_type_id="dreamer")
