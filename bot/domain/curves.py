"""The curve of one concept: how much is right at or above each threshold, by the share that it accepts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.thresholds import accepts, narrow, share_shown, shown

if TYPE_CHECKING:
    from bot.domain.dossiers import Dossier

EVIDENCE_FROM = 20  # checks; a curve of fewer shows chance
TOLD = (0.2, 0.5, 1.0)  # shares accepted that are told in words


@dataclass(frozen=True)
class CurvePoint:
    """What is known of everything at or above `threshold`; shares are in [0, 1].

    `share`: of the predictions that lie there. `estimate`: the best guess at what is right of them; it is 95% sure
    that this is between `lowest` and `highest`.
    """

    threshold: float
    share: float
    estimate: float
    lowest: float
    highest: float
    checks: int

    def told(self) -> str:
        between = f"{math.floor(100 * self.lowest)} and {math.ceil(100 * self.highest)}%"
        sure = f"95% sure: between {between}"
        return f"{percent(self.share)} accepted, best guess {percent(self.estimate)} right ({sure})"


@dataclass(frozen=True)
class Curve:
    """What the picture shows. Points go from strict to loose; `now` and `recommended` are thresholds.

    `now` is None where the concept is off; a threshold at or above which nobody has checked anything has no point.
    """

    concept: str
    target: float
    checks: int
    points: tuple[CurvePoint, ...]
    now: float | None = None
    recommended: float | None = None

    def point(self, threshold: float | None) -> CurvePoint | None:
        if threshold is None:
            return None
        return next((p for p in self.points if narrow(p.threshold) == narrow(threshold)), None)

    @property
    def words(self) -> str:
        """The picture in words, for whoever does not see it."""
        return " ".join((f"Curve of {self.concept}, from {self.checks:,} checks.", self._told(), *self.marks))

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands at the marks, a sentence each."""
        return (
            f"Target: {share_shown(self.target)} right.",
            _marked("Now", self.now, self.point(self.now), otherwise="Now off: nothing is accepted."),
            _marked("Recommended", self.recommended, self.point(self.recommended), otherwise="Nothing is proven yet."),
        )

    def _told(self) -> str:
        met = [next((p for p in self.points if p.share >= share), self.points[-1]) for share in TOLD]
        parts = (f"{percent(p.estimate)} of the top {percent(p.share)}" for p in dict.fromkeys(met))
        return f"Best guess of what is right, by the share accepted without a person: {', '.join(parts)}."


def curve_of(dossier: Dossier) -> Curve | None:
    """Work the curve out; None as long as there are too few checks.

    Neither thresholds nor shares come from answers: both are made from the scores of all predictions.
    """
    if len(dossier.sample) < EVIDENCE_FROM:
        return None
    cut = dossier.cut
    now = None if cut.is_off else cut.accept
    recommended = dossier.recommended(cut.target)
    wanted = {narrow(t): t for t in (*dossier.tested, recommended, now) if t is not None and accepts(t, cut.floor)}
    points = tuple(p for _, t in sorted(wanted.items(), reverse=True) if (p := _point(dossier, t)))
    return Curve(dossier.concept, cut.target, len(dossier.sample), points, now, recommended) if points else None


def _point(dossier: Dossier, threshold: float) -> CurvePoint | None:
    known = dossier.band(threshold)
    if known.estimate is None:
        return None
    share = dossier.share(threshold)
    return CurvePoint(threshold, share, known.estimate, known.lowest, known.highest, known.checks)


def _marked(what: str, threshold: float | None, point: CurvePoint | None, *, otherwise: str) -> str:
    if threshold is None:
        return otherwise
    if point is None:
        return f"{what} {shown(threshold)}: nobody has checked anything there."
    return f"{what} {shown(threshold)}: {point.told()}."


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"
