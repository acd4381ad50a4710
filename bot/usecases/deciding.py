"""A person answers, or takes an answer back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.reviews import Verdict
    from bot.usecases.ports import Clock

GATHER = dt.timedelta(seconds=1.5)  # clicks on one card within this time are drawn once
UNDO_FOR = dt.timedelta(hours=24)  # the decider's; an admin may undo always


@dataclass(frozen=True)
class Press:
    """One press of a button, as Slack delivered it. `key` is the same for a second delivery of the same press.

    Attributes:
        beside: pressed beside the channel, on the Home tab or in a session opened from there: what Slack shows to
            everybody, so that the presser must be known as a member of the channel.
        answered: the presser reads what became of it on the spot, so that no note tells a loser.
    """

    key: str
    team_id: str
    channel_id: str
    by: str
    home_team_id: str = ""  # of the person; differs from `team_id` for people of another workspace
    beside: bool = False
    answered: bool = False


class Answer(StrEnum):
    """What became of a press."""

    WON = "won"
    LOST = "lost"  # somebody was first, or it is closed; the person is told by a note
    REPLAY = "replay"  # delivered before; nothing was done again
    REFUSED = "refused"  # not a review of this channel, or not a person who may decide; told by a note


class Ballot(Protocol):
    """Where decisions are made durable: each method is one statement and one commit."""

    def decide(
        self, press: Press, review_ids: Sequence[int], verdict: Verdict, *, at: dt.datetime, draw_after: dt.datetime
    ) -> Answer:
        """Give `verdict` to those of the reviews that are open; the first press on a review wins."""

    def undo(self, press: Press, input_id: str, *, at: dt.datetime, since: dt.datetime) -> Answer:
        """Open again the reviews of a card that the presser decided since `since`; an admin's press opens all."""

    def look_again(self, press: Press, look_id: int, verdict: Verdict, *, at: dt.datetime) -> Answer:
        """Answer a second look, unless the presser gave the first answer; APPROVE becomes the review's verdict."""


def decide(
    ballot: Ballot, clock: Clock, wake: Callable[[], None], press: Press, review_ids: Sequence[int], verdict: Verdict
) -> Answer:
    """Store a verdict. When this returns, it is durable; when it raises, nothing was stored.

    *Approve all* is a press with several ids: those decided by somebody else meanwhile stay as they are.
    """
    at = clock()
    answer = ballot.decide(press, review_ids, verdict, at=at, draw_after=at + GATHER)
    wake()
    return answer


def undo(ballot: Ballot, clock: Clock, wake: Callable[[], None], press: Press, input_id: str) -> Answer:
    """Take back the presser's verdicts on a card (an admin: everybody's) as new revisions."""
    at = clock()
    answer = ballot.undo(press, input_id, at=at, since=at - UNDO_FOR)
    wake()
    return answer


def look_again(
    ballot: Ballot, clock: Clock, wake: Callable[[], None], press: Press, look_id: int, verdict: Verdict
) -> Answer:
    """Store the answer to a second look. When this returns, it is durable; when it raises, nothing was stored."""
    answer = ballot.look_again(press, look_id, verdict, at=clock())
    wake()
    return answer


def read_review_ids(value: str) -> list[int]:
    """Read the ids a button carries.

    Raises:
        Refused: the value is not one of ours.
    """
    try:
        ids = [int(part) for part in value.split(",")]
    except ValueError:
        raise Refused("This button was not made by this bot. Ask for the card to be posted again.") from None
    if not all(0 < i < 1 << 63 for i in ids):
        raise Refused("This button was not made by this bot. Ask for the card to be posted again.")
    return ids
