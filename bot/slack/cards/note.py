"""Something for one person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.cards.message import (
    FILE_ID,
    LONGEST_ALT,
    LONGEST_TEXT,
    LONGEST_VALUE,
    Message,
    actions,
    button,
    paragraphs,
    picture,
)
from bot.slack.text import mrkdwn, plain, with_mentions, with_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.views import NoteView, Offer, ShownPicture
    from bot.slack.cards.message import Block

LONGEST_LINE = 1500
MOST_PICTURES = 10
MOST_OFFERS = 16  # Slack takes 25 in a row


def note(view: NoteView) -> Message:
    """Draw plain lines, pictures and buttons.

    A refusal names who can: such mentions stay alive, since nobody is notified of a note.
    """
    lines = [_alive(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in view.lines]
    summary = _alive(mrkdwn(" ".join(view.lines), LONGEST_TEXT, otherwise="Nothing to say."))
    blocks = [*(paragraphs(lines) or paragraphs([summary])), *_pictures(view)]
    below = buttons_of(view.offers)
    if below:
        blocks.append(actions(below))
    return Message(summary, blocks)


def _alive(text: str) -> str:
    return with_moments(with_mentions(text))


def _pictures(view: NoteView) -> list[Block]:
    drawn: list[Block] = []
    for shown in view.pictures[:MOST_PICTURES]:
        if FILE_ID.fullmatch(shown.file_id):
            drawn.append(picture(shown.file_id, _alt(shown)))
        drawn += paragraphs([_alive(mrkdwn(line, LONGEST_LINE, otherwise="")) for line in shown.lines], most=1)
    return drawn


def _alt(shown: ShownPicture) -> str:
    return plain(shown.alt, LONGEST_ALT, otherwise=plain(shown.name, 200, otherwise="a picture"))


def buttons_of(offers: Sequence[Offer]) -> list[Block]:
    """Return the buttons of the first offers; half a command line would be another one, so that none is cut."""
    fitting = [offer for offer in offers if len(_line_of(offer)) <= LONGEST_VALUE]
    return [offered(offer, place) for place, offer in enumerate(fitting[:MOST_OFFERS])]


def offered(offer: Offer, place: int = 0) -> Block:
    """Return a button that stands for a command line; `place` tells it from its neighbours."""
    drawn = button(offer.words, f"line:{place}", _line_of(offer))
    return {**drawn, "confirm": _asked_first(offer)} if offer.confirm else drawn


def _asked_first(offer: Offer) -> Block:
    texts = {"title": ("Are you sure?", 100), "text": (offer.confirm, 300), "deny": ("Cancel", 30)}
    texts["confirm"] = (offer.words, 30)
    return {
        name: {"type": "plain_text", "text": plain(words, most, otherwise="Yes"), "emoji": False}
        for name, (words, most) in texts.items()
    }


def _line_of(offer: Offer) -> str:
    return f"{offer.command} {offer.text}".strip()
