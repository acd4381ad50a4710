"""`/annotate-thresholds`: the table, changes, *Undo*, what was changed before, and what a value would have done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.errors import Refused
from bot.domain.projects import ProjectState
from bot.domain.roles import Action
from bot.domain.thresholds import exact, narrow, share_shown
from bot.domain.views import NoteView, Offer
from bot.usecases.commanding.curves import CURVE, curve, followed_by_curves
from bot.usecases.commanding.helping import HELP
from bot.usecases.commanding.office import THRESHOLDS, project_of, said
from bot.usecases.cutting import (
    SAVED,
    ask_for,
    concept_named,
    described,
    read_change,
    read_preview,
    undo_change,
)
from bot.usecases.own_mistakes import deal_with_old, read_offer
from bot.usecases.proving import NOT_PROVEN, is_proven, proof_lines, rounded
from bot.usecases.replaying import KEEP, TRY_ANOTHER, cost_said, preview

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.proofs import Proof
    from bot.domain.roles import Person
    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.commanding.office import Answer, Line, Office

_HISTORY = re.compile(r"history(?: page (?P<page>\d{1,6}))?")


def thresholds(office: Office, line: Line, person: Person, rest: str) -> Answer:
    """Show the table, or change it as `rest` says."""
    rest = rest.strip()
    verb, _, about = rest.partition(" ")
    looking = _LOOKING.get(verb.casefold())
    if looking:
        return looking(office, project_of(office, line, person, Action.LOOK), about.strip())
    if not rest:
        project = project_of(office, line, person, Action.LOOK)
        return followed_by_curves(office, line, project, _table(office, project))
    if rest.casefold() == "help":
        return HELP
    if verb.casefold() == CURVE:
        return curve(office, line, person, about.strip())
    return _changed_or_told(office, line, person, rest)


def _changed_or_told(office: Office, line: Line, person: Person, rest: str) -> Answer:
    history = _HISTORY.fullmatch(rest.casefold())
    if history:
        return _history(office, project_of(office, line, person, Action.LOOK), int(history["page"] or 1))
    project = project_of(office, line, person, Action.CHANGE)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The thresholds can be changed once the set-up is finished.")
    offered = read_offer(rest)
    if offered:
        return said(deal_with_old(office.cuts, project, *offered, now=office.clock()))
    return _changed(office, project, person, rest)


def _table(office: Office, project: Project) -> Answer:
    names = office.lookups.names(project.id)
    cuts = office.cuts.cuts(project.id, project.revision)
    proofs = office.proofs.proofs(project.id)
    note = () if project.revision == project.applied_revision else ("The workflow does not run the newest yet.",)
    rows = [row for c in cuts for row in (*_row(names[c.concept_id], c, proofs.get(c.concept_id)), "")]
    offers = (*_recommended(cuts, proofs, names), Offer("Change in a form", "form", THRESHOLDS))
    return NoteView(("Thresholds:", *rows[:-1], *note), offers=offers)


def _row(name: str, cut: ConceptThreshold, proof: Proof | None) -> tuple[str, ...]:
    """Say how one concept stands, in lines that a phone can show."""
    proven = "proven" if is_proven(cut, proof) else NOT_PROVEN
    stands = "nothing is accepted" if cut.is_off else proven
    head = f"{name}: {described(cut)}, target {share_shown(cut.target)}, {stands}"
    return (head, *proof_lines(cut, proof))


def _recommended(
    cuts: Sequence[ConceptThreshold], proofs: Mapping[str, Proof], names: Mapping[str, str]
) -> tuple[Offer, ...]:
    """Offer what is recommended and not in force; named where several are."""
    found = []
    for cut in cuts:
        proof = proofs.get(cut.concept_id)
        recommended = proof.recommended if proof and proof.target == cut.target else None
        if recommended is not None and narrow(recommended) != narrow(cut.accept):
            found.append((names[cut.concept_id], cut, recommended))
    offers: list[Offer] = []
    for name, cut, value in found:
        use, other, keep = "Use it", "Try another value", f"Keep {rounded(cut.accept)}"
        if len(found) > 1:
            use, other, keep = f"{name}: use {rounded(value)}", f"{name}: {other}", f"{name}: {keep}"
        offers.append(Offer(use, f"{name} {exact(value)}", THRESHOLDS))
        offers.append(Offer(other, f"{TRY_ANOTHER} {name}", THRESHOLDS))
        offers.append(Offer(keep, f"{KEEP} {name}", THRESHOLDS))
    return tuple(offers)


def _preview(office: Office, project: Project, about: str) -> Answer:
    names, cuts = office.lookups.names(project.id), office.cuts.cuts(project.id, project.revision)
    old, new = read_preview(about, cuts, names)
    return preview(names[new.concept_id], old, new, office.proofs.replay(project.id, old, new, now=office.clock()))


def _try_another(office: Office, project: Project, about: str) -> Answer:
    name = _named(office, project, about)[0]
    return said(
        f"Type what to try, for example: {THRESHOLDS} preview {name} 0.8",
        "It shows what that value would have done. Nothing is changed by looking.",
    )


def _keep(office: Office, project: Project, about: str) -> Answer:
    name, cut = _named(office, project, about)
    return said(f"Kept: {name} stays at {described(cut)}.")


def _named(office: Office, project: Project, about: str) -> tuple[str, ConceptThreshold]:
    names = office.lookups.names(project.id)
    cut = concept_named(about, office.cuts.cuts(project.id, project.revision), names)
    return names[cut.concept_id], cut


_LOOKING: Mapping[str, Callable[[Office, Project, str], Answer]] = {
    "preview": _preview,
    TRY_ANOTHER: _try_another,
    KEEP: _keep,
}


def _history(office: Office, project: Project, page: int) -> Answer:
    told = office.lookups.cut_history(project.id, page=max(page, 1))
    if not told:
        return said("Nothing more." if page > 1 else "The thresholds are those of the set-up: nobody changed them.")
    more = (Offer("Older", f"history page {page + 1}", THRESHOLDS),)
    return NoteView(("Changes of thresholds, newest first:", *told), offers=more)


def _changed(office: Office, project: Project, person: Person, rest: str) -> Answer:
    names = office.lookups.names(project.id)
    old = office.cuts.cuts(project.id, project.revision)
    undo, _, revision = rest.casefold().partition(" ")
    change, undone = None, None
    if undo == "undo" and (not revision or revision.isdecimal()):  # back to those before `revision`, or the newest
        change, undone = undo_change(office.cuts, project, names, int(revision or 0)), project.revision
    change = change or read_change(rest, old, names)
    ask_for(office.cuts, project, change, by=person.id, at=office.clock(), undoes=undone)
    costs = [
        cost_said(new, names[new.concept_id], office.proofs.accepted_a_day(project.id, new, now=office.clock()))
        for before, new in zip(old, change.cuts, strict=True)
        if before.checks != new.checks
    ]
    return said(*change.lines, *costs, SAVED)
