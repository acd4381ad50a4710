from __future__ import annotations

import hashlib

import pytest

from bot.sandbox.recognition import PlantedModel


def test_a_planted_image_gets_its_values_by_id_and_the_rest_of_the_vocabulary_0() -> None:
    model = PlantedModel(["people", "man", "traffic light"])
    model.plant(b"any bytes", {"people": 0.9})
    assert model.values(b"any bytes") == {"ai_l8TKp2h5": 0.9, "ai_dxSG2s86": 0.0, "local-traffic-light": 0.0}


def test_values_can_be_planted_by_digest_from_the_start() -> None:
    digest = hashlib.sha256(b"cat").hexdigest()
    model = PlantedModel(["cat"], planted={digest: {"cat": 0.7}}, default={"cat": 0.1})
    assert model.values(b"cat") == {"local-cat": 0.7}
    assert model.values(b"other") == {"local-cat": 0.1}


@pytest.mark.parametrize("values", [{"dog": 0.5}, {"cat": 1.5}, {"cat": -0.1}, {"cat": float("nan")}])
def test_what_cannot_be_said_cannot_be_planted(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"vocabulary|outside"):
        PlantedModel(["cat"]).plant(b"cat", values)


def test_embedding_and_cluster_follow_from_the_bytes() -> None:
    one, other = PlantedModel(), PlantedModel(["cat"])
    assert one.embedding(b"a") == other.embedding(b"a") != one.embedding(b"b")
    assert len(one.embedding(b"a")) == 1280
    assert one.cluster(b"a") == other.cluster(b"a") in range(64)


def test_an_answer_is_the_asker_s_own_to_change() -> None:
    model = PlantedModel(["cat"])
    model.values(b"x")["local-cat"] = 1.0
    assert model.values(b"x") == {"local-cat": 0.0}
