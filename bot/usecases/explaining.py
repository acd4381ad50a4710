"""Why a label stands: what the model had said, the cuts then in force, and who decided. Never before the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import Refused
from bot.domain.reviews import OPEN, ReviewKind, ReviewState, Verdict
from bot.domain.roles import Action, may
from bot.domain.thresholds import shown
from bot.domain.views import NoteView, ShownPicture, at
from bot.usecases.commanding import NO_PROJECT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.domain.roles import Person
    from bot.usecases.commanding import Office

MOST_PICTURES = 10
_ANSWERS = {Verdict.APPROVE: "approved by", Verdict.REJECT: "rejected by", Verdict.UNSURE: "set aside, not sure:"}


@dataclass(frozen=True)
class LabelFact:
    """One suggestion of the model about one picture, as the record has it. An empty `concept`: there was none."""

    picture: str
    concept: str = ""
    kind: ReviewKind = ReviewKind.PENDING
    state: ReviewState = ReviewState.UNCHECKED
    value: float = 0.0
    accept: float = 0.0
    floor: float = 0.0
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    closed_reason: str = ""


class Records(Protocol):
    """What is known of the pictures of a message."""

    def facts_about(self, project_id: str, channel_id: str, ts: str) -> Sequence[LabelFact] | None:
        """The suggestions about the pictures of an upload, its answer or a card; None when it is none of these."""


def explain(
    office: Office, records: Records, person: Person, *, team_id: str, channel_id: str, message_ts: str
) -> NoteView:
    """Say why the labels of a message's pictures stand.

    Raises:
        Refused: the channel has no project, the person may not look, or the message has no picture of the project.
    """
    project = office.projects.in_channel(team_id, channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    may(person, Action.LOOK, team_id=team_id, set_up_by=project.set_up_by)
    facts = records.facts_about(project.id, channel_id, message_ts)
    if facts is None:
        raise Refused("Ask this of an upload or of a card: this message has no picture that is labelled here.")
    pictures = [
        ShownPicture(name, (f"{name}:", *(_said(fact) for fact in of_one)))
        for name, of_one in groupby(facts, key=lambda fact: fact.picture)
    ]
    left = len(pictures) - MOST_PICTURES
    more = (f"{left} more pictures: ask this of their cards.",) if left > 0 else ()
    return NoteView(("Why these labels:", *more), tuple(pictures[:MOST_PICTURES]))


def _said(fact: LabelFact) -> str:
    """Say for example "man: the model said 0.36, asked of people from 0.20 on; rejected by <@U…> ⟨when⟩"."""
    if not fact.concept:
        return "none of your concepts reached the floor, or it is still being looked at"
    if fact.state in OPEN:
        return f"{fact.concept}: after you decide"
    model = f"{fact.concept}: the model said {shown(round(fact.value, 4))}, {_route(fact)}"
    if fact.verdict is None:
        return f"{model}; {fact.closed_reason}" if fact.closed_reason else f"{model}; nobody checked it"
    when = f" {at(fact.decided_at)}" if fact.decided_at else ""
    return f"{model}; {_ANSWERS[fact.verdict]} <@{fact.decided_by}>{when}"


def _route(fact: LabelFact) -> str:
    if fact.kind is ReviewKind.CHECK:
        return f"labelled automatically from {shown(fact.accept)} on"
    if fact.kind is ReviewKind.PROBE:
        return f"below the floor of {shown(fact.floor)}, asked all the same to see what is dropped"
    upto = "" if fact.accept > 1 else f" up to {shown(fact.accept)}"
    return f"asked of people from {shown(fact.floor)}{upto}"
