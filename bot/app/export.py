"""The labelled data as files in a folder, for scripts."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from bot.app.parts import utc_now
from bot.app.serving import held_open
from bot.domain.exports import names_of, read_form
from bot.settings import SettingsError
from bot.storage.embedded import EmbeddedPostgres
from bot.storage.labelled import SqlLabelledData
from bot.storage.migrate import at_head
from bot.usecases.exporting.making import make_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from bot.app.database import Database
    from bot.domain.exports import Form
    from bot.settings import Settings
    from bot.storage.labelled import Place

T = TypeVar("T")


def export(settings: Settings, form_words: str, *, channel: str, project: str, out: Path) -> Iterator[str]:
    """Write a project's labels and their data card into `out`; say of each file what it is, once it stands.

    Raises:
        Refused: there is no such form.
        SettingsError: no such project, no database to read, or a folder that cannot be written.
    """
    form = read_form(form_words)
    with opened(settings, name="export") as database:
        data = SqlLabelledData(database.engine)
        place = chosen(data.places(), channel, project)
        try:
            yield from _written(data, place, form, out)
        except OSError as problem:
            raise SettingsError(f"--out {out} cannot be written: {problem.strerror}") from None


@contextmanager
def opened(settings: Settings, *, name: str) -> Iterator[Database]:
    """Hold the database open for a verb that reads it.

    Raises:
        SettingsError: there is none, or it is of another version.
    """
    if not settings.database_url and not EmbeddedPostgres(settings.bot_data_dir).is_made:
        raise SettingsError(f"There is no database in {settings.bot_data_dir}: set DATABASE_URL or BOT_DATA_DIR.")
    with held_open(settings, name=name) as database:
        if not at_head(database.engine):
            raise SettingsError("The database is of another version of the bot. Run: annotate-bot migrate")
        yield database


def chosen(places: Sequence[Place], channel: str, project: str) -> Place:
    """Find the one project that is meant; one that was left goes by its id only."""
    meant = [
        place
        for place in places
        if (place.id == project if project else not place.is_left and channel in {"", place.channel_id})
    ]
    if len(meant) == 1:
        return meant[0]
    named = f" of {f'--project {project}' if project else f'--channel {channel}'}" if project or channel else ""
    there = "; ".join(f"--channel {p.channel_id} ({p.app_id})" for p in places if not p.is_left) or "none is set up"
    raise SettingsError(f"{'Several projects' if meant else 'No project'}{named}. There are: {there}.")


def _written(data: SqlLabelledData, place: Place, form: Form, out: Path) -> Iterator[str]:
    name, card_name = names_of(form, place.app_id)
    out.mkdir(parents=True, exist_ok=True)
    made = _whole(out / name, lambda file: make_export(data, place.id, form, file, made_at=utc_now()))
    yield f"Wrote {made.lines} lines to {out / name}."
    _whole(out / card_name, lambda file: file.write(made.card.encode()))
    yield f"Wrote their data card to {out / card_name}."


def _whole(path: Path, write: Callable[[BinaryIO], T]) -> T:
    """Have a file written beside its place and put there whole, or leave what stood there."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as file:
            answer = write(file)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return answer
