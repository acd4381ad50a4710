"""Annotations as the team sees them: statuses, suggestions, regions, and the snapshot that *Undo* restores."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class AnnotationStatus(StrEnum):
    """The three statuses the team speaks of; every other one of Clarifai's is OTHER and left alone."""

    SUCCESS = "success"
    PENDING = "pending"
    REJECTED = "rejected"  # ANNOTATION_REVIEW_DENIED (24158) on the wire
    OTHER = "other"


@dataclass(frozen=True)
class Suggestion:
    """One concept of an annotation with the model's value in [0, 1], float32 on the wire."""

    concept_id: str
    value: float
    name: str = ""


@dataclass(frozen=True)
class Region:
    """A box on the picture, in shares of its height and width; `raw` is the platform's own form."""

    top: float
    left: float
    bottom: float
    right: float
    raw: str = ""


@dataclass(frozen=True)
class Annotation:
    """What Clarifai holds about one input. `modified_at` is Clarifai's clock and serves as its version."""

    id: str
    input_id: str
    user_id: str
    status: AnnotationStatus
    suggestions: tuple[Suggestion, ...]
    modified_at: datetime
    created_at: datetime
    region: Region | None = None
    info: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LabelState:
    """What an annotation says: status, concepts with explicit values, region. It is what is written and restored."""

    status: AnnotationStatus
    suggestions: tuple[Suggestion, ...]
    region: Region | None = None

    @classmethod
    def of(cls, annotation: Annotation) -> Self:
        return cls(annotation.status, annotation.suggestions, annotation.region)

    def to_json(self) -> dict[str, Any]:
        region = self.region
        return {
            "status": self.status.value,
            "concepts": [{"id": s.concept_id, "value": s.value, "name": s.name} for s in self.suggestions],
            "region": region
            and {
                "top": region.top,
                "left": region.left,
                "bottom": region.bottom,
                "right": region.right,
                "raw": region.raw,
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        concepts = tuple(Suggestion(c["id"], c["value"], c["name"]) for c in stored["concepts"])
        region = Region(**stored["region"]) if stored["region"] else None
        return cls(AnnotationStatus(stored["status"]), concepts, region)
