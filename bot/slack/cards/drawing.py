"""From any view to its message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.views import (
    AnnouncementView,
    CardView,
    ChecklistView,
    DigestView,
    ListView,
    NoteView,
    SecondLookView,
    UploadView,
    WaitingView,
)
from bot.slack.cards.address_list import address_list
from bot.slack.cards.announcement import announcement
from bot.slack.cards.card import card
from bot.slack.cards.checklist import checklist
from bot.slack.cards.digest import digest
from bot.slack.cards.note import note
from bot.slack.cards.second_look import second_look
from bot.slack.cards.upload import upload
from bot.slack.cards.waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.views import View
    from bot.slack.cards.message import Message

DRAWN_BY: Mapping[type, Callable[[Any], Message]] = {
    CardView: card,
    SecondLookView: second_look,
    UploadView: upload,
    ListView: address_list,
    ChecklistView: checklist,
    DigestView: digest,
    AnnouncementView: announcement,
    WaitingView: waiting,
    NoteView: note,
}


def draw(view: View | NoteView) -> Message:
    """Draw what is to be said. The same view is always the same message."""
    return DRAWN_BY[type(view)](view)
