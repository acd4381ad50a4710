"""The set-up of a project as a checklist that ticks, ending at *ready, not live* and then at *live*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.views import StepState
from bot.slack.cards.message import Message, actions, button, paragraphs, section
from bot.slack.cards.tables import cuts_line
from bot.slack.text import mrkdwn

if TYPE_CHECKING:
    from bot.domain.views import ChecklistStep, ChecklistView
    from bot.slack.cards.message import Block

_MARKS = {
    StepState.DONE: "\u2713 done",
    StepState.WORKING: "\u2026 working",
    StepState.WAITING: "\u2013 to do",
    StepState.FAILED: "\u2717 stopped",
}
_TITLES = {
    ProjectState.SETTING_UP: "Setting this channel up",
    ProjectState.READY: "Ready, not live",
    ProjectState.LIVE: "This channel is live",
    ProjectState.PAUSED: "This channel is paused",
    ProjectState.LEFT: "This channel is no longer connected",
}
_MEANINGS = {
    ProjectState.SETTING_UP: "",
    ProjectState.READY: "Nothing is labelled yet. *Try it* looks at a picture and writes nothing; "
    "*Go live* labels every image that is added from then on.",
    ProjectState.LIVE: "Drop images here: what the model is sure of is labelled, the rest is brought to you.",
    ProjectState.PAUSED: "Images wait in order, no cards are posted; answers are still saved and written.",
    ProjectState.LEFT: "Nothing is taken in here. The labels made so far stay in Clarifai.",
}


def checklist(view: ChecklistView) -> Message:
    """Draw the checklist; the state is said in words beside each mark, never by a mark alone."""
    title = _title(view)
    blocks = [section(f"*{title}*"), *paragraphs([_step(s) for s in view.steps], most=10)]
    if view.found:
        blocks.append(section(f"In the app before: {mrkdwn(view.found, 1000)}"))
    blocks += paragraphs([cuts_line(name, cuts) for name, cuts in view.cuts], most=10)
    if _MEANINGS[view.state]:
        blocks.append(section(_MEANINGS[view.state]))
    buttons = _buttons(view)
    if buttons:
        blocks.append(actions(buttons))
    return Message(f"{title}: {_progress(view)}", blocks)


def _title(view: ChecklistView) -> str:
    stopped = view.state is ProjectState.SETTING_UP and any(s.state is StepState.FAILED for s in view.steps)
    return "The set-up of this channel has stopped" if stopped else _TITLES[view.state]


def _step(step: ChecklistStep) -> str:
    detail = f": {mrkdwn(step.detail, 600)}" if step.detail else ""
    return f"{_MARKS[step.state]} \u00b7 {mrkdwn(step.title, 150)}{detail}"


def _progress(view: ChecklistView) -> str:
    done = sum(s.state is StepState.DONE for s in view.steps)
    return f"{done} of {len(view.steps)} steps done"


def _buttons(view: ChecklistView) -> list[Block]:
    drawn = []
    if view.state is ProjectState.READY:
        drawn += [button("Try it", "try-it"), button("Go live", "go-live")]
    if view.older_pending > 0 and view.state not in {ProjectState.SETTING_UP, ProjectState.LEFT}:
        drawn.append(button(f"Bring in {view.older_pending} older ones", "bring-older"))
    return drawn
