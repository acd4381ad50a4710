"""The one answer to a message with images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.uploads import Outcome, sentence
from bot.slack.cards.message import LONGEST_SECTION, Message, paragraphs, section
from bot.slack.cards.questions import NAME
from bot.slack.text import mention, mrkdwn

if TYPE_CHECKING:
    from bot.domain.uploads import PictureOutcome
    from bot.domain.views import KnownAgain, UploadView

_WHY_KEPT = {
    ProjectState.PAUSED: "This channel is paused. They are kept in order and labelled when it goes on.",
    ProjectState.LIVE: "They are kept in order and labelled next.",
}
_MOST_VERDICTS = 12  # told of one picture
_BEFORE_LIVE = "This channel is not live yet. They are kept in order and labelled when it goes live."


def upload(view: UploadView) -> Message:
    """Draw the answer: the sentence with its counts, then only the lines that have something to say."""
    counts = mrkdwn(sentence(view.pictures), LONGEST_SECTION)
    blocks = [section(counts)]
    if any(p.outcome is Outcome.KEPT for p in view.pictures):
        blocks.append(section(why_kept(view.project_state)))
    blocks += paragraphs([_expected(p) for p in view.pictures if p.expected], most=10)
    blocks += paragraphs([_known_again(known) for known in view.known_again], most=10)
    reviewed = _reviewed(view)
    if reviewed:
        blocks.append(section(reviewed))
    return Message(counts, blocks)


def why_kept(state: ProjectState) -> str:
    """Say why images wait while the project is in `state`."""
    return _WHY_KEPT.get(state, _BEFORE_LIVE)


def _expected(picture: PictureOutcome) -> str:
    name = mrkdwn(picture.name, 100)
    return f"Once live, {name}: {mrkdwn('; '.join(picture.expected), 600)}"


def _known_again(known: KnownAgain) -> str:
    """Say for example "Known again: cat.png: seen on 3 May: people, approved by <@U...>; man, rejected by <@U...>"."""
    seen = f"{mrkdwn(known.name, 100)}: seen on {known.seen_on.day} {known.seen_on:%B}"
    said = "; ".join(
        f"{mrkdwn(concept, NAME)}, {'approved' if approved else 'rejected'} by {mention(by)}"
        for concept, approved, by in known.verdicts[:_MOST_VERDICTS]
    )
    return f"Known again: {seen}{': ' + said if said else ''}"


def _reviewed(view: UploadView) -> str:
    """Say how far people are with the images to review; nothing before the first is done."""
    to_review = [p for p in view.pictures if p.outcome is Outcome.TO_REVIEW]
    done = sum(p.reviewed for p in to_review)
    if not done:
        return ""
    return f"Reviewed: all {done}" if done == len(to_review) else f"Reviewed: {done} of {len(to_review)}"
