"""The picture on a card."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from bot.pictures import Pictures
from tests.pictures.files import decoded, encoded, photograph

DESK = Pictures()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3200, 1000), (1600, 500)), ((900, 3600), (400, 1600)), ((300, 200), (300, 200)), ((5000, 2), (1600, 1))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_no_side_is_longer_than_1600_pixels(size: tuple[int, int], expected: tuple[int, int], kind: str) -> None:
    card = DESK.for_card(encoded(Image.new("RGB", size, "green"), kind))
    assert (card.width, card.height) == expected == decoded(card.data).size
    assert card.content_type == "image/jpeg"


def test_the_card_is_upright_and_says_nothing_about_the_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret"
    card = DESK.for_card(encoded(photograph(2400, 1800), "JPEG", exif=exif))
    assert (card.width, card.height) == (1200, 1600)
    assert b"secret" not in card.data


@pytest.mark.parametrize("ground", ["white", "black", "yellow", "gray"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_box_stands_out_on_every_ground(ground: str, mode: str) -> None:
    plain = Image.new("RGB", (800, 600), ground).convert(mode)
    drawn = np.asarray(decoded(DESK.for_card(encoded(plain, "PNG"), [(0.25, 0.25, 0.75, 0.5)]).data), dtype=int)
    across_the_left_edge = drawn[300, 195:210].sum(axis=1)
    assert across_the_left_edge.max() - across_the_left_edge.min() > 250
    assert np.abs(drawn[300, 300] - drawn[10, 10]).max() < 8  # inside nothing is covered


def test_a_box_is_drawn_where_it_is() -> None:
    plain = encoded(Image.new("RGB", (400, 200), "white"), "PNG")
    drawn = np.asarray(decoded(DESK.for_card(plain, [(0.5, 0.25, 1.0, 0.75)]).data).convert("L"))
    rows, columns = np.nonzero(drawn < 60)
    assert (rows.min(), rows.max()) == pytest.approx((100, 199), abs=2)
    assert (columns.min(), columns.max()) == pytest.approx((100, 299), abs=2)


@pytest.mark.parametrize(
    "box",
    [
        (math.nan, 0, 1, 1),
        (0.5, 0.5, 0.5, 0.9),
        (0.9, 0.1, 0.2, 0.8),
        (2.0, 2.0, 3.0, 3.0),
        (-3.0, -3.0, -1.0, -1.0),
    ],
)
def test_a_box_that_is_none_is_left_out(box: tuple[float, float, float, float]) -> None:
    data = encoded(photograph(), "PNG")
    assert DESK.for_card(data, [box]) == DESK.for_card(data)


@pytest.mark.parametrize(
    "box", [(-1.0, -1.0, 2.0, 2.0), (0.0, 0.0, 0.0001, 0.0001), (0.999, 0.999, 1.0, 1.0), (0, 0, math.inf, math.inf)]
)
def test_a_box_at_or_over_the_edge_is_drawn_as_far_as_it_goes(box: tuple[float, float, float, float]) -> None:
    data = encoded(Image.new("RGB", (300, 200), "white"), "PNG")
    assert DESK.for_card(data, [box]) != DESK.for_card(data)


def test_all_boxes_are_drawn() -> None:
    data = encoded(Image.new("RGB", (300, 200), "white"), "PNG")
    one, other = (0.1, 0.1, 0.3, 0.3), (0.5, 0.5, 0.9, 0.9)
    both = np.asarray(decoded(DESK.for_card(data, [one, other]).data).convert("L"))
    assert both[20:60, 30:90].min() < 60
    assert both[100:180, 150:270].min() < 60
