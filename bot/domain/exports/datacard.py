"""The data card: what is in a file of labels, how it came to be, how right it is, and what is not in it. Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.exports.labels import Source, Standing
from bot.domain.exports.splits import Split
from bot.domain.thresholds import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.exports.labels import Versions
    from bot.domain.exports.tallies import Tally
    from bot.domain.thresholds import ConceptThreshold

MOST_CHANGES = 50  # of the thresholds, newest first
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#|~!&])")


@dataclass(frozen=True)
class Change:
    """One revision of the thresholds, in the words it was announced with."""

    number: int
    at: datetime
    words: str
    is_in_force: bool


@dataclass(frozen=True)
class People:
    """What people answered in all, never by person: this is no table of who is fastest."""

    reviewers: int
    approved: int
    rejected: int
    not_sure: int
    undone: int


@dataclass(frozen=True)
class Checked:
    """Automatic labels of one concept that were drawn by the coin and answered.

    The first answer counts, as it does in the evidence. `estimate` is the best guess at the share right among all of
    them, each weighted by its chance to be drawn.
    """

    answered: int
    not_right: int
    estimate: float | None


@dataclass(frozen=True)
class Background:
    """What the card says beyond the file itself. `concepts` are (id, name), in order."""

    app_id: str
    channel_id: str
    live_since: datetime | None
    concepts: Sequence[tuple[str, str]]
    versions: Versions
    cuts: Sequence[ConceptThreshold]
    changes: Sequence[Change]
    people: People
    checked: Mapping[str, Checked]
    pictures_held: int
    files_skipped: int


def data_card(file_name: str, background: Background, tally: Tally, made_at: datetime) -> str:
    """Write the card of one file."""
    b = background
    since = f"live since {_when(b.live_since)}" if b.live_since else "not live yet"
    origin = f"Clarifai app {_plain(b.app_id)}, Slack channel {_plain(b.channel_id)}, {since}"
    parts = [
        [f"# Data card of {_plain(file_name)}"],
        [f"{tally.lines} lines about {tally.pictures} pictures, made {_when(made_at)} from {origin}."],
        ["## What is in it", "", *_counts(b, tally)],
        ["## How right it is", "", *_rightness(b)],
        ["## Who decided", "", *_people(b.people, tally)],
        ["## Model and workflow", "", *_versions(b.versions)],
        ["## Thresholds", "", *_thresholds(b)],
        ["## What is not in it, and what to mind", "", *_absent(b, tally)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _counts(b: Background, tally: Tally) -> Iterator[str]:
    yield "Labels by concept and split: yes / no / null."
    yield ""
    yield from _table(("concept", *Split, *(f"from {source}" for source in Source)), _count_rows(b, tally))
    yield ""
    yield (
        f"Null: {tally.of(Standing.OPEN)} wait for people (their lines say nothing else), {tally.of(Standing.PARKED)} "
        f"were set aside because two people were not sure, {tally.of(Standing.UNKNOWN)} were decided, changed or "
        "deleted in Clarifai or never came up for an answer."
    )
    yield (
        "Split: 80, 10 and 10 in a hundred pictures by a hash of the input id; a picture never changes sides. "
        "Source: human = the model was not sure and a person decided; check = the workflow had labelled it and a "
        "person looked; auto = the workflow labelled it and nobody looked."
    )


def _count_rows(b: Background, tally: Tally) -> Iterator[Sequence[object]]:
    null = (Standing.OPEN, Standing.PARKED, Standing.UNKNOWN)
    for concept_id, name in b.concepts:
        cells = (
            " / ".join(str(tally.count(concept_id, split, *s)) for s in ((Standing.RIGHT,), (Standing.WRONG,), null))
            for split in Split
        )
        yield (_plain(name), *cells, *(tally.sources[concept_id, source] for source in Source))


def _rightness(b: Background) -> Iterator[str]:
    yield (
        "Automatic labels that a coin drew and a person checked. *Right* is the best guess for all automatic labels of "
        "the concept, each check weighted by its chance to be drawn; *not sure* counts as not right. It is a guess "
        "from so many checks and no promise."
    )
    yield ""
    yield from _table(("concept", "checked", "not right", "right"), _check_rows(b))


def _check_rows(b: Background) -> Iterator[Sequence[object]]:
    for concept_id, name in b.concepts:
        checked = b.checked.get(concept_id, Checked(0, 0, None))
        right = "unknown" if checked.estimate is None else f"{100 * checked.estimate:.1f}%"
        yield (_plain(name), checked.answered, checked.not_right, right)


def _people(people: People, tally: Tally) -> Iterator[str]:
    labels = sum(many for (_, source), many in tally.sources.items() if source != Source.AUTO)
    who = "1 person" if people.reviewers == 1 else f"{people.reviewers} people"
    yield (
        f"{who} gave {people.approved} approvals, {people.rejected} rejections and "
        f"{people.not_sure} *not sure*, and took {people.undone} back. {labels} labels of this file are theirs; "
        f"{sum(tally.sources.values()) - labels} nobody checked."
    )


def _versions(versions: Versions) -> Iterator[str]:
    yield f"* model {_plain(versions.model)}, version {_plain(versions.model_version)}"
    yield f"* mapper {_plain(versions.mapper)}, version in force {_plain(versions.mapper_version or 'not recorded')}"
    yield f"* workflow {_plain(versions.workflow)}"


def _thresholds(b: Background) -> Iterator[str]:
    names = dict(b.concepts)
    rows = ((_plain(names.get(c.concept_id, c.concept_id)), shown(c.accept), shown(c.floor)) for c in b.cuts)
    yield "In force: labelled automatically from *accept* on, asked of people from *floor* on, discarded below it."
    yield ""
    yield from _table(("concept", "accept", "floor"), rows)
    yield ""
    yield "Changes, newest first; the number is the `threshold_revision` of the lines:"
    yield ""
    for change in b.changes[:MOST_CHANGES]:
        words = "; ".join(_plain(line) for line in change.words.splitlines()) or "as set up"
        yield f"* {change.number}, {_when(change.at)}: {words}{' (in force)' if change.is_in_force else ''}"
    if len(b.changes) > MOST_CHANGES:
        yield f"* and {len(b.changes) - MOST_CHANGES} older ones"


def _absent(b: Background, tally: Tally) -> Iterator[str]:
    yield (
        "* **A pair of picture and concept without a line is absent, not negative.** Below the floor the workflow "
        "writes nothing, and nobody looked."
    )
    yield f"* {b.pictures_held - tally.pictures} pictures have no line at all; {b.files_skipped} files were skipped."
    yield (
        "* Labels from people are mostly of the hard pictures, automatic ones of the easy: neither is a random part of "
        "all. `sampling_probability` is the chance with which a line came to people."
    )
    yield "* What was changed in Clarifai after it was decided here is not followed."
    yield (
        "* COCO: boxes are in shares of the picture, whose width and height are 1; without a region the box is the "
        "whole picture. *No* stands in `neg_category_ids`, null in `unknown_category_ids` of the image."
    )
    yield "* An apostrophe before a CSV cell keeps spreadsheets from running it. Pictures themselves are not included."


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    columns = [str(title) for title in head]
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(str(one) for one in row)} |"


def _plain(words: str) -> str:
    """Write foreign text so that Markdown shows it as it stands, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(words.split()))


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
