"""What is recommended for one concept, as scripts read it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import floor
from typing import TYPE_CHECKING, Any, Self

from bot.domain.curves import percent
from bot.domain.thresholds import share_shown, shown

if TYPE_CHECKING:
    from bot.domain.dossiers import Dossier


@dataclass(frozen=True)
class Advice:
    """What the evidence says for a target. Shares are in [0, 1]; counts are calibration reviews that count.

    `accept` is the cut in force, None where the concept is off; `is_proven`: it keeps the target. `recommended` is the
    lowest threshold that does, exactly as it was tested; `at_least` is right there, 95% sure, from `checks` of which
    `rejected` were rejected, and `share` of the predictions lie there. Without a recommendation `checks` are those of
    the most promising part, which needs about `needed` more; None: too much is wrong, or nothing is known.
    """

    concept: str
    concept_id: str
    target: float
    accept: float | None
    is_proven: bool
    recommended: float | None = None
    at_least: float | None = None
    share: float | None = None
    checks: int = 0
    rejected: int | None = None
    needed: int | None = None

    @classmethod
    def of(cls, dossier: Dossier, target: float | None = None) -> Self:
        """Weigh a dossier for `target`, or for the one the concept has.

        Raises:
            ValueError: the target is not strictly between 0 and 1.
        """
        wanted, cut = dossier.cut.target if target is None else target, dossier.cut
        known = cls(
            dossier.concept,
            cut.concept_id,
            wanted,
            None if cut.is_off else cut.accept,
            is_proven=dossier.proves(cut.accept, wanted),
        )
        best, need = dossier.recommended(wanted), dossier.need(wanted)
        if best is not None:
            band = dossier.band(best)
            at_least = max(band.at_least, wanted)  # the promise stands, whatever came later
            facts = {"recommended": best, "at_least": at_least, "share": dossier.share(best), "needed": 0}
            return cls(**{**asdict(known), **facts, "checks": band.checks, "rejected": band.rejected})
        if need is None:
            return known
        more = need.clean if need.expected is None and not need.refuted else need.expected
        return cls(**{**asdict(known), "checks": need.done, "needed": more})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def told(self) -> str:
        """Say it in a sentence or two."""
        proven = "proven" if self.is_proven else "not proven"
        now = "off" if self.accept is None else f"now {shown(self.accept)} ({proven})"
        return f"{self.concept}: {now}, you asked for {share_shown(self.target)} right. {self._advice()}"

    def _advice(self) -> str:
        if self.recommended is not None and self.at_least is not None:
            checked = f"from {self.checks:,} checks, {self.rejected:,} rejected"
            accepted = f"It accepts {percent(self.share or 0.0)} of the predictions."
            right = f"at least {floor(100 * self.at_least)}% right (95% sure), {checked}"
            return f"From {shown(self.recommended)} up: {right}. {accepted}"
        if not self.checks:
            return "No checks yet."
        if self.needed is None:
            tried = f"Too much is wrong after {self.checks:,} checks: no threshold reaches it."
            return f"{tried} Train the model or lower the target."
        return f"Not enough proof yet: {self.checks:,} of about {self.checks + self.needed:,} checks."
