"""From any view to its message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.views import AnnouncementView, CardView, ChecklistView, DigestView, NoteView, UploadView
from bot.slack.cards.announcement import announcement
from bot.slack.cards.card import card
from bot.slack.cards.checklist import checklist
from bot.slack.cards.digest import digest
from bot.slack.cards.note import note
from bot.slack.cards.upload import upload

if TYPE_CHECKING:
    from bot.domain.views import View
    from bot.slack.cards.message import Message


def draw(view: View | NoteView) -> Message:
    """Draw what is to be said. The same view is always the same message."""
    match view:
        case CardView():
            return card(view)
        case UploadView():
            return upload(view)
        case ChecklistView():
            return checklist(view)
        case DigestView():
            return digest(view)
        case AnnouncementView():
            return announcement(view)
        case NoteView():
            return note(view)
