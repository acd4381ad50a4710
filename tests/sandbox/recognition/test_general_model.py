"""What the real model says about photographs whose values are known."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.sandbox.recognition import GeneralModel, UnreadableImage
from bot.sandbox.recognition.vocabulary import concept_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.recognition import ModelConcept

# values of the concepts named, each +-.03
KNOWN: Mapping[str, Mapping[str, float]] = {
    "astronaut.png": {"people": 0.98, "man": 0.35, "woman": 0.81, "adult": 0.98, "football helmet": 0.16},
    "camera.png": {"people": 0.45, "man": 0.44, "woman": 0.01, "adult": 0.45, "tripod": 0.94},
    "grace_hopper.jpg": {"people": 0.98, "man": 0.97, "woman": 0.01, "adult": 0.98, "academic gown": 0.24},
    "chelsea.png": {"people": 0.01, "animal": 0.95, "cat": 0.92, "Egyptian Mau": 0.36},
    "coffee.png": {"people": 0.01, "animal": 0.01, "espresso": 0.95, "food": 0.96},
    "rocket.jpg": {"people": 0.27, "missile": 0.50},
    "motorcycle_left.png": {"people": 0.34, "moped": 0.48},
    "coins.png": {"people": 0.26, "bubble": 0.13},
    "china.jpg": {"people": 0.01, "palace": 0.31},
    "flower.jpg": {"people": 0.01, "daisy": 0.36},
    "retina.jpg": {"people": 0.01, "lampshade": 0.24},
    "hubble_deep_field.jpg": {"people": 0.01},
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_photograph_gets_its_known_values(
    name: str, model: GeneralModel, photographs: Mapping[str, bytes]
) -> None:
    values = model.values(photographs[name])
    assert {word: values[concept_id(word)] for word in KNOWN[name]} == pytest.approx(KNOWN[name], abs=0.03)


def test_the_defaults_give_five_labels_on_two_images_five_to_review_and_six_with_none(
    model: GeneralModel, photographs: Mapping[str, bytes]
) -> None:
    accept, floor = 0.95, 0.20
    concepts = [concept_id(name) for name in ("people", "man", "adult")]
    by_image = [[model.values(image)[concept] for concept in concepts] for image in photographs.values()]
    accepted = [[value for value in values if value >= accept] for values in by_image]
    assert sum(len(values) for values in accepted) == 5
    assert sum(bool(values) for values in accepted) == 2
    assert sum(any(floor <= value < accept for value in values) for values in by_image) == 5
    assert sum(max(values) < floor for values in by_image) == 6


def test_every_concept_of_the_vocabulary_gets_a_value_between_0_and_1(
    model: GeneralModel, photographs: Mapping[str, bytes]
) -> None:
    vocabulary: tuple[ModelConcept, ...] = tuple(model.vocabulary)
    for image in photographs.values():
        values = model.values(image)
        assert list(values) == [concept.id for concept in vocabulary]
        assert all(isinstance(value, float) and 0 <= value <= 1 for value in values.values())


def test_an_embedding_has_1280_features_and_two_views_of_one_motif_are_closer_than_two_motifs(
    model: GeneralModel, photographs: Mapping[str, bytes]
) -> None:
    def likeness(one: str, other: str) -> float:
        a, b = (np.array(model.embedding(photographs[name])) for name in (one, other))
        assert a.shape == b.shape == (1280,)
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert likeness("astronaut.png", "grace_hopper.jpg") > likeness("astronaut.png", "coffee.png")


def test_clusters_are_fixed_and_tell_motifs_apart(model: GeneralModel, photographs: Mapping[str, bytes]) -> None:
    clusters = {name: model.cluster(image) for name, image in photographs.items()}
    assert all(0 <= cluster < 64 for cluster in clusters.values())
    assert (clusters["astronaut.png"], clusters["chelsea.png"], clusters["coffee.png"]) == (3, 14, 6)
    assert len(set(clusters.values())) > 6


def test_three_questions_about_one_image_cost_one_look(
    model: GeneralModel, photographs: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photographs["coffee.png"]
    model.values(image)
    monkeypatch.setattr(model._process, "look", pytest.fail)
    assert model.embedding(image)
    assert model.cluster(image) >= 0


def test_several_threads_get_what_one_would_get(model: GeneralModel, photographs: Mapping[str, bytes]) -> None:
    images = [*photographs.values()] * 4
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(model.values, images))
    assert together == [model.values(image) for image in images]


@pytest.mark.parametrize("broken", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused_and_the_next_one_answered(
    broken: bytes, model: GeneralModel, photographs: Mapping[str, bytes]
) -> None:
    with pytest.raises(UnreadableImage):
        model.values(broken)
    assert model.values(photographs["coffee.png"])


def test_more_than_20_million_bytes_are_refused_without_a_look(
    model: GeneralModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model._process, "look", pytest.fail)
    with pytest.raises(UnreadableImage, match="20,000,000"):
        model.cluster(bytes(20_000_001))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's own account of the process")
def test_the_model_stays_under_350_megabytes(model: GeneralModel, photographs: Mapping[str, bytes]) -> None:
    model.values(photographs["retina.jpg"])
    child = model._process._child
    assert child is not None
    status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    [peak] = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    assert peak * 1024 < 350_000_000
