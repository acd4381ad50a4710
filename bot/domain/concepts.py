"""Concepts, their ids, and the links to the model's concepts, as people type them."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST_ID = 32  # characters; Clarifai takes 48, an older note says 32 (reference, clarifai, section 1)
LONGEST_NAME = 64  # characters; keeps "Approve <name>" readable on a phone
COMMAND_WORDS = frozenset({"all", "on", "off", "target", "preview", "undo", "history", "help"})


class Predicate(StrEnum):
    """How a concept of the app (subject) stands to a concept of the model (object)."""

    SYNONYM = "synonym"  # the same thing
    HYPERNYM = "hypernym"  # the subject is a parent of the object: vehicle > car
    HYPONYM = "hyponym"  # the subject is a kind of the object: puppy < dog


@dataclass(frozen=True)
class ConceptRelation:
    """The app's concept (subject) linked with one of the model's, by the name people know it by."""

    object_name: str
    predicate: Predicate


@dataclass(frozen=True)
class Concept:
    """One thing the team labels. With several relations the highest value counts."""

    id: str
    name: str
    relations: tuple[ConceptRelation, ...]


@dataclass(frozen=True)
class ModelRef:
    """A concept model to take General's place; the version is the model's newest when empty."""

    id: str
    version: str = ""


@dataclass(frozen=True)
class SetUpRequest:
    """What somebody asked for in one line: concepts with their links, a knowledge graph, a model."""

    concepts: tuple[Concept, ...]
    graph: str = ""
    model: ModelRef | None = None


def concept_id(name: str, taken: Collection[str] = ()) -> str:
    """Make the concept's id from its name: lower case, anything but a-z0-9 as one hyphen, at most 32 characters.

    A short hash is added when the name was cut, leaves nothing, or the id is taken. The same name always gives the
    same id as long as `taken` is the same.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if slug and len(slug) <= LONGEST_ID and slug not in taken:
        return slug
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{slug[: LONGEST_ID - 7].rstrip('-')}-{mark}" if slug else f"concept-{mark}"


_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_WORD = re.compile(r'"[^"]*"|[^\s"<>=,]+|[<>=,]|"')
_SIGNS = {"=": Predicate.SYNONYM, ">": Predicate.HYPERNYM, "<": Predicate.HYPONYM}


def words(text: str) -> list[str]:
    """Split a command line into words and signs; quotes of any kind hold a name of several words together.

    Slack sends ``<`` and ``>`` as entities; they are read back first.

    Raises:
        Refused: a quote is opened and never closed.
    """
    found = _WORD.findall(html.unescape(text).translate(_QUOTES))
    if '"' in found:
        raise Refused('A quote is opened and not closed. Write names of several words like "traffic light".')
    return found


def read_request(text: str) -> SetUpRequest:
    """Read the one-line form: ``people person=people vehicle>car,truck puppy<dog "traffic light" graph=g model=m@v``.

    Raises:
        Refused: there is no concept, a name is not allowed, or a link has no object.
    """
    clauses = list(_clauses(words(text)))
    options = {c[0].lower(): c[2] for c in clauses if c[1] is Predicate.SYNONYM and c[0].lower() in {"graph", "model"}}
    named = [c for c in clauses if not (c[1] is Predicate.SYNONYM and c[0].lower() in {"graph", "model"})]
    if not named:
        raise Refused("Name the concepts to label, for example: setup people man adult")
    concepts: dict[str, Concept] = {}
    for subject, predicate, objects in named:
        key = subject.casefold()
        known = concepts.get(key) or Concept(concept_id(subject, {c.id for c in concepts.values()}), subject, ())
        links = tuple(ConceptRelation(name, predicate) for name in objects)
        concepts[key] = replace(known, relations=tuple(dict.fromkeys(known.relations + links)))
    return SetUpRequest(tuple(concepts.values()), "".join(options.get("graph", [])), _model(options.get("model", [])))


def _clauses(tokens: list[str]) -> Iterable[tuple[str, Predicate, list[str]]]:
    """Group tokens into (subject, predicate, objects); a bare name is a synonym of the model's concept of that name."""
    position = 0
    while position < len(tokens):
        subject = checked_name(tokens[position])
        position += 1
        if position >= len(tokens) or tokens[position] not in _SIGNS:
            if position < len(tokens) and tokens[position] == ",":
                position += 1  # "people, man, adult" is how people write a list
            yield subject, Predicate.SYNONYM, [subject]
            continue
        predicate, objects, position = _SIGNS[tokens[position]], [], position + 1
        while position < len(tokens):
            objects.append(checked_name(tokens[position], of_the_model=True))
            position += 1
            if position >= len(tokens) or tokens[position] != ",":
                break
            position += 1
        if not objects:
            raise Refused(f"“{subject}” is linked with nothing. Write for example: {subject}=people")
        yield subject, predicate, objects


def _model(objects: list[str]) -> ModelRef | None:
    if not objects:
        return None
    model, _, version = objects[0].partition("@")
    return ModelRef(model, version)


def checked_name(token: str, *, of_the_model: bool = False) -> str:
    """Return the name inside `token`, or say why it cannot be one.

    Raises:
        Refused: it is a sign, empty, too long, or one of the commands' own words.
    """
    name = " ".join(token.strip('"').split())
    if token in _SIGNS or token == "," or not name:
        raise Refused(f"A name is missing beside “{token}”. Write for example: vehicle>car,truck")
    if len(name) > LONGEST_NAME:
        raise Refused(f"“{name[:20]}…” has {len(name)} characters. A concept's name has at most {LONGEST_NAME}.")
    if not of_the_model and name.lower() in COMMAND_WORDS:
        raise Refused(f"“{name}” is a word of the commands and cannot be a concept. Choose another name.")
    return name
