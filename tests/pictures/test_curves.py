"""The picture of a curve: large enough for a phone, the same every time, and whole whatever it is of."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.domain.curves import Curve, CurvePoint
from bot.pictures import draw_curve

POINTS = tuple(CurvePoint(0.99 - n / 25, n / 20, 1 - n / 100, 0.9 - n / 50, 1.0, 20 * n) for n in range(1, 21))
CURVE = Curve("people", 0.95, 412, POINTS, now=POINTS[3].threshold, recommended=POINTS[9].threshold)


def opened(curve: Curve) -> Image.Image:
    return Image.open(io.BytesIO(draw_curve(curve)))


def test_it_is_a_square_png_and_always_the_same() -> None:
    with opened(CURVE) as picture:
        assert (picture.format, picture.size) == ("PNG", (1080, 1080))
    assert draw_curve(CURVE) == draw_curve(CURVE)


@pytest.mark.parametrize(
    "curve",
    [
        Curve("people", 0.95, 20, POINTS[:1]),
        Curve("people", 0.5, 20, (CurvePoint(0.2, 1.0, 0.0, 0.0, 0.1, 20),), now=0.2, recommended=0.2),
        Curve("", 0.995, 20, POINTS, now=POINTS[0].threshold),
        Curve("a" * 3000, 0.95, 20, POINTS, recommended=POINTS[-1].threshold),
        Curve("line\nbreak\x00 \u05e9\u05dc\u05d5\u05dd \U0001f680 \u202egpj", 0.95, 20, POINTS),
    ],
)
def test_whatever_it_is_of_it_can_be_drawn(curve: Curve) -> None:
    with opened(curve) as picture:
        assert len(picture.getcolors(maxcolors=10**6) or ()) > 5


def test_marks_and_target_are_on_it() -> None:
    with opened(CURVE) as marked, opened(Curve("people", 0.95, 412, POINTS)) as bare:
        assert marked.tobytes() != bare.tobytes()
        shades = {colour for _, colour in marked.getcolors(maxcolors=10**6) or ()}
        assert {(161, 44, 27), (10, 107, 61), (11, 76, 140), (207, 227, 245)} <= shades
