"""Which calls a key may make, asked without changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.clarifai import permissions, rpcs
from bot.domain import blueprint
from bot.domain.errors import PlatformUnavailable

if TYPE_CHECKING:
    from bot.clarifai import ClarifaiAccount, ClarifaiPlatform
    from bot.sandbox.clarifai import ClarifaiSandbox
    from tests.clarifai.conftest import Lab

EVERY = {rpc.name for rpc in vars(rpcs).values() if isinstance(rpc, rpcs.Rpc)}


def test_every_call_of_the_bot_is_asked_for_unless_it_deletes() -> None:
    assert {rpc.name for rpc in permissions.ASKED} == {name for name in EVERY if not name.startswith("Delete")}


def test_the_owners_key_may_make_every_call(platform: ClarifaiPlatform) -> None:
    assert platform.refused_calls() == []


def test_before_the_app_exists_nothing_is_refused_either(account: ClarifaiAccount) -> None:
    assert account.platform("demo", "not-made-yet", "demo-key").refused_calls() == []


@pytest.mark.parametrize("name", sorted(rpc.name for rpc in permissions.ASKED))
def test_a_call_without_its_scope_is_named(sandbox: ClarifaiSandbox, platform: ClarifaiPlatform, name: str) -> None:
    sandbox.faults.fail_next(name, codes.CONN_INSUFFICIENT_SCOPES)
    assert platform.refused_calls() == [name]


def test_an_unknown_key_may_make_none(account: ClarifaiAccount) -> None:
    refused = account.platform("demo", "team", "nobodys-key").refused_calls()
    assert refused == [rpc.name for rpc in permissions.ASKED]


def test_asking_changes_nothing(lab: Lab) -> None:
    version = lab.set_up()
    lab.go_live()
    lab.upload("one", "two")
    before = standing(lab)
    assert lab.platform.refused_calls() == []
    assert standing(lab) == before
    assert lab.platform.default_workflow() == (blueprint.WORKFLOW_ID, version)


def standing(lab: Lab) -> list[bytes]:
    """Everything that stands in the account, as it is on the wire."""
    replies = [
        lab.ask("ListApps", page=1, per_page=100).apps,
        lab.ask("ListConcepts", page=1, per_page=100).concepts,
        lab.ask("ListConceptRelations", page=1, per_page=100).concept_relations,
        lab.ask("ListKnowledgeGraphs").knowledge_graphs,
        lab.ask("ListModels", page=1, per_page=100).models,
        lab.ask("ListWorkflows", page=1, per_page=100).workflows,
        lab.ask("ListInputs", page=1, per_page=100).inputs,
        lab.ask("ListAnnotations", list_all_annotations=True, page=1, per_page=100).annotations,
        *(
            lab.ask("ListModelVersions", model_id=model.id, page=1, per_page=100).model_versions
            for model in (blueprint.mapper(""), *blueprint.writers("demo"))
        ),
    ]
    assert any(replies)
    return [item.SerializeToString(deterministic=True) for reply in replies for item in reply]


def test_an_outage_is_no_refusal(sandbox: ClarifaiSandbox, platform: ClarifaiPlatform) -> None:
    with sandbox.faults.outage(), pytest.raises(PlatformUnavailable):
        platform.refused_calls()


def test_a_door_that_is_shut_in_transport_is_a_refusal(sandbox: ClarifaiSandbox, platform: ClarifaiPlatform) -> None:
    sandbox.faults.fail_next("PostModels", grpc.StatusCode.PERMISSION_DENIED)
    assert platform.refused_calls() == ["PostModels"]
