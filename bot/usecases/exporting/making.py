"""A file of labels, written as its rows are read: memory does not grow with the number of lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO

from bot.domain.exports import Tally, data_card, names_of, picture_of
from bot.usecases.exporting.sheets import SHEETS, Room

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from bot.domain.exports import Form
    from bot.usecases.exporting.ports import LabelledData


class Abandoned(Exception):
    """The process is to end; the file is made again later."""


@dataclass(frozen=True)
class Made:
    """A file that was written: what it is called, its card and what that is called, and how many lines it has."""

    name: str
    card_name: str
    card: str
    lines: int


def make_export(
    data: LabelledData,
    project_id: str,
    form: Form,
    out: BinaryIO,
    *,
    made_at: dt.datetime,
    limit: int | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Made:
    """Write the labels of a project to `out`, at most `limit` bytes, as the tables stand at one moment.

    Raises:
        TooLarge: more than `limit` bytes.
        Abandoned: `go_on` said no.
    """
    with data.opened(project_id) as snapshot:
        background, tally = snapshot.background(), Tally()
        sheet = SHEETS[form](out, Room(limit), background.concepts)
        for _, of_one in groupby(snapshot.told(), attrgetter("input_id")):
            if not go_on():
                raise Abandoned
            picture = picture_of(list(of_one), background.versions.model_version)
            tally.see(picture)
            sheet.add(picture)
        sheet.end()
    name, card_name = names_of(form, background.app_id)
    return Made(name, card_name, data_card(name, background, tally, made_at), tally.lines)
