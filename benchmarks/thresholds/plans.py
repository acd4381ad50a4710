"""How reviews are drawn: from the plain to the awkward. Each returns (probability, smallest in force), one per project.

`step` counts arrivals, `proven` is the recommendation in force (NaN for none), `reviewed` counts reviews so far,
`middle` is the median score of the inputs from before, `rejected` says whether the last drawn answer was a rejection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.checks import CheckPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.thresholds.ledgers import Flags, Floats

    Plan = Callable[["Moment"], tuple[Floats, Floats]]

POLICY = CheckPolicy()
AUDITED = POLICY.once_proven


@dataclass(frozen=True, eq=False)
class Moment:
    """What a plan may know when a picture arrives: never its answer."""

    scores: Floats
    proven: Floats
    reviewed: Floats
    middle: Floats
    rejected: Flags


def everything(now: Moment) -> tuple[Floats, Floats]:
    ones = np.ones(len(now.scores))
    return ones, ones


def one_in_five(now: Moment) -> tuple[Floats, Floats]:
    fifths = np.full(len(now.scores), 0.2)
    return fifths, fifths


def top_half_more(now: Moment) -> tuple[Floats, Floats]:
    """Review the top half of the scores, and a quarter of the rest."""
    return np.where(now.scores >= now.middle, 1.0, 0.25), np.full(len(now.scores), 0.25)


def defaults(now: Moment) -> tuple[Floats, Floats]:
    """Follow the bot's own policy: all of the first 300, a fifth until proven, then 5 %; the same for every score."""
    early = np.where(now.reviewed < POLICY.all_until, 1.0, POLICY.until_proven)
    same = np.where(np.isnan(now.proven), early, POLICY.once_proven)
    return same, same


def audit(now: Moment) -> tuple[Floats, Floats]:
    """Review all until something is proven, then 5 % of what is accepted and everything else."""
    has_proof = ~np.isnan(now.proven)
    accepted = has_proof & (now.scores >= now.proven)
    return np.where(accepted, AUDITED, 1.0), np.where(has_proof, AUDITED, 1.0)


def after_the_last_answer(now: Moment) -> tuple[Floats, Floats]:
    """Be awkward: review all after a rejection and one in ten after an approval."""
    same = np.where(now.rejected, 1.0, 0.1)
    return same, same


PLANS: dict[str, Plan] = {
    "everything is reviewed": everything,
    "one in five": one_in_five,
    "top half all, rest one in four": top_half_more,
    "the bot's defaults (all, 20 %, 5 %)": defaults,
    "all until proven, then 5 % of the accepted": audit,
    "rate follows the last answer": after_the_last_answer,
}
