"""`list`, `search`, `history`: what Clarifai holds, and who changed or decided what.

No route and no value of an open review shows: a picture that waits for people is shown as waiting, whatever is asked.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from bot.domain.annotations import AnnotationStatus
from bot.domain.errors import Refused
from bot.domain.roles import Action
from bot.domain.views import NoteView, Offer, ShownPicture
from bot.usecases.commanding.office import NeedsPlatform, project_of, said
from bot.usecases.ports import Holding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.projects import Project
    from bot.domain.roles import Person
    from bot.usecases.commanding.office import Answer, Line, Office, OpenPicture, Verb
    from bot.usecases.ports import LabellingPlatform, Seen

PAGE = 6  # pictures
MOST_PAGES_SEARCHED = 5  # of Clarifai's, for one page of ours
_STATUSES = {s.value: s for s in (AnnotationStatus.PENDING, AnnotationStatus.SUCCESS, AnnotationStatus.REJECTED)}
_LABELLED = {AnnotationStatus.SUCCESS: "labelled", AnnotationStatus.REJECTED: "rejected"}
_PAGE = re.compile(r"\s*\bpage (?P<number>\d{1,6})$")
_PERSON = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>")


def concept_of(words: str, names: Mapping[str, str]) -> str:
    """Find the id of the concept that `words` name.

    Raises:
        Refused: there is none, with the nearest one.
    """
    wanted = words.strip().strip("\"'\u201c\u201d").casefold()
    for concept_id, name in names.items():
        if wanted in {name.casefold(), concept_id}:
            return concept_id
    near = difflib.get_close_matches(wanted, [n.casefold() for n in names.values()], n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Refused(f"“{words[:60]}” is not a concept of this project.{hint} Its concepts: {', '.join(names.values())}.")


def _paged(rest: str) -> tuple[str, int]:
    found = _PAGE.search(rest)
    return (rest[: found.start()].strip(), max(int(found["number"]), 1)) if found else (rest.strip(), 1)


def _list(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.LOOK)
    asked, page = _paged(rest)
    first, _, words = asked.partition(" ")
    status = _STATUSES.get(first.casefold())
    words = words if status else asked
    concept = concept_of(words, office.lookups.names(project.id)) if words.strip() else ""
    if office.platform_of is None:
        raise NeedsPlatform
    if status is AnnotationStatus.PENDING:
        return _pending(office, project, concept, asked, page)
    wanted = Holding(status, concept, page, PAGE)
    found = office.platform_of(project).holdings(project.user_id, wanted)
    return _listed(office, project, found, asked, page, waiting_too=status is None)


def _pending(office: Office, project: Project, concept: str, asked: str, page: int) -> Answer:
    """List what waits: first what people are being asked, whichever way it came, then what waits in Clarifai only."""
    waiting = office.lookups.waiting_pictures(project.id, concept, offset=(page - 1) * PAGE, limit=PAGE + 1)
    if waiting:
        pictures = tuple(_waits(picture) for picture in waiting[:PAGE])
        return _page_of(pictures, "list", asked, page, more=True)
    own_pages = -(-office.lookups.waiting_count(project.id, concept) // PAGE)
    wanted = Holding(AnnotationStatus.PENDING, concept, page - own_pages, PAGE)
    assert office.platform_of is not None  # noqa: S101 - `_list` has asked
    found = office.platform_of(project).holdings(project.user_id, wanted)
    return _listed(office, project, found, asked, page, waiting_too=False)


def _listed(
    office: Office, project: Project, found: Sequence[Seen], asked: str, page: int, *, waiting_too: bool
) -> Answer:
    known = office.lookups.known_pictures(project.id, [seen.input.id for seen in found])
    names = office.lookups.names(project.id)
    pictures = []
    for seen in found:
        picture = known.get(seen.input.id)
        if picture and picture.asked:
            pictures += [_waits(picture)] if waiting_too else []
        else:
            pictures.append(_holds(seen, picture, names))
    return _page_of(tuple(dict.fromkeys(pictures)), "list", asked, page, more=len(found) == PAGE)


def _waits(picture: OpenPicture) -> ShownPicture:
    return ShownPicture(
        picture.name, (f"{picture.name}: waits for people ({', '.join(picture.asked)})",), picture.file_id
    )


def _holds(seen: Seen, picture: OpenPicture | None, names: Mapping[str, str]) -> ShownPicture:
    annotation = seen.annotation
    name = picture.name if picture else str(seen.input.metadata.get("file_name") or seen.input.id)
    word = _LABELLED.get(annotation.status, "set aside" if picture else "pending in Clarifai, not asked here")
    known = [(names.get(s.concept_id, s.name or s.concept_id), s.value) for s in annotation.suggestions]
    yes = [concept for concept, value in known if value > 0]
    no = [concept for concept, value in known if value == 0]
    said_no = f"; not {', '.join(no)}" if no and annotation.status is AnnotationStatus.SUCCESS else ""
    concepts = ", ".join(yes if annotation.status is AnnotationStatus.SUCCESS else [c for c, _ in known])
    return ShownPicture(name, (f"{name}: {word} ({concepts}){said_no}",), picture.file_id if picture else "")


def _search(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.LOOK)
    asked, page = _paged(rest)
    names = office.lookups.names(project.id)
    if not asked:
        raise Refused(f"Say what to look for, for example: search {next(iter(names.values()))}")
    concept = concept_of(asked, names)
    if office.platform_of is None:
        raise NeedsPlatform
    pictures, following = _labelled(office, office.platform_of(project), project, concept, page)
    return _page_of(pictures, "search", asked, page, more=following > 0, following=following)


def _labelled(
    office: Office, platform: LabellingPlatform, project: Project, concept: str, page: int
) -> tuple[tuple[ShownPicture, ...], int]:
    """Find up to six pictures that carry the concept and are not in question; also the page to go on with, or 0."""
    pictures: list[ShownPicture] = []
    for number in range(page, page + MOST_PAGES_SEARCHED):
        found = platform.pictures_of(Holding(AnnotationStatus.SUCCESS, concept, number, PAGE))
        known = office.lookups.known_pictures(project.id, [facts.id for facts in found])
        for facts in found:
            picture = known.get(facts.id)
            if picture and picture.asked:
                continue
            name = picture.name if picture else str(facts.metadata.get("file_name") or facts.id)
            pictures.append(ShownPicture(name, (name,), picture.file_id if picture else ""))
        if len(found) < PAGE:
            return tuple(pictures[:PAGE]), 0
        if pictures:
            return tuple(pictures[:PAGE]), number + 1
    return tuple(pictures), page + MOST_PAGES_SEARCHED


def _page_of(
    pictures: tuple[ShownPicture, ...], verb: str, asked: str, page: int, *, more: bool, following: int = 0
) -> Answer:
    offers = (Offer("More", f"{verb} {asked} page {following or page + 1}".replace("  ", " ")),) if more else ()
    if not pictures and not more:
        return said("Nothing more." if page > 1 else "Nothing of that is held in Clarifai.")
    head = f"{verb} {asked}".strip() + (f", page {page}" if page > 1 else "")
    return NoteView((f"{head}:",), pictures, offers)


def _history(office: Office, line: Line, person: Person, rest: str) -> Answer:
    project = project_of(office, line, person, Action.LOOK)
    asked, page = _paged(rest)
    by = _PERSON.search(asked)
    about = "" if by else asked
    told = office.lookups.history(project.id, by=by["id"] if by else "", about=about, page=page)
    if not told:
        return said("Nothing more." if page > 1 else "Nothing of that stands in the record.")
    more = (Offer("Older", f"history {asked} page {page + 1}".replace("  ", " ")),)
    return NoteView(("Who changed or decided what, newest first:", *told), offers=more)


LOOKING: Mapping[str, Verb] = {"list": _list, "search": _search, "history": _history}
