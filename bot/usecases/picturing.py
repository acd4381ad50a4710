"""A card's picture, where Slack cannot show the original: converted once and uploaded once."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import ChatError, NotAPhotograph, PlatformRefused, PlatformUnavailable
from bot.domain.uploads import LARGEST_FILE
from bot.usecases.ports import InputFacts, InputState
from bot.usecases.previews import LOOKS_FOR_A_PREVIEW, developed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.projects import Project
    from bot.usecases.chat import Chat
    from bot.usecases.ports import Clock, LabellingPlatform, PictureDesk, PreparedPicture

log = logging.getLogger(__name__)

GIVE_UP_AFTER = dt.timedelta(minutes=10)  # a card without a picture is better than no card


@dataclass(frozen=True)
class Unshown:
    """An input whose card waits for its picture. `boxes` are regions as (top, left, bottom, right) shares."""

    input_id: str
    name: str
    original_file: str  # the Slack file it was uploaded as; empty when it came from elsewhere
    url: str
    waiting_since: dt.datetime
    boxes: tuple[tuple[float, float, float, float], ...]


class PictureStore(Protocol):
    """Inputs whose card waits for its picture."""

    def unshown(self, project_id: str, *, limit: int) -> Sequence[Unshown]: ...

    def shown(self, project_id: str, input_id: str, file_id: str) -> None:
        """The card can show this file; an empty id lets it go without a picture."""


def show_pictures(
    store: PictureStore,
    chat: Chat,
    platform: LabellingPlatform,
    pictures: PictureDesk,
    clock: Clock,
    project: Project,
    *,
    go_on: Callable[[], bool] = lambda: True,
    limit: int = 10,
) -> int:
    """Make the pictures that cards wait for while `go_on` says so; return how many cards may go out now.

    A crash between the upload and the record costs one more upload of a file that nobody sees.
    """
    made = 0
    for unshown in store.unshown(project.id, limit=limit):
        if not go_on():
            break
        try:
            picture = _for_card(chat, platform, pictures, unshown)
            file_id = chat.upload_picture(picture.data, _file_name(unshown.name))
        except (PlatformUnavailable, ChatError) as away:
            if clock() - unshown.waiting_since < GIVE_UP_AFTER:
                log.info("pictures: %s waits: %s", unshown.input_id, away)
                continue
            file_id = ""
        except (NotAPhotograph, PlatformRefused) as refused:
            log.warning("pictures: the card of %s goes without: %s", unshown.input_id, refused)
            file_id = ""
        store.shown(project.id, unshown.input_id, file_id)
        made += 1
    return made


def _file_name(name: str) -> str:
    """Name the picture for what it is now: Slack goes by the ending, and would not show a JPEG called photo.webp."""
    return f"{PurePath(name).stem or 'picture'}.jpg"


def _for_card(chat: Chat, platform: LabellingPlatform, pictures: PictureDesk, unshown: Unshown) -> PreparedPicture:
    draw = partial(pictures.for_card, boxes=unshown.boxes)
    if unshown.original_file:
        file = chat.file(unshown.original_file)
        if not file.problem:
            data = chat.download(file, limit=LARGEST_FILE)
            return developed(chat, file, data, draw, looks=LOOKS_FOR_A_PREVIEW)
    facts = platform.read_inputs([unshown.input_id])[unshown.input_id]
    if facts.state is InputState.GONE:
        raise NotAPhotograph("was deleted in Clarifai")
    return draw(platform.fetch_picture(InputFacts(facts.id, facts.state, url=facts.url or unshown.url)))
