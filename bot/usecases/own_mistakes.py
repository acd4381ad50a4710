"""What people can do about labels from before a change of thresholds; nothing old changes without their press."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.views import Offer

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.projects import Project

COMMAND = "/annotate-thresholds"
REVIEW_BELOW, APPLY_LOWER = "review-below", "apply-lower"
_SPAN = re.compile(rf"(?P<what>{REVIEW_BELOW}|{APPLY_LOWER}) (?P<old>\d{{1,9}}) (?P<new>\d{{1,9}})")


@dataclass(frozen=True)
class Span:
    """A change of thresholds, from the revision that was in force before to the one that is since."""

    old: int
    new: int


class OldLabels(Protocol):
    """Labels and questions from before a change. Each method is one transaction, and done twice does nothing more."""

    def review_below(self, project: Project, span: Span, *, now: dt.datetime) -> int:
        """Ask people about what was accepted below the raised cuts and nobody looked at; return how many."""

    def apply_lower(self, project: Project, span: Span) -> int | None:
        """Accept the questions of then that reach the lowered cuts; None when these are not in force any more."""


def offers_of(span: Span, below: int, waiting: int) -> tuple[Offer, ...]:
    """Offer what a change lets people do: `below` were accepted below the new cuts, `waiting` questions reach them."""
    offers = []
    if below:
        words = "Review the label" if below == 1 else f"Review the {below:,} labels"
        offers.append(_offer(f"{words} accepted below the new value", REVIEW_BELOW, span))
    if waiting:
        offers.append(_offer(f"Apply to the {waiting:,} waiting", APPLY_LOWER, span))
    return tuple(offers)


def _offer(words: str, what: str, span: Span) -> Offer:
    return Offer(words, f"{what} {span.old} {span.new}", COMMAND)


def read_offer(text: str) -> tuple[str, Span] | None:
    """Read the line that such a button stands for; None when it is another one."""
    found = _SPAN.fullmatch(text)
    return (found["what"], Span(int(found["old"]), int(found["new"]))) if found else None


def deal_with_old(store: OldLabels, project: Project, what: str, span: Span, *, now: dt.datetime) -> str:
    """Do what was offered, and say how many it concerned."""
    if what == REVIEW_BELOW:
        queued = store.review_below(project, span, now=now)
        if not queued:
            return "Nothing of that is left to review: it was brought to people before, or is gone."
        return f"{_counted(queued, 'label')} {'comes' if queued == 1 else 'come'} to people now, a few cards at a time."
    accepted = store.apply_lower(project, span)
    if accepted is None:
        return "The thresholds were changed again since. Nothing was done."
    if not accepted:
        return "Nothing of that waits any more: it was applied or answered before."
    return f"{_counted(accepted, 'waiting question')} accepted by the new value. Checks that were drawn go on."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
