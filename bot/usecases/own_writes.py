"""A write of ours is known again, also one that was sent late by a process that was paused and never recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.annotations import LabelState
from bot.domain.customs import as_taken, same_labels
from bot.domain.reviews import Verdict, what_verdicts_write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.annotations import Annotation
    from bot.domain.projects import Project


def says_ours(project: Project, there: Annotation) -> bool:
    """Say whether an annotation carries what this project writes beside its labels."""
    return there.info.get("project") == project.id and isinstance(there.info.get("write"), (int, float))


def is_ours(project: Project, snapshot: LabelState, there: Annotation) -> bool:
    """Say whether an annotation stands as a process of ours wrote it, however old the decisions that it carried over.

    It says so, and its labels are what the verdicts it names write: somebody else's change leaves our words beside
    labels that are not ours.
    """
    if not says_ours(project, there):
        return False
    written = _written(there.info, snapshot)
    return written is not None and same_labels(LabelState.of(there), as_taken(written, snapshot, project.customs))


def _written(info: Mapping[str, Any], snapshot: LabelState) -> LabelState | None:
    """Return what the verdicts named in `info` write (the snapshot while one is missing); None if it says nothing."""
    try:
        verdicts = {said["concept"]: Verdict(said["verdict"]) for said in info["decisions"]}
        confirmed = {said["concept"] for said in info["decisions"] if said.get("rejected_first_by")}
        applied = set(info.get("applied") or ())
        missing = info["model_values"].keys() - verdicts.keys() - applied
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if missing:
        return snapshot
    return what_verdicts_write(snapshot, verdicts, applied=applied, confirmed=confirmed) or snapshot
