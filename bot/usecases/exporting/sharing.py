"""Exports that were asked for in Slack: made by a job, shared in the channel in one message with the data card."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import ChatInDoubt, ChatRefused, ChatUnavailable
from bot.domain.exports import TITLES
from bot.domain.views import NoteView
from bot.usecases.crashing import Checkpoint
from bot.usecases.exporting.making import Abandoned, make_export
from bot.usecases.exporting.sheets import TooLarge
from bot.usecases.waiting import wait_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bot.usecases.crashing import Reached
    from bot.usecases.exporting.making import Made
    from bot.usecases.exporting.ports import ExportStore, FileSharer, LabelledData, Wish
    from bot.usecases.ports import Clock

log = logging.getLogger(__name__)

LARGEST_SHARED = 100_000_000  # bytes; Slack takes 1 GB, but nobody downloads that from a channel
MOST_TRIES = 8
LONGEST_WAIT = dt.timedelta(minutes=5)
LOOK_AFTER = dt.timedelta(seconds=15)  # Slack shares files a little after it answered
BY_HAND = "Whoever runs the bot can write it to a folder: annotate-bot export {form} --channel {channel}"


@dataclass(frozen=True)
class ExportDesk:
    """What sharing exports works with. `alone` holds a lock that a killed process loses."""

    store: ExportStore
    data: LabelledData
    sharer: FileSharer
    alone: Callable[[str], AbstractContextManager[bool]]
    clock: Clock
    reached: Reached


def share_exports(desk: ExportDesk, project_id: str, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make and share what is due for a project, while `go_on` says so; return how many came to an end.

    Before Slack is asked to share files their ids are recorded: whoever finds them looks whether they stand in the
    channel and shares none twice. Any other crash costs making the file again.
    """
    done = 0
    for wish in desk.store.waiting(project_id, now=desk.clock()):
        if not go_on():
            break
        with desk.alone(f"export {wish.id}") as nobody_else:
            current = desk.store.again(wish) if nobody_else else None
            if current is not None:
                done += _carry_on(desk, current, go_on)
    return done


def _carry_on(desk: ExportDesk, wish: Wish, go_on: Callable[[], bool]) -> bool:
    """Bring one export as far as it goes; say whether it came to an end."""
    try:
        note = _look(desk, wish, go_on) if wish.file_ids else _make(desk, wish, go_on)
    except Abandoned:
        return False
    except ChatInDoubt as lost:
        log.warning("export: %s may be shared, a look will tell: %s", wish.id, lost)
        return False
    except ChatUnavailable as away:
        return _later(desk, wish, away)
    except ChatRefused as refused:
        log.warning("export: %s cannot be shared: %s", wish.id, refused)
        note = _sorry(wish, f"Slack does not take the file ({refused.error}).")
    desk.store.done(wish, note, now=desk.clock())
    return True


def _make(desk: ExportDesk, wish: Wish, go_on: Callable[[], bool]) -> NoteView | None:
    with tempfile.TemporaryDirectory(prefix="annotate-export-") as folder:
        file, card = Path(folder, "labels"), Path(folder, "card")
        try:
            with file.open("wb") as out:
                made = make_export(
                    desk.data,
                    wish.project_id,
                    wish.form,
                    out,
                    made_at=desk.clock(),
                    limit=LARGEST_SHARED,
                    go_on=go_on,
                )
        except TooLarge:
            return _sorry(wish, f"The file is larger than {LARGEST_SHARED // 1_000_000} MB, too much for a channel.")
        if not made.lines:
            return NoteView(("There is nothing to export yet: no image of this channel has a label or a question.",))
        card.write_text(made.card, "utf-8")
        _share(desk, wish, made, (file, card))
    return None


def _share(desk: ExportDesk, wish: Wish, made: Made, paths: tuple[Path, Path]) -> None:
    names = (made.name, made.card_name)
    ids = tuple(desk.sharer.put(path, name) for path, name in zip(paths, names, strict=True))
    desk.store.sharing(wish, ids, look_at=desk.clock() + LOOK_AFTER)
    what = f"the labels of this channel as {TITLES[wish.form]}, {made.lines} lines"
    line = f"{what}, and the data card that says their worth"
    files = tuple(zip(ids, names, strict=True))
    desk.sharer.share(files, line, by=wish.user_id, channel_id=wish.channel_id, thread_ts=wish.thread_ts)
    desk.reached(Checkpoint.EXPORT_SHARED)


def _look(desk: ExportDesk, wish: Wish, go_on: Callable[[], bool]) -> NoteView | None:
    """Find out whether the files stand in the channel; make them anew only where Slack does not know them."""
    stands = [desk.sharer.stands(file_id, wish.channel_id) for file_id in wish.file_ids]
    if any(stands):
        return None
    if all(known is None for known in stands):
        desk.store.later(wish, not_before=desk.clock(), anew=True)
        return _make(desk, replace(wish, file_ids=()), go_on)
    if wish.attempts < MOST_TRIES:
        raise ChatUnavailable("Slack has the files and does not show them yet")
    return NoteView(("Slack has the file and does not show it. It is not posted again by itself: ask once more.",))


def _later(desk: ExportDesk, wish: Wish, away: ChatUnavailable) -> bool:
    if wish.attempts >= MOST_TRIES:
        desk.store.done(wish, _sorry(wish, f"Slack could not take the file: {away}."), now=desk.clock())
        return True
    log.info("export: %s waits: %s", wish.id, away)
    wait = max(wait_after(wish.attempts, LONGEST_WAIT), dt.timedelta(seconds=away.retry_after_s))
    desk.store.later(wish, not_before=desk.clock() + wait, anew=not wish.file_ids)
    return False


def _sorry(wish: Wish, why: str) -> NoteView:
    return NoteView((why, BY_HAND.format(form=wish.form, channel=wish.channel_id)))
