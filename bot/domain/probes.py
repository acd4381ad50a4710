"""Inputs that are also read below the floor, and the annotation that brings what lay there to people."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.annotations import AnnotationStatus, LabelState, Suggestion
from bot.domain.blueprint import WRITER_MARK
from bot.domain.thresholds import NO_FLOOR, accepts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.domain.annotations import Annotation


@dataclass(frozen=True)
class ProbedValue:
    """What the model said about one concept of a probed input; 0 where it did not name it. `floor` was in force."""

    concept_id: str
    value: float
    floor: float
    ledger_id: int

    @property
    def is_dropped(self) -> bool:
        """Whether the workflow writes nothing of it; compared in float32, as it is there."""
        return not accepts(self.value, self.floor)


def probed_values(
    said: Iterable[Suggestion], floors: Mapping[str, float], ledger_ids: Mapping[str, int]
) -> tuple[ProbedValue, ...]:
    """Put down a value for every concept with a floor and a ledger, also for those that the model does not name."""
    values = {s.concept_id: s.value for s in said if math.isfinite(s.value)}
    return tuple(
        ProbedValue(concept_id, values.get(concept_id, 0.0), floor, ledger_ids[concept_id])
        for concept_id, floor in floors.items()
        if concept_id in ledger_ids
    )


def below_the_floor(values: Sequence[ProbedValue], asked: Collection[str]) -> LabelState | None:
    """Return what a writer would have written of the dropped concepts, without those `asked` already; None for nothing.

    A concept that the model did not name gets the smallest value there is: on the wire 0 is a negative label.
    """
    dropped = [v for v in values if v.is_dropped and v.concept_id not in asked]
    suggestions = tuple(Suggestion(v.concept_id, max(NO_FLOOR, v.value)) for v in dropped)
    return LabelState(AnnotationStatus.PENDING, suggestions) if suggestions else None


def probe_id(input_id: str) -> str:
    """Return the id of the annotation of a probed input, always the same, so that a repeat is no second one."""
    return f"pr{hashlib.sha256(f'probe {input_id}'.encode()).hexdigest()[:30]}"


def probe_info() -> dict[str, Any]:
    """Return what stands in `annotation_info`: the mark of our writers, and what sets it apart from theirs."""
    return {"written_by": WRITER_MARK, "probe": True}


def is_probe(annotation: Annotation) -> bool:
    """Say whether an annotation is of this kind, also where the platform drops what we note beside it."""
    return annotation.id == probe_id(annotation.input_id) or bool(annotation.info.get("probe"))
