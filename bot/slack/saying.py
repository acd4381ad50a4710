"""The arguments of the calls that say something: what Slack is really sent, for the client and for the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.cards import draw
from bot.usecases.chat import PostKind

if TYPE_CHECKING:
    from bot.domain.views import NoteView, View
    from bot.usecases.chat import Mark

Arguments = dict[str, Any]


def posted(channel_id: str, view: View, mark: Mark, *, thread_ts: str = "") -> Arguments:
    """Say what chat.postMessage is sent."""
    return {
        "channel": channel_id,
        **drawn(view),
        "metadata": metadata(mark),
        "unfurl_links": False,
        "unfurl_media": False,
        **_within(thread_ts),
    }


def updated(channel_id: str, ts: str, view: View, mark: Mark) -> Arguments:
    """Say what chat.update is sent."""
    return {"channel": channel_id, "ts": ts, **drawn(view), "metadata": metadata(mark)}


def whispered(channel_id: str, user_id: str, note: NoteView, *, thread_ts: str = "") -> Arguments:
    """Say what chat.postEphemeral is sent."""
    return {"channel": channel_id, "user": user_id, **drawn(note), **_within(thread_ts)}


def direct(channel_id: str, note: NoteView) -> Arguments:
    """Say what chat.postMessage is sent for a direct message."""
    return {"channel": channel_id, **drawn(note), "unfurl_links": False, "unfurl_media": False}


def metadata(mark: Mark) -> Arguments:
    """Write a mark as a message carries it."""
    event = PostKind.CARD if mark.kind is PostKind.SECOND_LOOK else mark.kind
    return {
        "event_type": f"annotate_{event.value}",
        "event_payload": {"subject": mark.subject, "kind": mark.kind.value},
    }


def drawn(view: View | NoteView) -> Arguments:
    """Draw a view as the text and the blocks of a message."""
    message = draw(view)
    return {"text": message.text, "blocks": message.blocks}


def _within(thread_ts: str) -> Arguments:
    return {"thread_ts": thread_ts} if thread_ts else {}
