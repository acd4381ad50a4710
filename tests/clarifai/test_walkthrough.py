"""The walkthrough, step by step, against a Clarifai that refuses what the real one refuses."""

from __future__ import annotations

import grpc
import pytest

from bot.clarifai import ClarifaiAccount, Patience
from bot.domain import blueprint
from bot.domain.annotations import AnnotationStatus
from bot.domain.concepts import Concept, ModelRef
from bot.domain.errors import NotFound, PlatformRefused, WrongKey
from bot.domain.thresholds import OFF, ConceptThreshold
from bot.sandbox.clarifai import ClarifaiSandbox, Switches
from bot.sandbox.recognition import PlantedModel
from bot.usecases.ports import InputState

CREATING = (
    "PostConcepts",
    "PostConceptRelations",
    "PostModels",
    "PostModelVersions",
    "PostWorkflows",
    "PatchWorkflows",
)
LOWER = [ConceptThreshold(one, accept=0.4) for one in ("people", "man", "adult")]
OTHER_MODEL = "everyday-things-recognition"


def test_every_step_of_the_walkthrough_works(lab) -> None:
    assert lab.platform.prove_ownership() == "demo"
    version = lab.set_up()
    lab.go_live()
    assert lab.platform.default_workflow() == (blueprint.WORKFLOW_ID, version)
    assert lab.mapped() == {"people": 0.99, "man": 0.5, "adult": 0.05}
    lab.upload("in1")
    [page] = lab.platform.changed_annotations("demo", None)
    found = {seen.annotation.status: seen.annotation for seen in page}
    assert [s.concept_id for s in found[AnnotationStatus.SUCCESS].suggestions] == ["people"]
    assert [s.concept_id for s in found[AnnotationStatus.PENDING].suggestions] == ["man"]
    assert found[AnnotationStatus.PENDING].info == {"written_by": blueprint.WRITER_MARK}
    assert {seen.input.id for seen in page} == {"in1"}
    assert lab.platform.read_inputs(["in1"])["in1"].state is InputState.READY
    facts = lab.platform.read_app()
    assert (facts.default_workflow, facts.inputs, facts.pending) == (blueprint.WORKFLOW_ID, 1, 1)


def test_a_dry_run_writes_nothing(lab) -> None:
    lab.set_up()
    lab.mapped()
    assert list(lab.platform.changed_annotations("demo", None)) == []
    assert lab.platform.read_app().inputs == 0


def test_every_step_done_twice_makes_one_of_everything(lab) -> None:
    first = lab.set_up("people man adult vehicle>car vehicle=car puppy<dog")
    calls = lab.sandbox.faults.calls
    calls.clear()
    lab.platform.create_app()
    assert lab.set_up("people man adult vehicle>car vehicle=car puppy<dog") == first
    assert [calls[rpc] for rpc in CREATING] == [0] * len(CREATING)


@pytest.mark.parametrize("code", [grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE])
@pytest.mark.parametrize("duplicate", ["40003", "40010", "22100"])
def test_every_answer_lost_after_the_deed_still_makes_one_of_everything(code, duplicate) -> None:
    with (
        ClarifaiSandbox(PlantedModel(), rate_limit=None, switches=Switches(duplicate=duplicate)) as sandbox,
        ClarifaiAccount(sandbox.base, patience=Patience(first_pause_s=0.01), requests_per_s=1000) as account,
    ):
        platform = account.platform("demo", "team", "demo-key")
        for rpc in ("PostApps", "PostConcepts", "PostModels", "PostWorkflows", "PatchApps"):
            sandbox.faults.apply_then_fail(rpc, code=code)
        platform.create_app()
        platform.ensure_concepts([Concept("people", "people", ())])
        plan = blueprint.mapper("")
        version = platform.ensure_model(plan)
        nodes = [blueprint.GENERAL_CONCEPT, blueprint.NodePlan("mapper", plan.id, version, ("general-concept",))]
        assert platform.ensure_workflow("w", nodes) == platform.ensure_workflow("w", nodes)
        assert platform.ensure_model(plan) == version
        platform.set_default_workflow("w")
        assert platform.default_workflow()[0] == "w"


