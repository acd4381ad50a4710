"""Clarifai's well-known example addresses, answered from photographs that installed packages carry.

The stand-in fetches nothing from the internet. The examples that everybody copies name a handful of pictures at
samples.clarifai.com; a photograph of a kindred subject takes the place of each, as far as the packages have one.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.photographs import PhotographsMissing, sample_photographs

_HOST = "https://samples.clarifai.com/"

_KINDRED = {
    "metro-north.jpg": "astronaut.png",  # the walkthrough's own: people on a platform
    "wedding.jpg": "grace_hopper.jpg",
    "face-det.jpg": "astronaut.png",
    "toddler-flowers.jpeg": "flower.jpg",
    "puppy.jpeg": "chelsea.png",
    "dog1.jpeg": "chelsea.png",
    "dog2.jpeg": "chelsea.png",
    "food.jpg": "coffee.png",
    "travel.jpg": "china.jpg",
    "red-truck.png": "motorcycle_left.png",
}


def example_images() -> Mapping[str, Path]:
    """Files by address; none where the sample photographs are not installed, and the examples fail as unfetchable."""
    try:
        files = {photograph.name: photograph.path for photograph in sample_photographs()}
    except PhotographsMissing:
        return {}
    found = {_HOST + name: files[kindred] for name, kindred in _KINDRED.items()}
    truck = found[f"{_HOST}red-truck.png"]
    return {**found, "https://s3.amazonaws.com/samples.clarifai.com/red-truck.png": truck}
