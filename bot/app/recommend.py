"""What is recommended, for scripts: the same tables as the command in Slack reads."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from bot.app.export import chosen, opened
from bot.domain.advice import Advice
from bot.domain.errors import Refused
from bot.domain.thresholds import read_number
from bot.storage.dossiers import SqlDossiers
from bot.storage.labelled import SqlLabelledData

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings


def recommend(settings: Settings, channel: str, *, concept: str, target: str, as_json: bool) -> Iterator[str]:
    """Say what is recommended for each concept of a project, or for one; nothing is changed.

    Raises:
        Refused: no such concept, or no such target.
        SettingsError: no such project, or no database to read.
    """
    wanted = _target(target)
    with opened(settings, name="recommend") as database:
        place = chosen(SqlLabelledData(database.engine).places(), channel, "")
        found = SqlDossiers(database.engine).dossiers(place.id)
        known = [Advice.of(dossier, wanted) for dossier in found.values()]
    advice = _about(known, concept) if concept else known
    if as_json:
        yield json.dumps([one.to_json() for one in advice], indent=2)
    elif advice:
        yield from (one.told() for one in advice)
    else:
        yield "Nothing is known yet: no prediction has arrived."


def _target(words: str) -> float | None:
    if not words:
        return None
    target = read_number(words)
    if not 0 < target < 1:
        raise Refused(f"{words} is no target: it lies between 0 and 1, for example 0.95.")
    return target


def _about(known: Sequence[Advice], concept: str) -> Sequence[Advice]:
    wanted = concept.casefold()
    found = [one for one in known if wanted in {one.concept.casefold(), one.concept_id}]
    if found:
        return found[:1]
    near = difflib.get_close_matches(concept, [one.concept for one in known], n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    named = ", ".join(one.concept for one in known) or "none yet"
    raise Refused(f"Nothing is known of “{concept}”.{hint} Concepts with predictions: {named}.")