def test_set_up_converges_when_each_creating_answer_is_lost(lab) -> None:
    asked = "people man adult graph=small"
    for rpc in (*CREATING, "PostKnowledgeGraphs", "PatchApps"):
        lab.sandbox.faults.apply_then_fail(rpc, code=grpc.StatusCode.UNAVAILABLE)
    lab.set_up(asked)
    lab.set_up(asked, LOWER)
    lab.go_live()
    assert len(lab.ask("ListConcepts").concepts) == 3
    assert len(lab.ask("ListConceptRelations").concept_relations) == 3
    assert len(lab.ask("ListKnowledgeGraphs").knowledge_graphs) == 1
    versions = {
        p: len(lab.ask("ListModelVersions", model_id=p).model_versions)
        for p in (blueprint.MAPPER_ID, blueprint.FLOOR_ID, blueprint.ACCEPT_ID, blueprint.BELOW_ID)
    }
    assert versions == {blueprint.MAPPER_ID: 1, blueprint.FLOOR_ID: 1, blueprint.ACCEPT_ID: 2, blueprint.BELOW_ID: 2}
    assert len(lab.ask("ListWorkflowVersions", workflow_id=blueprint.WORKFLOW_ID).workflow_versions) == 2


def test_a_new_threshold_makes_new_versions_and_one_patch(lab) -> None:
    first = lab.set_up()
    lab.sandbox.faults.calls.clear()
    assert lab.set_up(cuts=LOWER) != first
    assert lab.sandbox.faults.calls["PostModelVersions"] == 2
    assert lab.sandbox.faults.calls["PatchWorkflows"] == 1
    lab.go_live()
    lab.upload("in1")
    [page] = lab.platform.changed_annotations("demo", None)
    assert [(seen.annotation.status, len(seen.annotation.suggestions)) for seen in page] == [
        (AnnotationStatus.SUCCESS, 2)
    ]


def test_going_back_to_old_thresholds_takes_the_old_versions(lab) -> None:
    lab.set_up()
    lab.set_up(cuts=LOWER)
    lab.sandbox.faults.calls.clear()
    lab.set_up()
    assert lab.sandbox.faults.calls["PostModelVersions"] == 0
    assert lab.sandbox.faults.calls["PatchWorkflows"] == 1


def test_a_default_that_stays_behind_is_seen_and_moved_on(lab_with) -> None:
    lab = lab_with(Switches(default_workflow="stays"))
    first = lab.set_up()
    lab.go_live()
    second = lab.set_up(cuts=LOWER)
    assert lab.platform.default_workflow() == (blueprint.WORKFLOW_ID, first)
    lab.go_live()
    assert lab.platform.default_workflow() == (blueprint.WORKFLOW_ID, second)


def test_off_closes_the_accepting_branch(lab) -> None:
    lab.set_up(cuts=[ConceptThreshold(one, accept=OFF) for one in ("people", "man", "adult")])
    lab.go_live()
    lab.upload("in1")
    [page] = lab.platform.changed_annotations("demo", None)
    assert [seen.annotation.status for seen in page] == [AnnotationStatus.PENDING]


def test_a_threshold_above_one_that_is_refused_says_so() -> None:
    with (
        ClarifaiSandbox(PlantedModel(), rate_limit=None, switches=Switches(threshold_above_one="refused")) as sandbox,
        ClarifaiAccount(sandbox.base) as account,
    ):
        platform = account.platform("demo", "team", "demo-key")
        platform.create_app()
        with pytest.raises(PlatformRefused):
            platform.ensure_model(blueprint.thresholders([ConceptThreshold("people", accept=OFF)])[1])


@pytest.mark.parametrize(("greater", "passes"), [("strict", False), ("inclusive", True)])
def test_whether_greater_than_lets_an_equal_value_pass_is_found_out_without_writing(lab_with, greater, passes) -> None:
    lab = lab_with(Switches(greater_than=greater))
    cuts = [ConceptThreshold("people"), ConceptThreshold("man", accept=OFF)]
    accept = blueprint.thresholders(cuts, blueprint.Branching.WITHIN_ONE)[1]
    version = lab.platform.ensure_model(accept)
    assert lab.platform.passes_equal(accept, version) is passes
    assert lab.ask("ListInputs").inputs == []


