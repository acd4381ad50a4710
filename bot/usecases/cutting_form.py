"""The thresholds form: every cut at once, a last look at what changes, then the same change as a typed line makes."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.domain.errors import Refused
from bot.domain.forms import Accepted, ConfirmForm, FieldErrors, NextForm, ThresholdsForm, counted
from bot.domain.projects import ProjectState
from bot.domain.roles import Action, may
from bot.domain.thresholds import NO_FLOOR, ConceptThreshold, read_number, with_cuts, with_target
from bot.usecases.commanding import NO_PROJECT, said
from bot.usecases.cutting import SAVED, Change, ask_for, lines_of
from bot.usecases.forming import FormWork
from bot.usecases.proving import is_proven, proof_lines, verdict_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.forms import FormValues, OpenForm, Submission
    from bot.domain.projects import Project
    from bot.domain.proofs import Proof
    from bot.domain.roles import Person
    from bot.usecases.commanding import Answer, Office

SHOWN_TO = 5e-7  # half of the last digit that a field shows


def thresholds_form(office: Office) -> FormWork:
    """Tie the form to the office's tables."""
    return FormWork(
        fill=lambda form, person: _fill(office, form, person),
        submit=lambda form, values: _submit(office, form, values),
        finish=lambda form, person: _finish(office, form, person),
    )


def _project(office: Office, form: OpenForm) -> Project:
    project = office.projects.in_channel(form.team_id, form.channel_id)
    if project is None:
        raise Refused(NO_PROJECT)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The thresholds can be changed once the set-up is finished.")
    return project


def _fill(office: Office, form: OpenForm, person: Person) -> ThresholdsForm:
    project = _project(office, form)
    may(person, Action.CHANGE, team_id=form.team_id, set_up_by=project.set_up_by)
    names = office.lookups.names(project.id)
    rows = tuple((names[c.concept_id], c) for c in _cuts(office, project))
    proofs = office.proofs.proofs(project.id)
    proven = tuple(_stands(cut, proofs.get(cut.concept_id)) for _, cut in rows)
    return ThresholdsForm(rows, office.lookups.waiting(project.id), proven)


def _stands(cut: ConceptThreshold, proof: Proof | None) -> str:
    said = f"{verdict_on(cut, proven=is_proven(cut, proof))}. {proof_lines(cut, proof)[-1]}"
    return said[0].upper() + said[1:]


def _cuts(office: Office, project: Project) -> Sequence[ConceptThreshold]:
    return office.cuts.cuts(project.id, project.revision)


def _submit(office: Office, form: OpenForm, values: FormValues) -> Submission:
    if "cuts" in form.about:
        return Accepted(form.about)
    project = _project(office, form)
    old, errors, new = _cuts(office, project), {}, []
    for place, cut in enumerate(old):
        try:
            new.append(_read(cut, place, values))
        except Refused as refused:
            errors[_beside(str(refused), place)] = str(refused)
    if errors:
        return FieldErrors(errors)
    names = office.lookups.names(project.id)
    changed = lines_of(old, new, names)
    if not changed:
        return FieldErrors({"accept-0": "Nothing is different from what is in force."})
    waiting = office.lookups.waiting(project.id)
    after = f"The {counted(waiting)} waiting stay as they are." if waiting else "Nothing waits that it would touch."
    proven = _proven(office, project, old, new, names)
    view = ConfirmForm("Thresholds", (*changed, *proven, f"Images added from now on follow it. {after}"), "Save")
    about = {"cuts": [asdict(cut) for cut in new], "lines": changed, "revision": project.revision}
    return NextForm(view, about)


def _proven(
    office: Office,
    project: Project,
    old: Sequence[ConceptThreshold],
    new: Sequence[ConceptThreshold],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Say of each concept that is changed whether it would be proven."""
    proofs = office.proofs.proofs(project.id)
    return tuple(
        f"{names[cut.concept_id]} is {verdict_on(cut, proven=is_proven(cut, proofs.get(cut.concept_id)))}."
        for before, cut in zip(old, new, strict=True)
        if (before.accept, before.target) != (cut.accept, cut.target)
    )


def _read(cut: ConceptThreshold, place: int, values: FormValues) -> ConceptThreshold:
    """Read one concept's fields; a number that was left as it was shown keeps all of its digits."""
    if f"accept-{place}" not in values:
        return cut  # it did not fit into the form
    if f"target-{place}" in values:
        cut = with_target(cut, _percent(values, f"target-{place}", cut.target))
    standing = cut.switched_on()
    accept = _number(values, f"accept-{place}", standing.accept)
    floor = _number(values, f"floor-{place}", standing.floor)
    if (accept, floor) != (standing.accept, standing.floor):
        standing = with_cuts(standing, accept, floor)
    if not values.get(f"off-{place}"):
        return standing
    return cut if standing == cut.switched_on() and cut.is_off else standing.switched_off()


def _percent(values: FormValues, name: str, before: float) -> float:
    """Read a target, as people say it: 95 of 100."""
    return _number({name: f"{values[name]}%"}, name, before)


def _number(values: FormValues, name: str, before: float) -> float:
    value = read_number(str(values[name]))
    was = 0.0 if before <= NO_FLOOR else before
    return before if abs(value - was) < SHOWN_TO else value


def _beside(problem: str, place: int) -> str:
    field = {"The floor": "floor", "A target": "target"}.get(" ".join(problem.split()[:2]), "accept")
    return f"{field}-{place}"


def _finish(office: Office, form: OpenForm, person: Person) -> Answer:
    project = _project(office, form)
    may(person, Action.CHANGE, team_id=form.team_id, set_up_by=project.set_up_by)
    lines = tuple(form.about["lines"])
    change = Change(tuple(ConceptThreshold(**cut) for cut in form.about["cuts"]), lines)
    seen = replace(project, revision=form.about["revision"])
    ask_for(office.cuts, seen, change, by=person.id, at=office.clock())
    return said(*lines, SAVED)
