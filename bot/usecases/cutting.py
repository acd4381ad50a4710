"""Thresholds are changed by people: what they type, and what is kept of it."""

from __future__ import annotations

import difflib
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.errors import Refused
from bot.domain.thresholds import (
    ConceptThreshold,
    read_number,
    share_shown,
    shown,
    with_checks,
    with_cuts,
    with_target,
)
from bot.usecases.own_mistakes import OldLabels

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bot.domain.projects import Project
    from bot.usecases.steps import SetUp

SAVED = "Saved. The channel is told once the workflow runs it."
TAKEN_OVER = "Somebody changed the thresholds at this moment. Look at the table and try again."


@dataclass(frozen=True)
class Change:
    """What somebody asked of the thresholds: the new cuts of every concept, and one plain line per concept changed."""

    cuts: tuple[ConceptThreshold, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A revision that the workflow does not run yet."""

    number: int
    asked_by: str
    lines: tuple[str, ...]
    attempts: int

    @property
    def is_alarm(self) -> bool:
        """Whether the bot itself switches a concept off, since its checks went bad."""
        return not self.asked_by


class CutStore(OldLabels, Protocol):
    """Thresholds and their revisions."""

    def alone(self, what: str) -> AbstractContextManager[bool]: ...

    def set_up(self, project_id: str) -> SetUp: ...

    def cuts(self, project_id: str, revision: int) -> Sequence[ConceptThreshold]: ...

    def want(
        self, project: Project, change: Change, *, by: str, at: dt.datetime, undoes: int | None = None
    ) -> int | None:
        """Store the next revision; None when somebody else stored one since `project` was read."""

    def wanted(self, project_id: str, *, now: dt.datetime) -> Wanted | None:
        """The newest revision if the workflow does not run it yet and its time has come."""

    def applied(self, project: Project, wanted: Wanted, *, notes: Sequence[str] = (), now: dt.datetime) -> None:
        """The workflow runs it: record and announce, with `notes` beside the newest change."""

    def made_again(self, project_id: str, versions: Mapping[str, str]) -> None:
        """Remember the versions, by model id, of models that were gone and had to be made once more."""

    def apply_later(self, project: Project, wanted: Wanted, problem: str, *, not_before: dt.datetime) -> None: ...

    def apply_failed(
        self, project: Project, wanted: Wanted, problem: str, *, instead: Sequence[ConceptThreshold], now: dt.datetime
    ) -> None:
        """Clarifai will not take it: the channel is told; the old thresholds stay in force, or `instead` is wanted."""

    def previous(self, project_id: str, revision: int) -> int:
        """The newest revision before `revision` that Clarifai did not refuse; 0 when there is none."""


_SHORT_RANGE = re.compile(r"(?P<low>\.\d+)\.\.(?P<high>\.\d.*)")  # .2...9 is from .2 to .9
_RANGE = re.compile(r"^(?P<low>.+?)\s*(?:\.\.\.?|\u2026|\u2013|\u2014)\s*(?P<high>.+)$")
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb", "''" + 5 * '"')
_QUOTE = re.compile(r"""(?<!\w)['"]+|['"]+(?!\w)""")  # around words, not within: driver's stays
_VERBS = {"off": ConceptThreshold.switched_off, "on": ConceptThreshold.switched_on}
_SHARES = {"target": with_target, "checks": with_checks}


def read_change(text: str, cuts: Sequence[ConceptThreshold], names: Mapping[str, str]) -> Change:
    """Read `people 0.9`, `people 0.2..0.9`, `people off`, `all on`; `names` are the concepts' names by id.

    Raises:
        Refused: with what is wrong and an example of what is right; nothing was changed.
    """
    name, value = _split(_bare(html.unescape(text)), names)
    chosen = list(cuts) if name.casefold() == "all" else [_of(name, cuts, names)]
    change = _changer(value)
    changed = {c.concept_id: change(c) for c in chosen}
    new = tuple(changed.get(c.concept_id, c) for c in cuts)
    lines = lines_of(cuts, new, names)
    if not lines:
        stands = (
            f"{described(chosen[0])}, target {share_shown(chosen[0].target)}, checks {share_shown(chosen[0].checks)}"
        )
        raise Refused(f"{name} is at {stands} already. Nothing was changed.")
    return Change(new, lines)


def read_preview(
    text: str, cuts: Sequence[ConceptThreshold], names: Mapping[str, str]
) -> tuple[ConceptThreshold, ConceptThreshold]:
    """Read what somebody wants to see before they change it: one concept's cuts now, and as they would be.

    Raises:
        Refused: with what is wrong and an example of what is right.
    """
    name, value = _split(_bare(html.unescape(text)), names)
    if name.casefold() == "all" or value in _VERBS or value.partition(" ")[0] in _SHARES:
        raise Refused(f"A preview is of one concept's value, for example: preview {next(iter(names.values()))} 0.8")
    old = _of(name, cuts, names)
    return old, _changer(value)(old)


def concept_named(text: str, cuts: Sequence[ConceptThreshold], names: Mapping[str, str]) -> ConceptThreshold:
    """Return the cuts of the concept that `text` names.

    Raises:
        Refused: there is none, with the nearest one.
    """
    return _of(_bare(html.unescape(text)), cuts, names)


def _split(text: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Tell the name from the value: names may have blanks, with or without quotes."""
    folded, known = text.casefold(), [*names.values(), "all"]
    for name in sorted(known, key=len, reverse=True):
        start = f"{_bare(name).casefold()} "
        if folded.startswith(start):
            return name, folded.removeprefix(start)
    name, _, value = text.partition(" ")
    if name.casefold() in _SHARES:
        raise Refused(f"Name the concept first, for example: {known[0]} {name.casefold()} {value or '95%'}")
    name = next((n for n in known if _bare(n).casefold() == folded), name)
    if not value or name in known:
        raise Refused(f"Say what “{name}” should be, for example: {name} 0.9   {name} 0.2..0.9   {name} off")
    return name, value.casefold()


def _bare(text: str) -> str:
    """Leave out quotes of any kind around words, and doubled blanks."""
    return " ".join(_QUOTE.sub("", text.translate(_STRAIGHT)).split())


def _of(name: str, cuts: Sequence[ConceptThreshold], names: Mapping[str, str]) -> ConceptThreshold:
    by_id = {cut.concept_id: cut for cut in cuts}
    by_name = {names[cut.concept_id].casefold(): cut for cut in cuts}
    found = by_name.get(name.casefold()) or by_id.get(name.casefold())
    if found:
        return found
    known = {n.casefold(): n for n in names.values()}
    near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
    hint = f" Did you mean {known[near[0]]}?" if near else ""
    raise Refused(f"“{name}” is not a concept of this project.{hint} Its concepts: {', '.join(names.values())}.")


def _changer(value: str) -> Callable[[ConceptThreshold], ConceptThreshold]:
    verb = _VERBS.get(value)
    if verb:
        return verb
    what, _, share = value.partition(" ")
    if what in _SHARES:
        if not share:
            raise Refused(f"Say which share, for example: {what} {'95%' if what == 'target' else '10%'}")
        wanted, with_share = read_number(share), _SHARES[what]
        return lambda cut: with_share(cut, wanted)
    ranged = _SHORT_RANGE.fullmatch(value) or _RANGE.match(value)
    if ranged:
        low, high = read_number(ranged["low"]), read_number(ranged["high"])
        return lambda cut: with_cuts(cut, high, low)
    accept = read_number(value)
    return lambda cut: with_cuts(cut, accept)


def described(cut: ConceptThreshold) -> str:
    """Write both cuts for people: "accept 0.95, floor 0.20"."""
    return f"accept {shown(cut.accept)}, floor {shown(cut.floor)}"


def lines_of(
    old: Sequence[ConceptThreshold], new: Sequence[ConceptThreshold], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what changes, one line per concept that does; both are in the same order."""
    return tuple(_line(before, after, names) for before, after in zip(old, new, strict=True) if before != after)


def _line(old: ConceptThreshold, new: ConceptThreshold, names: Mapping[str, str]) -> str:
    parts = []
    if old.accept != new.accept:
        parts.append(f"accept {shown(old.accept)} → {shown(new.accept)}")
    if old.floor != new.floor:
        parts.append(f"floor {shown(old.floor)} → {shown(new.floor)}")
    if old.target != new.target:
        parts.append(f"target {share_shown(old.target)} → {share_shown(new.target)}")
    if old.checks != new.checks:
        parts.append(f"checks {share_shown(old.checks)} → {share_shown(new.checks)}")
    off = " (nothing is accepted automatically)" if new.is_off else ""
    return f"{names[new.concept_id]}: {', '.join(parts)}{off}"


def ask_for(
    store: CutStore, project: Project, change: Change, *, by: str, at: dt.datetime, undoes: int | None = None
) -> None:
    """Store the next revision after the one in `project`; nothing if exactly that is wanted already.

    So whoever typed a line that was delivered twice hears that it is saved, whichever of the two is answered.

    Raises:
        Refused: somebody else stored another one meanwhile.
    """
    if store.want(project, change, by=by, at=at, undoes=undoes) is not None:
        return
    newest = store.set_up(project.id).project.revision
    if tuple(store.cuts(project.id, newest)) != change.cuts:
        raise Refused(TAKEN_OVER)


def undo_change(store: CutStore, project: Project, names: Mapping[str, str], revision: int) -> Change:
    """Go back to the cuts before `revision`, which must be the newest (0 means the newest).

    Raises:
        Refused: there is nothing to undo, or somebody changed the thresholds since.
    """
    if revision not in {0, project.revision}:
        raise Refused("The thresholds were changed again since. Undo the newest change instead: undo")
    if project.revision <= 1:
        raise Refused("The thresholds are those of the set-up. There is nothing to undo.")
    old = store.cuts(project.id, project.revision)
    before = {c.concept_id: c for c in store.cuts(project.id, store.previous(project.id, project.revision))}
    new = tuple(before.get(c.concept_id, c) for c in old)  # concepts that came or went since are left alone
    lines = lines_of(old, new, names)
    if not lines:
        raise Refused("The newest change was one of concepts. Take it back with `concepts add` or `concepts remove`.")
    return Change(new, lines)
