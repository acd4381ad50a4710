"""Concepts, their ids, and the links to the model's concepts, as people type them."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.thresholds import ConceptThreshold

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
    cuts: tuple[ConceptThreshold, ...] = ()  # of each concept; the defaults where there are none


def concept_id(name: str, taken: Collection[str] = ()) -> str:
    """Make the concept's id from its name: lower case, anything but a-z0-9 as one hyphen, at most 32 characters.

    A short hash is added when the name was cut, leaves nothing, or the id is taken. The same name always gives the
    same id as long as `taken` is the same.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if slug and len(slug) <= LONGEST_ID and slug not in taken:
        return slug
    stem = slug[: LONGEST_ID - 7].rstrip("-") or "concept"
    marks = (hashlib.sha256(f"{name}{'#' * n}".encode()).hexdigest()[:6] for n in count())
    return next(marked for mark in marks if (marked := f"{stem}-{mark}") not in taken)


_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_WORD = re.compile(r'"[^"]*"|[^\s"<>=,]+|[<>=,]|"')
_OPTIONS = frozenset({"graph", "model"})
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
    options, tokens = _take_options(words(text))
    named = list(_clauses(tokens))
    if not named:
        raise Refused("Name the concepts to label, for example: setup people man adult")
    concepts: dict[str, Concept] = {}
    for subject, predicate, objects in named:
        key = subject.casefold()
        known = concepts.get(key) or Concept(concept_id(subject, {c.id for c in concepts.values()}), subject, ())
        links = tuple(ConceptRelation(name, predicate) for name in objects)
        concepts[key] = replace(known, relations=tuple(dict.fromkeys(known.relations + links)))
    return SetUpRequest(tuple(concepts.values()), options.get("graph", ""), read_model(options.get("model", "")))


def _take_options(tokens: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take `graph=...` and `model=...` out of the tokens; without the sign they are names like any other."""
    options: dict[str, str] = {}
    rest: list[str] = []
    position = 0
    while position < len(tokens):
        name = tokens[position].lower()
        if name not in _OPTIONS or tokens[position + 1 : position + 2] != ["="]:
            rest.append(tokens[position])
            position += 1
            continue
        if name in options or position + 2 >= len(tokens):
            raise Refused(f"Give one {name}, for example: {name}=my-{name}")
        options[name] = checked_name(tokens[position + 2], of_the_model=True)
        position += 4 if tokens[position + 3 : position + 4] == [","] else 3  # "graph=g, people" is a list as well
    return options, rest


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


def read_model(written: str) -> ModelRef | None:
    """Read `model@version` or `model`; None for nothing.

    Raises:
        Refused: there is a version and no model.
    """
    if not written:
        return None
    model, _, version = written.partition("@")
    if not model:
        raise Refused("Give the model's id before the version, for example: model=my-model@my-version")
    return ModelRef(model, version)


def checked_name(token: str, *, of_the_model: bool = False) -> str:
    """Return the name inside `token`, or say why it cannot be one.

    Raises:
        Refused: it is a sign, empty, too long, not writable, or one of the commands' own words.
    """
    name = " ".join(token.strip('"').split())
    if token in _SIGNS or token == "," or not name:
        raise Refused(f"A name is missing beside “{token}”. Write for example: vehicle>car,truck")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
        raise Refused("A name holds a character that cannot be written. Type it again.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"“{name[:20]}…” has {len(name)} characters. A concept's name has at most {LONGEST_NAME}.")
    if not of_the_model and name.lower() in COMMAND_WORDS:
        raise Refused(f"“{name}” is a word of the commands and cannot be a concept. Choose another name.")
    return name
