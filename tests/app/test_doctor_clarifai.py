"""The doctor on Clarifai: away, another key, a scope too few, an app or a version that is gone."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.clarifai import ClarifaiAccount
from bot.domain import blueprint
from tests.app.doctoring import Found, change, ran
from tests.app.outside import APP_ID, Outside

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clarifai.catalogue import PublicModel


def test_clarifai_away(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    with at_work.clarifai.faults.outage():
        [failed] = examined()
    assert failed["name"] == "clarifai"
    assert "See that this machine reaches CLARIFAI_API_BASE" in failed["cure"]


def test_a_key_that_nobody_has(examined: Callable[..., list[Found]]) -> None:
    [failed] = examined(CLARIFAI_PAT="a-key-nobody-has")
    assert failed["name"] == "clarifai key"
    assert "11008" in failed["said"]
    assert "Make a personal access token as the owner of the app" in failed["cure"]


def test_the_key_of_somebody_else(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update project set user_id = 'somebody-else'")
    [failed] = examined(CLARIFAI_USER_ID="somebody-else")
    assert "The access key belongs to demo" in failed["said"]
    assert "as the owner of the app" in failed["cure"]


@pytest.mark.parametrize("call", ["PostModels", "PatchWorkflows", "PostInputs"])
def test_a_key_without_a_scope(at_work: Outside, examined: Callable[..., list[Found]], call: str) -> None:
    at_work.clarifai.faults.fail_next(call, codes.CONN_INSUFFICIENT_SCOPES)
    [failed] = examined()
    assert failed["said"] == f"{APP_ID}: this key may not {call}"
    assert failed["cure"].startswith("Give the key all scopes")


def test_the_app_of_a_project_is_gone(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update project set app_id = 'deleted'")
    [failed] = examined()
    assert failed["said"].startswith("deleted is gone")
    assert "set the channel up again with another app" in failed["cure"]


@pytest.fixture
def general(at_work: Outside) -> PublicModel:
    """Clarifai's General model, whose newest version a test may change."""
    catalogue = at_work.clarifai.platform.catalogue
    name = "aaa03c23b3724a16a56b629203edc62c"
    public = catalogue.models[name]
    model = copy.deepcopy(public.model)
    catalogue.models[name] = type(public)(model, public.concepts, public.source)
    return catalogue.models[name]


def test_a_version_of_general_is_gone(general: PublicModel, examined: Callable[..., list[Found]]) -> None:
    general.model.model_version.id = "f" * 32
    [failed] = examined()
    assert failed["name"] == "clarifai models"
    assert failed["said"].startswith("general-concept is not there")
    assert "set the channel up again" in failed["cure"]


def test_the_version_of_a_project_is_gone(at_work: Outside, examined: Callable[..., list[Found]]) -> None:
    change(at_work, "update project set model_id = 'everyday-things-recognition', model_version = %s", "0" * 32)
    [failed] = examined()
    assert "everyday-things-recognition" in failed["said"]
    assert "model=<id>@<version>" in failed["cure"]


def test_a_newer_version_is_named_and_is_no_failure(at_work: Outside) -> None:
    with ClarifaiAccount(at_work.clarifai.base) as account:
        platform = account.platform("demo", APP_ID, "demo-key")
        old, new = (platform.ensure_model(blueprint.mapper(graph)) for graph in ("", "animals"))
    change(at_work, "update project set model_id = %s, model_version = %s", blueprint.MAPPER_ID, old)
    status, said, _ = ran(at_work)
    assert status == 0
    assert f"is there in version {old}; there is a newer one, {new}, which is not used" in said
