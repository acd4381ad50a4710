"""What was given up is taken up again, when somebody who runs the bot asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.app.serving import held_open
from bot.settings import SettingsError
from bot.storage.dead_letters import dead_letters, take_up_again
from bot.storage.embedded import EmbeddedPostgres
from bot.storage.migrate import at_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings


def retry(settings: Settings) -> Iterator[str]:
    """Make everything that was given up due again; say what it was. A running bot tries it at its next tick.

    Raises:
        SettingsError: there is no database to work on, or it is of another version.
    """
    if not settings.database_url and not EmbeddedPostgres(settings.bot_data_dir).is_made:
        raise SettingsError(f"There is no database in {settings.bot_data_dir}: set DATABASE_URL or BOT_DATA_DIR.")
    with held_open(settings, name="retry") as database:
        if not at_head(database.engine):
            raise SettingsError("The database is of another version of the bot. Run: annotate-bot migrate")
        with database.engine.begin() as connection:
            found = dead_letters(connection)
        taken = take_up_again(database.engine)
    for what, many in found:
        yield f"{what} ({many})"
    if not any(taken.values()):
        yield "Nothing was given up."
        return
    told = ", ".join(f"{many} {what}{'' if many == 1 else 's'}" for what, many in taken.items() if many)
    yield f"Taken up again: {told}. A running bot tries it within seconds."
