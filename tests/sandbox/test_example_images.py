"""Clarifai's example addresses, answered from what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import example_images
from bot.sandbox.clarifai.fetching import LARGEST_IMAGE
from bot.sandbox.photographs import PhotographsMissing

if TYPE_CHECKING:
    import pytest


def test_every_address_is_a_photograph_that_is_there() -> None:
    found = example_images.example_images()
    assert "https://samples.clarifai.com/metro-north.jpg" in found
    for address, path in found.items():
        assert address.startswith("https://")
        assert 0 < path.stat().st_size <= LARGEST_IMAGE


def test_without_the_photographs_no_address_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise PhotographsMissing("not installed")

    monkeypatch.setattr(example_images, "sample_photographs", none)
    assert example_images.example_images() == {}
