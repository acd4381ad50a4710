"""Which predictions are calibration reviews: a coin that nobody can steer, thrown before anybody sees the picture."""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass

from bot.domain.thresholds import checks_until_noticed

ALL_UNTIL = 300  # predictions of a concept and model version reviewed; until then all of them are drawn
SHARE_AFTER = 0.20  # drawn from then on, until the threshold is proven
SHARE_PROVEN = 0.05  # drawn once it is
PROBED_SHARE = 0.02  # of inputs, read with all their values: the only ones that show what the floor drops
_PROBE = "(below the floor)"  # in the place of a concept id, which has no brackets
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class CheckPolicy:
    """With which probability a prediction is drawn for review, in (0, 1]; settable per concept.

    It is the same for every score above the floor, accepted or not, so that no evidence is lost to weighting: the
    probability of an item is also the smallest in force when it arrived.
    Source: `product.md`, defaults of a fresh set-up.
    """

    all_until: int = ALL_UNTIL
    until_proven: float = SHARE_AFTER
    once_proven: float = SHARE_PROVEN

    def __post_init__(self) -> None:
        """Refuse a share of 0: a prediction that can never be drawn would never be proven right.

        Raises:
            ValueError: a share is outside (0, 1].
        """
        for share in (self.until_proven, self.once_proven):
            if not 0 < share <= 1:
                raise ValueError(f"{share} of the predictions cannot be drawn")

    def probability(self, reviewed: int, *, proven: bool = False) -> float:
        """Return it for the next prediction.

        `reviewed` counts the predictions of this concept and model version that people have reviewed so far; `proven`
        says whether the threshold in force is.
        """
        if proven:
            return self.once_proven
        return 1.0 if reviewed < self.all_until else self.until_proven


DEFAULT_POLICY = CheckPolicy()


def check_probability(reviewed: int, *, proven: bool = False, policy: CheckPolicy = DEFAULT_POLICY) -> float:
    """Return the probability with which the next prediction of a concept is drawn for review, in (0, 1]."""
    return policy.probability(reviewed, proven=proven)


def smallest_in_force(*probabilities: float) -> float:
    """Return what is stored beside an item's own probability: the least that any score above the floor had by then.

    Only where probabilities differ by score does it differ from the item's own. Raise them before inputs arrive, never
    after somebody has looked; for high scores up to twice, never for low ones.

    Raises:
        ValueError: there is none, or some score could not be drawn at all.
    """
    if not probabilities or min(probabilities) <= 0:
        raise ValueError("every score above the floor must have a chance to be drawn")
    return min(probabilities)


def coin(secret: bytes, input_id: str, concept_id: str) -> float:
    """Throw the coin of one input and concept: a number in [0, 1), always the same for the same three.

    It is a keyed hash, so that nobody who can choose the picture can choose the outcome.
    """
    digest = hmac.new(secret, f"{input_id}\n{concept_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def is_probed(secret: bytes, input_id: str, *, share: float = PROBED_SHARE) -> bool:
    """Say whether an input is also read below the floor; a coin of its own, apart from those of the concepts."""
    return coin(secret, input_id, _PROBE) < share


@dataclass(frozen=True)
class CheckCost:
    """What a share of checks costs, and what it buys. `unnoticed_days` is None where a drift may never be noticed."""

    clicks_a_week: float
    unnoticed_checks: int | None
    unnoticed_days: int | None


def cost_of_checks(share: float, accepted_a_day: float, target: float, *, times: float = 4.0) -> CheckCost:
    """Say what checking `share` of the automatic labels costs, and how long a drift would go unnoticed.

    A drift: the error jumps to `times` the allowed 1 - `target`; half of such drifts are noticed within the days said.

    Raises:
        ValueError: `target` leaves nothing to guard.
    """
    a_day = share * accepted_a_day
    checks = checks_until_noticed(round(1 - target, 9), times)  # 1 - 0.95 is not quite 0.05, and answers are remembered
    days = math.ceil(checks / a_day) if checks is not None and a_day > 0 else None
    return CheckCost(a_day * DAYS_A_WEEK, checks, days)
