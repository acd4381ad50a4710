"""Something for one person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.cards.message import FILE_ID, LONGEST_TEXT, LONGEST_VALUE, Message, actions, button, paragraphs, picture
from bot.slack.text import mrkdwn, plain, with_mentions, with_moments

if TYPE_CHECKING:
    from bot.domain.views import NoteView, Offer
    from bot.slack.cards.message import Block

LONGEST_LINE = 1500
MOST_PICTURES = 10
MOST_OFFERS = 5


def note(view: NoteView) -> Message:
    """Draw plain lines, pictures and buttons.

    A refusal names who can: such mentions stay alive, since nobody is notified of a note.
    """
    lines = [_line(line) for line in view.lines]
    summary = with_moments(with_mentions(mrkdwn(" ".join(view.lines), LONGEST_TEXT, otherwise="Nothing to say.")))
    blocks = [*(paragraphs(lines) or paragraphs([summary])), *_pictures(view)]
    offers = [o for o in view.offers if len(_line_of(o)) <= LONGEST_VALUE]  # half a command line would be another one
    if offers:
        blocks.append(actions([_offered(place, offer) for place, offer in enumerate(offers[:MOST_OFFERS])]))
    return Message(summary, blocks)


def _line(line: str) -> str:
    return with_moments(with_mentions(mrkdwn(line, LONGEST_LINE, otherwise="")))


def _pictures(view: NoteView) -> list[Block]:
    drawn: list[Block] = []
    for shown in view.pictures[:MOST_PICTURES]:
        if FILE_ID.fullmatch(shown.file_id):
            drawn.append(picture(shown.file_id, plain(shown.name, 200, otherwise="a picture")))
        drawn += paragraphs([_line(line) for line in shown.lines], most=1)
    return drawn


def _offered(place: int, offer: Offer) -> Block:
    return button(offer.words, f"line:{place}", _line_of(offer))


def _line_of(offer: Offer) -> str:
    return f"{offer.command} {offer.text}".strip()
