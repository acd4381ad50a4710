"""A suggestion's region, drawn on the picture of its card."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import ImageDraw

if TYPE_CHECKING:
    from PIL import Image

Box = tuple[float, float, float, float]  # top, left, bottom, right in shares of height and width

_EDGE = "black"
_CORE = "#ffd60a"  # yellow between two black lines stands out on snow and at night
_PIXELS_PER_WIDTH = 400  # one pixel of line per so many pixels of the longer side


def draw_box(picture: Image.Image, box: Box) -> None:
    """Outline `box` on an RGB picture; a box that is not a number or not on the picture is left out."""
    if any(math.isnan(share) for share in box):
        return
    top, left, bottom, right = (min(max(share, 0.0), 1.0) for share in box)
    if top >= bottom or left >= right:
        return
    across, down = picture.width - 1, picture.height - 1
    line = max(1, round(max(picture.size) / _PIXELS_PER_WIDTH))
    corners = (left * across, top * down, right * across, bottom * down)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(corners, outline=_EDGE, width=3 * line)
    inner = (corners[0] + line, corners[1] + line, corners[2] - line, corners[3] - line)
    if inner[0] < inner[2] and inner[1] < inner[3]:
        pen.rectangle(inner, outline=_CORE, width=line)
