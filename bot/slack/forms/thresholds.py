"""The form of both cuts of every concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.forms import counted
from bot.domain.thresholds import DEFAULT_ACCEPT, LEAST_TARGET, MOST_TARGET, NO_FLOOR
from bot.slack.cards.message import section
from bot.slack.cards.tables import cuts_line
from bot.slack.forms.fields import field, number, ticks
from bot.slack.text import mrkdwn

if TYPE_CHECKING:
    from bot.domain.forms import ThresholdsForm
    from bot.domain.thresholds import ConceptThreshold
    from bot.slack.cards.message import Block

LONGEST_PROOF = 1000  # characters
MOST_CONCEPTS = 19  # five blocks each, of a modal's 100


def thresholds_blocks(view: ThresholdsForm) -> list[Block]:
    """Draw what waits, then the fields of each concept; what does not fit is changed by typing."""
    blocks = [section(f"{_waiting(view.waiting)}; a change touches images added from then on.")]
    proven = (*view.proven, *("" for _ in view.rows))
    for place, ((name, cuts), said) in enumerate(zip(view.rows[:MOST_CONCEPTS], proven, strict=False)):
        blocks += _concept(place, name, cuts, said)
    left = len(view.rows) - MOST_CONCEPTS
    if left > 0:
        blocks.append(section(f"{left} more do not fit here: change them with /annotate-thresholds, as in: car 0.9"))
    return blocks


def _waiting(number: int) -> str:
    if number == 0:
        return "Nothing waits now"
    return "1 question waits now" if number == 1 else f"{counted(number)} questions wait now"


def _concept(place: int, name: str, cuts: ConceptThreshold, said: str) -> list[Block]:
    accept = (cuts.before_off or DEFAULT_ACCEPT) if cuts.is_off else cuts.accept
    floor = 0.0 if cuts.floor <= NO_FLOOR else cuts.floor
    off = [("off", "Accept nothing automatically")]
    return [
        section(cuts_line(name, cuts) + (f"\n{mrkdwn(said, LONGEST_PROOF)}" if said else "")),
        field(f"accept-{place}", f"{name}: labelled from", number(accept)),
        field(f"floor-{place}", f"{name}: brought to people from", number(floor)),
        field(
            f"target-{place}",
            f"{name}: this many of 100 labels shall be right",
            number(round(cuts.target * 100, 7), least=LEAST_TARGET * 100, most=MOST_TARGET * 100),
        ),
        field(f"off-{place}", f"{name}: off", ticks(off, ["off"] if cuts.is_off else ()), optional=True),
    ]
