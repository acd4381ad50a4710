"""The Home tab: my queue, the next picture with the buttons of its card, my last answers, how each project stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.projects import ProjectState
from bot.domain.reviews import Verdict
from bot.slack.cards.card import card
from bot.slack.cards.message import actions, button, paragraphs, section
from bot.slack.text import channel, moment, mrkdwn, with_mentions

if TYPE_CHECKING:
    from bot.domain.views import AnsweredView, HomeView, QueueView
    from bot.slack.cards.message import Block

AT_HOME = "home:"  # in front of the action_id of everything that can be pressed here
MOST_QUEUES = 20  # two blocks each, of a Home tab's 100
MOST_ANSWERED = 5  # two blocks each
LONGEST_LINE = 500
_NO_QUEUE = (
    "You are in no channel that is set up for labelling.",
    "Invite this bot to a channel and type there: /annotate setup people man adult",
)
_NOTHING = "Nothing waits for you. Drop images into one of these channels to have them labelled."
_STATES = {
    ProjectState.SETTING_UP: "is being set up; the checklist in the channel says what it waits for",
    ProjectState.READY: "is ready, not live: its checklist has the button",
    ProjectState.LIVE: "is live",
    ProjectState.PAUSED: "is paused: nothing is taken in, answers are saved and written",
    ProjectState.LEFT: "is no longer connected",
}
_ANSWERS = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.UNSURE: "not sure"}


def home(view: HomeView) -> Block:
    """Draw the Home tab as the view that Slack takes. Nothing of an open review shows but its question."""
    blocks = [section("*Your queue*")]
    blocks += paragraphs([with_mentions(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in view.said], most=1)
    if view.may_decide:
        blocks += [*_queues(view), *_next(view), *_answered(view)]
    return {"type": "home", "blocks": blocks}


def _queues(view: HomeView) -> list[Block]:
    if not view.queues:
        return paragraphs([mrkdwn(line) for line in _NO_QUEUE])
    blocks = [b for queue in view.queues[:MOST_QUEUES] for b in _queue(queue)]
    more = len(view.queues) - MOST_QUEUES
    if more > 0:
        blocks.append(section(f"\u2026 and {more} more channels. In each of them works: /annotate review"))
    if not any(queue.questions for queue in view.queues):
        blocks.append(section(_NOTHING))
    return blocks


def _queue(queue: QueueView) -> list[Block]:
    line = f"{channel(queue.channel_id)} {_STATES[queue.state]}."
    if not queue.questions:
        return [section(line)]
    asked = f"{queue.questions} question{'' if queue.questions == 1 else 's'}"
    about = f"{queue.pictures} picture{'' if queue.pictures == 1 else 's'}"
    since = f", the oldest since {moment(queue.oldest)}" if queue.oldest else ""
    review = button("Start a session", f"line:review {queue.channel_id}"[:200], "/annotate review")
    waiting = section(f"{line} *{asked}* about {about} waiting{since}.")
    return [waiting, _at_home(actions([review]), queue.channel_id)]


def _next(view: HomeView) -> list[Block]:
    if view.next is None:
        return []
    title = section(f"*Next picture*, from {channel(view.next_in)}")
    return [title, *(_at_home(block, view.next_in) for block in card(view.next).blocks)]


def _answered(view: HomeView) -> list[Block]:
    if not view.answered:
        return []
    return [section("*Your last answers*"), *(b for one in view.answered[:MOST_ANSWERED] for b in _answer(one))]


def _answer(one: AnsweredView) -> list[Block]:
    said = ", ".join(f"{mrkdwn(concept, 64)} {_ANSWERS[verdict]}" for concept, verdict in one.verdicts[:10])
    more = f" and {len(one.verdicts) - 10} more" if len(one.verdicts) > 10 else ""  # noqa: PLR2004 - as many as shown
    name = mrkdwn(one.name, 200, otherwise="a picture")
    undo = button("Undo", f"undo:{one.input_id}"[:200], one.input_id, full_name=f"Undo my answers on {one.name}")
    line = f"{name} in {channel(one.channel_id)}: {said}{more}, {moment(one.at)}"
    return [section(line), _at_home(actions([undo]), one.channel_id)]


def _at_home(block: Block, channel_id: str) -> Block:
    """Give the buttons of a block the channel they are about: a press on the Home tab comes from none."""
    if block["type"] != "actions":
        return block
    buttons = [
        {**b, "action_id": f"{AT_HOME}{b['action_id']}"[:255], "value": f"{channel_id}|{b.get('value', '')}"}
        for b in block["elements"]
    ]
    return {**block, "elements": buttons}
