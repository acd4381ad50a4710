"""Which automatic labels are also checked by a person: a coin that nobody can steer."""

from __future__ import annotations

import hashlib
import hmac

ALL_UNTIL = 300  # predictions of a concept reviewed; until then every automatic label is checked
SHARE_AFTER = 0.20  # of automatic labels checked from then on, until the threshold is proven


def check_probability(reviewed: int) -> float:
    """Return the probability with which the next automatic label of a concept is checked, in (0, 1].

    `reviewed` counts the predictions of this concept that people have reviewed so far.
    Source: `product.md`, defaults of a fresh set-up.
    """
    return 1.0 if reviewed < ALL_UNTIL else SHARE_AFTER


def coin(secret: bytes, input_id: str, concept_id: str) -> float:
    """Throw the coin of one input and concept: a number in [0, 1), always the same for the same three.

    It is a keyed hash, so that nobody who can choose the picture can choose the outcome.
    """
    digest = hmac.new(secret, f"{input_id}\n{concept_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)
