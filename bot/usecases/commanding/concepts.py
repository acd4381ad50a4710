"""`concepts`: what the project labels, one more, one less. The running project is changed through the same saga."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.concepts import ModelRef, Predicate, read_request, words
from bot.domain.errors import Refused
from bot.domain.projects import ProjectState
from bot.domain.roles import Action
from bot.domain.views import NoteView, Offer
from bot.usecases.commanding.looking import concept_of
from bot.usecases.commanding.office import NeedsPlatform, project_of, said
from bot.usecases.setting_up import find_objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.concepts import Concept, SetUpRequest
    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office, Verb

SIGNS: Mapping[Predicate, str] = {Predicate.SYNONYM: "=", Predicate.HYPERNYM: ">", Predicate.HYPONYM: "<"}
_EXAMPLES = "Write for example: concepts add vehicle>car,truck   or: concepts remove man"
STAYS = "Labels made so far stay, and so does the concept in Clarifai, which cannot delete one."
_OVERTAKEN = "Somebody changed this project at this moment. Look at it with `concepts` and try again."


def _concepts(office: Office, line: Line, person: Person, rest: str) -> Answer:
    verb, _, what = rest.partition(" ")
    if not verb:
        return _shown(office, project_of(office, line, person, Action.LOOK))
    if verb.casefold() not in {"add", "remove"}:
        raise Refused(f"“{verb[:40]}” is not something to do with concepts. {_EXAMPLES}")
    project = project_of(office, line, person, Action.CHANGE)
    if project.state is ProjectState.SETTING_UP:
        raise Refused("The set-up is not finished yet. Type setup again with all the concepts you want.")
    act = _add if verb.casefold() == "add" else _remove
    return act(office, project, person, what.strip())


def _shown(office: Office, project: Project) -> Answer:
    lines = [described(concept) for concept in office.projects.concepts(project.id)]
    return said("This channel labels:", *lines, _EXAMPLES)


def described(concept: Concept) -> str:
    """Write a concept with its links as it would be typed: "vehicle > car, truck"."""
    parts = []
    for predicate, sign in SIGNS.items():
        objects = [r.object_name for r in concept.relations if r.predicate is predicate]
        parts += [f"{sign} {', '.join(objects)}"] if objects else []
    return f"{concept.name} {' and '.join(parts)}".strip()


def _add(office: Office, project: Project, person: Person, what: str) -> Answer:
    request = read_request(what)
    if request.graph or request.model:
        raise Refused("Graph and model belong to the set-up and stay as they are. Name concepts only.")
    there = {c.name.casefold() for c in office.projects.concepts(project.id)}
    double = [c.name for c in request.concepts if c.name.casefold() in there]
    if double:
        raise Refused(f"{', '.join(double)} is labelled here already. Nothing was changed.")
    if office.platform_of is None:
        raise NeedsPlatform
    model = ModelRef(project.model_id, project.model_version) if project.model_id else None
    find_objects(office.platform_of(project), request.concepts, model)  # says which names the model does not know
    lines = [f"Added: {described(c)}" for c in request.concepts]
    return _changed(office, project, person, lines, added=request.concepts)


def _remove(office: Office, project: Project, person: Person, what: str) -> Answer:
    concepts = office.projects.concepts(project.id)
    names = {c.id: c.name for c in concepts}
    asked = [w for w in words(what) if w != ","]
    gone = list(dict.fromkeys(concept_of(w, names) for w in asked))
    if not gone:
        raise Refused(f"Say which, for example: concepts remove {concepts[0].name}")
    if len(gone) == len(concepts):
        raise Refused("A channel labels at least one concept. `pause` stops for a while, `leave` for good.")
    lines = [f"Removed: {names[c]}" for c in gone]
    return _changed(office, project, person, [*lines, STAYS], removed=gone)


def _changed(
    office: Office,
    project: Project,
    person: Person,
    lines: Sequence[str],
    *,
    added: Sequence[Concept] = (),
    removed: Sequence[str] = (),
) -> Answer:
    if not office.projects.change_concepts(project, added, removed, lines, by=person.id, now=office.clock()):
        raise Refused(_OVERTAKEN)
    return said(*lines, "Saved. The checklist shows how far it is, and the channel is told once the workflow runs it.")


def asks_what_to_change(office: Office, project: Project, request: SetUpRequest) -> Answer:
    """Answer `setup` in a channel that is set up: say what differs and offer to change just that."""
    now = {c.name.casefold(): c for c in office.projects.concepts(project.id)}
    wanted = {c.name.casefold(): c for c in request.concepts}
    more = [c for name, c in wanted.items() if name not in now]
    less = [c for name, c in now.items() if name not in wanted]
    head = f"This channel is set up already, to label {', '.join(c.name for c in now.values())}."
    if not more and not less:
        return said(f"{head} Nothing was changed.")
    offers = [Offer(f"Add {c.name}", f"concepts add {typed(c)}") for c in more]
    offers += [Offer(f"Remove {c.name}", f'concepts remove "{c.name}"') for c in less]
    return NoteView((head, "Nothing was changed yet. Press what you want:"), offers=tuple(offers))


def typed(concept: Concept) -> str:
    """Write a concept with its links so that `read_request` reads it back."""
    parts = []
    for predicate, sign in SIGNS.items():
        objects = [f'"{r.object_name}"' for r in concept.relations if r.predicate is predicate]
        parts += [f'"{concept.name}"{sign}{",".join(objects)}'] if objects else []
    return " ".join(parts)


CONCEPTS: Mapping[str, Verb] = {"concepts": _concepts}
