"""From any form to its modal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.forms import ConfirmForm, MessageForm, ReviewForm, SetUpForm, ThresholdsForm
from bot.slack.cards.message import paragraphs
from bot.slack.forms.review import review_blocks
from bot.slack.forms.set_up import set_up_blocks
from bot.slack.forms.thresholds import thresholds_blocks
from bot.slack.text import mrkdwn, plain, with_mentions, with_moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.forms import FormView
    from bot.slack.cards.message import Block

FORM = "form"  # the callback_id of every form; which one it is stands in our table
LONGEST_TITLE = 24  # characters; also of the words on its two buttons
LONGEST_LINE = 1500


def draw_form(form_id: str, view: FormView) -> dict[str, Any]:
    """Draw a form. Its id goes along twice: Slack finds the modal by it, and we find the form when it is sent."""
    match view:
        case MessageForm():
            drawn = _modal(view.title, lines(view.lines))
        case ConfirmForm():
            drawn = _modal(view.title, lines(view.lines), submit=view.submit, close=view.close)
        case SetUpForm():
            drawn = _modal("Set up this channel", set_up_blocks(view), submit="Set up")
        case ThresholdsForm():
            drawn = _modal("Thresholds", thresholds_blocks(view), submit="Show what changes")
        case ReviewForm():
            drawn = _modal("Review", review_blocks(view), submit="Save and next", close="Done")
            drawn["notify_on_close"] = True  # the picture is held for this person
    return {**drawn, "external_id": form_id, "private_metadata": form_id}


def lines(said: Iterable[str]) -> list[Block]:
    """Draw plain lines; only one person sees a form, so mentions in it stay alive, and times are their own."""
    drawn = [with_moments(with_mentions(mrkdwn(line, LONGEST_LINE, otherwise=""))) for line in said]
    return paragraphs(drawn) or paragraphs(["There is nothing to show."])


def _modal(title: str, blocks: list[Block], *, submit: str = "", close: str = "Cancel") -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "modal",
        "callback_id": FORM,
        "title": _words(title),
        "close": _words(close if submit else "Close"),
        "blocks": blocks,
    }
    return {**drawn, "submit": _words(submit)} if submit else drawn


def _words(text: str) -> Block:
    return {"type": "plain_text", "text": plain(text, LONGEST_TITLE), "emoji": False}