def test_a_thresholder_that_cannot_be_run_alone_may_let_equal_values_pass(lab) -> None:
    accept = blueprint.thresholders([ConceptThreshold("people")], blueprint.Branching.WITHIN_ONE)[1]
    version = lab.platform.ensure_model(accept)
    lab.sandbox.faults.fail_next("PostModelOutputs", 21200)
    assert lab.platform.passes_equal(accept, version)


def test_each_predicate_links_in_its_direction(lab) -> None:
    lab.set_up("person=people vehicle>car,truck puppy<dog")
    relations = {
        (one.subject_concept.id, one.predicate, one.object_concept.name)
        for one in lab.ask("ListConceptRelations").concept_relations
    }
    assert relations == {
        ("person", "synonym", "people"),
        ("vehicle", "hypernym", "car"),
        ("vehicle", "hypernym", "truck"),
        ("puppy", "hyponym", "dog"),
    }
    assert lab.mapped() == {"person": 0.99, "vehicle": 0.7, "puppy": 0.6}


def test_a_graph_narrows_the_mapper_to_its_own_relations(lab) -> None:
    lab.set_up("people man graph=small")
    lab.set_up("adult")
    lab.set_up("people graph=small")
    assert set(lab.mapped()) == {"people", "man"}


def test_another_model_takes_generals_place(lab) -> None:
    lab.set_up(f"people car model={OTHER_MODEL}")
    assert lab.platform.resolve_model(ModelRef(OTHER_MODEL)).version
    assert lab.mapped() == {"people": 0.99, "car": 0.7}


def test_a_model_or_version_that_does_not_exist_is_not_found(lab) -> None:
    for missing in (ModelRef("no-such-model"), ModelRef(OTHER_MODEL, "f" * 32)):
        with pytest.raises(NotFound):
            lab.platform.resolve_model(missing)


def test_a_model_of_another_kind_is_left_alone(lab) -> None:
    lab.platform.ensure_model(blueprint.ModelPlan("taken", blueprint.ModelKind.MAPPER))
    with pytest.raises(PlatformRefused, match="another kind"):
        lab.platform.ensure_model(blueprint.ModelPlan("taken", blueprint.ModelKind.WRITER))


def test_an_app_that_does_not_exist_reads_as_none(account) -> None:
    assert account.platform("demo", "nowhere", "demo-key").read_app() is None


def test_an_app_without_our_workflow_has_another_default_or_none(lab) -> None:
    assert lab.platform.default_workflow()[0] != blueprint.WORKFLOW_ID


def test_no_default_workflow_at_all_is_refused(lab) -> None:
    with pytest.raises(PlatformRefused):
        lab.platform.set_default_workflow("")


def test_somebody_elses_key_does_not_prove_ownership() -> None:
    accounts = {"demo": "demo-key", "guest": "guest-key"}
    with (
        ClarifaiSandbox(PlantedModel(), accounts=accounts, apps=["team"]) as sandbox,
        ClarifaiAccount(sandbox.base) as account,
    ):
        with pytest.raises(WrongKey, match="guest"):
            account.platform("demo", "team", "guest-key").prove_ownership()
        with pytest.raises(WrongKey):
            account.platform("demo", "team", "no-such-key").prove_ownership()


def test_tls_works_with_a_certificate_of_our_own(tmp_path) -> None:
    with (
        ClarifaiSandbox(PlantedModel(), tls_port=0, cert_dir=tmp_path) as sandbox,
        ClarifaiAccount(sandbox.tls_base, sandbox.cert) as account,
    ):
        assert account.platform("demo", "team", "demo-key").prove_ownership() == "demo"


def test_an_address_of_another_kind_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="is not an address"):
        ClarifaiAccount("api.clarifai.com")
