"""What is proven about a threshold, in words that everybody reads alike. Shares are in [0, 1]."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.domain.checks import DAYS_A_WEEK
from bot.domain.thresholds import CONFIDENCE, NO_FLOOR, narrow, share_shown, shown

if TYPE_CHECKING:
    from bot.domain.proofs import Proof
    from bot.domain.thresholds import Band, ConceptThreshold, Need

SURE = f"{share_shown(CONFIDENCE)} sure"
NO_CHECKS = "No checks yet."
NOT_PROVEN = "not proven"


def verdict_on(cut: ConceptThreshold, *, proven: bool) -> str:
    """Say whether exactly this cut was found to keep its target."""
    if cut.is_off:
        return "off: nothing is accepted, so there is nothing to prove"
    if proven:
        return f"proven: at least {share_shown(cut.target)} right ({SURE})"
    return f"{NOT_PROVEN}: nobody knows yet whether {share_shown(cut.target)} are right"


def is_proven(cut: ConceptThreshold, proof: Proof | None) -> bool:
    return proof is not None and not cut.is_off and proof.proves(cut.accept, cut.target)


def band_said(band: Band | None) -> str:
    """Say for example "at least 91% right (95% sure; best guess 94%), from 790 checks, 59 rejected"."""
    if band is None or not band.checks or band.estimate is None:
        return "no checks there yet"
    guess = f"best guess {round(band.estimate * 100)}%"
    checks = f"{band.checks:,} check{'' if band.checks == 1 else 's'}, {band.rejected:,} rejected"
    return f"at least {at_least(band.at_least)} right ({SURE}; {guess}), from {checks}"


def at_least(share: float) -> str:
    """Write a lower bound for people, never more than it is."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g}%"


def rounded(value: float) -> str:
    """Write a cut to two places, to more where two would make it 0 or 1."""
    if not NO_FLOOR < value < 1:
        return shown(value)
    texts = (f"{value:.{places}f}" for places in range(2, 7))
    return next((text for text in texts if 0 < float(text) < 1), f"{value:.6f}")


def proof_lines(cut: ConceptThreshold, proof: Proof | None) -> tuple[str, ...]:
    """Say what the checks of one concept show: about the cut in force, and what could be recommended."""
    if proof is None or proof.need is None:
        return (NO_CHECKS,)
    lines = []
    is_of_now = narrow(proof.accept) == narrow(cut.accept)
    if is_of_now and proof.accepted_share is not None and not cut.is_off:
        share = f"accepts {share_shown(round(proof.accepted_share, 3))} of the predictions"
        lines.append(f"{share}; {band_said(proof.at_accept)}")
    if proof.target != cut.target:
        lines.append(f"The answers are being weighed against your new target of {share_shown(cut.target)}.")
    elif proof.recommended is None:
        lines.append(not_yet(proof.need, proof))
    elif not is_proven(cut, proof) or narrow(proof.recommended) < narrow(cut.accept):
        lines.append(recommended_line(cut, proof))
    if proof.awaited:
        held, awaited = proof.held_back, proof.awaited
        lines.append(f"{held:,} more answered {_checks(held)} once {awaited:,} earlier {_are(awaited)} answered.")
    return tuple(lines)


def recommended_line(cut: ConceptThreshold, proof: Proof) -> str:
    """Say from where on labels can be accepted, how right they are there, and what it would have changed."""
    assert proof.recommended is not None  # noqa: S101 - whoever calls has asked
    there = round(proof.recommended_share * proof.predictions)
    share = share_shown(round(proof.recommended_share, 3))
    would = f"Of {proof.predictions:,} predictions it would have accepted {there:,} ({share})"
    instead = f" instead of {proof.accepted:,}" if narrow(proof.accept) == narrow(cut.accept) else ""
    asked = f"You asked for {share_shown(cut.target)} right."
    there_is = f"I can accept from {rounded(proof.recommended)} up: {band_said(proof.at_recommended)}."
    return f"{asked} {there_is} {would}{instead}."


def not_yet(need: Need, proof: Proof) -> str:
    """Say what is missing to a proof, or that no number of checks would do."""
    target = share_shown(proof.target)
    right = "" if need.right is None else f" (~{round(need.right * 100)}%)"
    if need.refuted and need.right is not None:
        best = f"Even the best part is only ~{round(need.right * 100)}% right."
        return f"{best} No threshold reaches {target}; train the model or lower the target."
    if need.expected is None:
        return f"Not enough proof yet, and too much is rejected{right}: at this rate no threshold reaches {target}."
    total = need.done + need.clean
    return f"Not enough proof yet: {need.done:,} of about {total:,} clean checks. {_pace(need, proof)}"


def _pace(need: Need, proof: Proof) -> str:
    if not proof.checks_a_week or not need.reviews:
        return "Keep reviewing."
    days = math.ceil(need.reviews / proof.checks_a_week * DAYS_A_WEEK)
    return f"Keep reviewing; about {days:,} day{'' if days == 1 else 's'} at this pace."


def _checks(count: int) -> str:
    return "check counts" if count == 1 else "checks count"


def _are(count: int) -> str:
    return "one is" if count == 1 else "ones are"
