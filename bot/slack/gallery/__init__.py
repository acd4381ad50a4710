"""Everything the bot can show, as samples: each kind in every state, and with hostile text in every place.

One list, `SHELVES`, holds it all. A new view of `bot.domain.views` or form of `bot.domain.forms` gets a shelf of its
own, or a sample on the shelf of its kind; hostile variants come by themselves. `tests/slack/gallery` says when a view
or a state has no sample.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.gallery import (
    announcements,
    cards,
    checklists,
    digests,
    forms,
    homes,
    lists,
    notes,
    second_looks,
    uploads,
    waiting,
)
from bot.slack.gallery.hostile import HOSTILE, poisoned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.gallery.shelf import Call, Shelf

SHELVES: tuple[Shelf, ...] = (
    cards.SHELF,
    second_looks.SHELF,
    uploads.SHELF,
    lists.SHELF,
    checklists.SHELF,
    digests.SHELF,
    announcements.SHELF,
    waiting.SHELF,
    notes.SHELF,
    forms.SHELF,
    homes.SHELF,
)


def samples() -> Iterator[tuple[str, object]]:
    """Yield every sample by its name, each followed by its hostile variants."""
    for _shelf, name, view in _placed():
        yield name, view


def calls() -> Iterator[Call]:
    """Yield the calls that show every sample, with the arguments that Slack is sent."""
    for shelf, _name, view in _placed():
        yield from shelf.calls(view)


def _placed() -> Iterator[tuple[Shelf, str, object]]:
    for shelf in SHELVES:
        for name, view in shelf.samples.items():
            yield shelf, f"{shelf.kind}: {name}", view
            for ill, text in HOSTILE.items():
                yield shelf, f"{shelf.kind}: {name}, {ill}", poisoned(view, text)
