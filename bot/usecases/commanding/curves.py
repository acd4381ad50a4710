"""The curve of a concept as a picture: it follows the table of thresholds, since a listener draws nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.curves import EVIDENCE_FROM, curve_of
from bot.domain.errors import ChatRefused
from bot.domain.roles import Action
from bot.domain.views import NoteView, Offer, ShownPicture
from bot.usecases.commanding.looking import concept_of
from bot.usecases.commanding.office import THRESHOLDS, NeedsPlatform, project_of, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.curves import Curve
    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office

CURVE = "=curve"  # a line of buttons and jobs; no concept has such a name
MOST_CURVES = 3  # drawn and put up in one go; others will be drawn at a press


def followed_by_curves(office: Office, line: Line, project: Project, table: Answer) -> Answer:
    """Have the curves follow the table in a note of their own, where a concept has enough checks for one.

    A crash in between costs another picture that nobody else sees.
    """
    if not office.dossiers.with_checks(project.id, EVIDENCE_FROM):
        return table
    office.lines.defer(replace(line, command=THRESHOLDS, text=CURVE), now=office.clock())
    return replace(table, lines=(*table.lines, "The curve follows."))


def curve(office: Office, line: Line, person: Person, rest: str) -> Answer:
    """Draw the curve of the concept that `rest` names, or those of all."""
    project = project_of(office, line, person, Action.LOOK)
    wanted = concept_of(rest, office.lookups.names(project.id)) if rest else ""
    if office.show_curve is None:
        raise NeedsPlatform
    found = office.dossiers.dossiers(project.id, wanted).values()
    curves = [made for dossier in found if (made := curve_of(dossier))]
    if not curves:
        return said(f"There is no curve yet: it takes {EVIDENCE_FROM} checks of a concept.")
    shown = tuple(_shown(office, made) for made in curves[:MOST_CURVES])
    others = tuple(_offered(made) for made in curves[MOST_CURVES:])
    return NoteView(_explained(curves[:MOST_CURVES]), shown, others)


def _shown(office: Office, made: Curve) -> ShownPicture:
    assert office.show_curve is not None  # noqa: S101 - `curve` has asked
    name = f"Curve of {made.concept}"
    try:
        file_id = office.show_curve(made)
    except ChatRefused:  # the words say the same
        return ShownPicture(name, (made.words,))
    return ShownPicture(name, (f"{made.concept}, {made.checks:,} checks:", *made.marks), file_id, made.words)


def _offered(made: Curve) -> Offer:
    return Offer(f"Curve of {made.concept}", f"{CURVE} {made.concept}", THRESHOLDS)


def _explained(curves: Sequence[Curve]) -> tuple[str, ...]:
    named = ", ".join(made.concept for made in curves)
    return (
        f"How much is right at or above each threshold ({named}), by the share it would accept:",
        "The band speaks about one threshold at a time; only the recommended one carries the promise.",
    )
