"""The picture of a curve, made to be read on a phone. What it says stands in words beside it."""

from __future__ import annotations

import math
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from bot.domain.thresholds import share_shown, shown

if TYPE_CHECKING:
    from bot.domain.curves import Curve, CurvePoint

SIDE = 1080  # pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 150, 1010, 250, 890  # edges of the plot, in pixels
_BIG, _NORMAL, _SMALL = 48, 36, 30  # heights of type, in pixels; on a phone a third of it
_INK, _PALE, _BAND, _LINE, _TARGET, _NOW, _USE = (
    "#1d1c1d", "#d0d0d0", "#cfe3f5", "#0b4c8c", "#a12c1b", "#1d1c1d", "#0a6b3d",
)  # fmt: skip
_LOWEST_TOP = 0.9  # the scale of what is right begins here at most
_ROOM = 0.05  # below the lowest line that is shown
_LONGEST_NAME = 64  # characters; more than fit, and few to leave out one by one
_SAME = 5e-5  # two thresholds that differ by less look alike
_TICK_ROOM = 132  # pixels between the middles of two labels


def draw_curve(curve: Curve) -> bytes:
    """Draw the curve as a PNG of 1,080 x 1,080 pixels; the same curve is always the same picture."""
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    plot = _Plot(ImageDraw.Draw(picture), _bottom_of(curve))
    plot.title(curve)
    plot.scale()
    plot.band(curve.points)
    plot.target(curve.target)
    plot.estimate(curve.points)
    plot.ticks(curve.points)
    plot.marks(curve)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _bottom_of(curve: Curve) -> float:
    """Where the scale of what is right begins: a multiple of a tenth below every estimate and the target."""
    lowest = min(curve.target, _LOWEST_TOP, *(point.estimate for point in curve.points)) - _ROOM
    return max(0.0, math.floor(10 * lowest + 1e-9) / 10)


