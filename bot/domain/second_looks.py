"""A second look: another person answers what the first one rejected, without being told that it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.reviews import AlreadyDecided, Verdict

if TYPE_CHECKING:
    from datetime import datetime

MOST_OPEN = 2  # in a channel at once; they come besides the cards that wait


class LookState(StrEnum):
    """CLOSED: nobody answered, and there is nothing left to look at; no second look is opened again."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class FirstAnswer(ValueError):
    """Whoever gave the first answer does not give the second."""


@dataclass(frozen=True)
class SecondLook:
    """One rejected calibration review, asked once more. `doubted_by` is the first person who was not sure."""

    first_by: str
    state: LookState = LookState.OPEN
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    doubted_by: str = ""

    def answered(self, verdict: Verdict, by: str, at: datetime) -> SecondLook:
        """Return the second look after `by` answered; the first press wins, as on a card.

        APPROVE changes the label, REJECT agrees; a second person's UNSURE ends it and leaves the label rejected.

        Raises:
            FirstAnswer: `by` is the person who rejected.
            AlreadyDecided: it is over.
        """
        if by == self.first_by:
            raise FirstAnswer(by)
        if self.state is not LookState.OPEN:
            raise AlreadyDecided(self.state.value)
        if verdict is Verdict.UNSURE and self.doubted_by in {"", by}:
            return replace(self, doubted_by=by)
        return replace(self, state=LookState.DECIDED, verdict=verdict, decided_by=by, decided_at=at)
