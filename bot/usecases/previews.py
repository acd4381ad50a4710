"""Pictures in formats we do not decode (HEIC, TIFF, BMP), by way of Slack's own large drawing of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.errors import ChatUnavailable, NotAPhotograph, UnreadFormat
from bot.domain.uploads import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.chat import Chat, SlackFile
    from bot.usecases.ports import PreparedPicture

LOOKS_FOR_A_PREVIEW = 4  # Slack draws it some seconds after the upload; together about 14 s


def developed(
    chat: Chat, file: SlackFile, data: bytes, develop: Callable[[bytes], PreparedPicture], *, looks: int
) -> PreparedPicture:
    """Develop the bytes of `file`, or Slack's drawing of it where we do not decode its format.

    `looks` counts how often the file was looked at before: a fresh one may not have its drawing yet.

    Raises:
        NotAPhotograph: no picture, or one nobody draws large enough, with what to do.
        ChatUnavailable: later: the drawing may come, or Slack is away.
    """
    try:
        return develop(data)
    except UnreadFormat as unread:
        if file.preview_url:
            drawing = replace(file, url=file.preview_url, mimetype="")
            return develop(chat.download(drawing, limit=LARGEST_FILE))
        if looks + 1 < LOOKS_FOR_A_PREVIEW:
            raise ChatUnavailable("Slack has no large drawing of the picture yet") from unread
        raise NotAPhotograph(f"{unread} that Slack offers no large preview of: convert it to JPEG or PNG") from unread