class _Plot:
    """A pen that knows the scales: shares accepted to the right, shares right upwards from `bottom`."""

    def __init__(self, pen: ImageDraw.ImageDraw, bottom: float) -> None:
        self._pen, self._bottom = pen, bottom

    def x(self, share: float) -> float:
        return _LEFT + share * (_RIGHT - _LEFT)

    def y(self, right: float) -> float:
        """Return the height of a share; what lies below the scale is drawn at its edge."""
        inside = max(right, self._bottom)
        return _BOTTOM - (inside - self._bottom) / (1 - self._bottom) * (_BOTTOM - _TOP)

    def title(self, curve: Curve) -> None:
        self._write((50, 36), _fitted(f"{' '.join(curve.concept.split())}: how much is right", _BIG), _BIG)
        self._write((50, 100), f"from {curve.checks:,} checks", _NORMAL)
        self._pen.line((50, 176, 110, 176), _LINE, 8)
        self._write((124, 176), "best guess", _SMALL, anchor="lm")
        self._pen.rectangle((330, 158, 390, 194), _BAND)
        self._write((404, 176), "95% sure it lies here", _SMALL, anchor="lm")

    def scale(self) -> None:
        tenths = round(10 * self._bottom)
        step = 5 if tenths >= 8 else 10 if tenths >= 5 else 20  # noqa: PLR2004 - at most six lines
        for hundredth in range(100, 10 * tenths - 1, -step):
            y = self.y(hundredth / 100)
            self._pen.line((_LEFT, y, _RIGHT, y), _PALE, 2)
            self._write((_LEFT - 16, y), f"{hundredth}%", _NORMAL, anchor="rm")

    def band(self, points: tuple[CurvePoint, ...]) -> None:
        upper = [(self.x(p.share), self.y(p.highest)) for p in points]
        lower = [(self.x(p.share), self.y(p.lowest)) for p in points]
        if len(points) == 1:
            self._pen.line((*upper[0], *lower[0]), _BAND, 24)
        else:
            self._pen.polygon([*upper, *reversed(lower)], _BAND)

    def target(self, target: float) -> None:
        y = self.y(target)
        for x in range(_LEFT, _RIGHT, 30):
            self._pen.line((x, y, min(x + 18, _RIGHT), y), _TARGET, 4)
        self._write((_RIGHT, y + 6), f"target {share_shown(target)}", _NORMAL, _TARGET, anchor="rt")

    def estimate(self, points: tuple[CurvePoint, ...]) -> None:
        line = [(self.x(p.share), self.y(p.estimate)) for p in points]
        if len(line) > 1:
            self._pen.line(line, _LINE, 8, joint="curve")
        for x, y in line:
            self._pen.ellipse((x - 7, y - 7, x + 7, y + 7), _LINE)

    def ticks(self, points: tuple[CurvePoint, ...]) -> None:
        """Write thresholds where there is room for them: the loosest first, since that is where thresholds differ."""
        free_to = math.inf
        for point in reversed(points):
            x = self.x(point.share)
            if x > free_to:
                continue
            free_to = x - _TICK_ROOM
            self._pen.line((x, _BOTTOM, x, _BOTTOM + 14), _INK, 3)
            self._write((x, _BOTTOM + 22), _short(point.threshold), _SMALL, anchor="mt")
            self._write((x, _BOTTOM + 60), f"{100 * point.share:.0f}%", _SMALL, anchor="mt")
        self._pen.line((_LEFT, _BOTTOM, _RIGHT, _BOTTOM), _INK, 3)
        self._write((_RIGHT, SIDE - 16), "threshold, and the share it accepts without a person", _SMALL, anchor="rb")

    def marks(self, curve: Curve) -> None:
        """Mark what is in force with a ring and what is recommended with a diamond, each named in a row of its own."""
        now, use = curve.point(curve.now), curve.point(curve.recommended)
        if now:
            x, y = self._stem(now, _NOW, 30)
            self._pen.ellipse((x - 18, y - 18, x + 18, y + 18), "white", _NOW, 6)
            self._named(x, _BOTTOM - 96, f"now {shown(now.threshold)}", _NOW)
        if use:
            x, y = self._stem(use, _USE, 0)
            self._pen.polygon([(x, y - 24), (x + 24, y), (x, y + 24), (x - 24, y)], _USE, "white", 3)
            self._named(x, _BOTTOM - 48, f"recommended {shown(use.threshold)}", _USE)

    def _stem(self, point: CurvePoint, colour: str, gap: int) -> tuple[float, float]:
        """Draw the vertical line of a mark, dashed where `gap` says so; return where the mark itself belongs."""
        x, y = self.x(point.share), self.y(point.estimate)
        step = 2 * gap or _BOTTOM
        for top in range(_TOP, _BOTTOM, step):
            self._pen.line((x, top, x, min(top + (gap or _BOTTOM), _BOTTOM)), colour, 4)
        return x, y

    def _named(self, x: float, y: float, words: str, colour: str) -> None:
        """Write beside a stem, on the side where there is room, on white so that lines do not cross it."""
        at, anchor = ((x + 14, y), "lm") if x < (_LEFT + _RIGHT) / 2 else ((x - 14, y), "rm")
        box = self._pen.textbbox(at, words, _font(_NORMAL), anchor=anchor)
        self._pen.rectangle((box[0] - 6, box[1] - 4, box[2] + 6, box[3] + 4), "white")
        self._write(at, words, _NORMAL, colour, anchor=anchor)

    def _write(
        self, at: tuple[float, float], words: str, height: int, colour: str = _INK, *, anchor: str = "lt"
    ) -> None:
        self._pen.text(at, words, colour, _font(height), anchor=anchor)


@cache
def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


def _fitted(words: str, height: int) -> str:
    """Leave out the end of the name where the line would not fit on the picture."""
    kept, _, rest = words.rpartition(": ")
    line = words if len(kept) <= _LONGEST_NAME else f"{kept[:_LONGEST_NAME]}\u2026: {rest}"
    kept = kept[:_LONGEST_NAME]
    while kept and 50 + _font(height).getlength(line) > SIDE - 30:
        kept = kept[:-1]
        line = f"{kept}\u2026: {rest}"
    return line


def _short(threshold: float) -> str:
    two = f"{threshold:.2f}"
    return two if abs(float(two) - threshold) < _SAME else f"{threshold:.3f}"
