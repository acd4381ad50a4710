"""What one message with images is answered."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.uploads import Outcome, PictureOutcome, input_id, outcome_of, sentence

SVG = PictureOutcome("notes.svg", Outcome.SKIPPED, reason="is not a photograph")


def test_the_example_of_the_product() -> None:
    pictures = [
        PictureOutcome("a.png", Outcome.LABELLED, labels=("people", "adult")),
        PictureOutcome("b.png", Outcome.TO_REVIEW),
        PictureOutcome("c.png", Outcome.NONE),
        SVG,
    ]
    assert sentence(pictures) == (
        "4 images: 1 labelled (people, adult), 1 to review, 1 with none of your concepts, "
        "1 skipped: notes.svg is not a photograph."
    )


def test_the_twelve_samples() -> None:
    outcomes = [Outcome.LABELLED] + 5 * [Outcome.TO_REVIEW] + 6 * [Outcome.NONE]
    assert sentence([PictureOutcome(f"{n}.png", o) for n, o in enumerate(outcomes)]) == (
        "12 images: 1 labelled, 5 to review, 6 with none of your concepts."
    )


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        ([SVG], "1 image: 1 skipped: notes.svg is not a photograph."),
        (
            [SVG, PictureOutcome("b.png", Outcome.SKIPPED, reason="was refused by Clarifai: too odd.")],
            "2 images: 2 skipped: notes.svg is not a photograph; b.png was refused by Clarifai: too odd.",
        ),
        ([PictureOutcome("a.png", Outcome.WORKING)], "1 image: 1 being looked at."),
        ([PictureOutcome("a.png", Outcome.KEPT)], "1 image: 1 kept for later."),
        ([PictureOutcome("a.png", Outcome.LABELLED)], "1 image: 1 labelled."),
        (
            [
                PictureOutcome("a.png", Outcome.LABELLED, labels=("people", "adult")),
                PictureOutcome("b.png", Outcome.LABELLED, labels=("man", "people")),
            ],
            "2 images: 2 labelled (people, adult, man).",
        ),
    ],
)
def test_only_what_happened_is_said(pictures: list[PictureOutcome], expected: str) -> None:
    assert sentence(pictures) == expected


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=30))
def test_each_image_counts_once(outcomes: list[Outcome]) -> None:
    said = sentence([PictureOutcome("a.png", o, reason="is odd") for o in outcomes])
    total, *counts = map(int, re.findall(r"\d+", said))
    assert total == sum(counts) == len(outcomes)


@pytest.mark.parametrize(
    ("has_pending", "has_accepted", "expected"),
    [
        (True, True, Outcome.TO_REVIEW),
        (True, False, Outcome.TO_REVIEW),
        (False, True, Outcome.LABELLED),
        (False, False, Outcome.NONE),
    ],
)
def test_a_pending_concept_outweighs_an_accepted_one(has_pending: bool, has_accepted: bool, expected: Outcome) -> None:
    assert outcome_of(has_pending=has_pending, has_accepted=has_accepted) is expected


@given(st.binary())
def test_an_input_is_named_after_its_bytes(data: bytes) -> None:
    assert input_id(data) == "in" + hashlib.sha256(data).hexdigest()[:30]
    assert len(input_id(data)) == 32
